/** A tokenizer of another repository than the model's, as files of this machine, resolved before anything is launched. */
import { tokenizerNotCached } from "../messages/hub.ts";
import { preludeEngines } from "../model/determinism.ts";
import { GateError } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import { isPathText, tokenizerOption } from "../model/tokenizer-option.ts";
import { displayPath } from "../platform/display-path.ts";
import { isCommit } from "./cache-layout.ts";
import { cachedSnapshot } from "./cached-snapshot.ts";

/**
 * The suite with the tokenizer's path in place of its name and revision; one whose tokenizer is the model's own, or a path, as it is. A
 * name without a commit is left for the engine to refuse. Throws GateError that names what is missing and how to fetch it.
 */
export async function withTokenizerFiles(suite: Suite, cacheFolder: string): Promise<Suite> {
  const { engine } = suite;
  const { tokenizer: name, revision, others } = tokenizerOption(engine.args);
  if (!preludeEngines.includes(engine.name) || suite.runtime === "attached") return suite;
  if (name === null || isPathText(name) || revision === null || !isCommit(revision)) return suite;
  const found = await cachedSnapshot(cacheFolder, name, revision, "any files");
  if (found.kind === "found") return { ...suite, engine: { ...engine, args: { ...others, tokenizer: found.folder } } };
  const missing = found.kind === "incomplete" ? found.missing : [];
  throw new GateError([
    tokenizerNotCached({ name, revision, location: engine.source, cacheFolder: displayPath(cacheFolder), missing }),
  ]);
}
