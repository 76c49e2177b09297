/** `fetch` on a real machine, and what it says when it is done. */
import { type Fetched, fetchModel } from "../commands/fetch.ts";
import { displayPath } from "../platform/display-path.ts";
import { terminalText } from "../report/escape/terminal-text.ts";
import type { Verbs } from "./program.ts";
import { onStage, type StageStreams } from "./stage.ts";

export function fetchVerb(streams: StageStreams): Verbs["fetch"] {
  const { out, env } = streams;
  return ({ suite, model, revision, which }, global) =>
    onStage(streams, global, async ({ bench, progress }) => {
      const named = model === null ? null : { name: model, revision };
      const fetched = await fetchModel({ suitePath: suite, model: named, which, env }, bench);
      progress.finish();
      out.write(fetchedText(fetched));
      return 0;
    });
}

/** Lines that end in `\n`. */
function fetchedText(fetched: Fetched): string {
  if (fetched.kind === "nothing") return `Nothing to fetch. ${terminalText(fetched.why)}\n`;
  const { name, revision, folder, files, bytes, fetchedBytes } = fetched;
  const now = fetchedBytes === 0 ? "all of it was there" : `${mebibytes(fetchedBytes)} fetched now`;
  return `${terminalText(name)} at ${revision}
  ${files} ${files === 1 ? "file" : "files"}, ${mebibytes(bytes)}, every digest as the hub lists it; ${now}
  ${terminalText(displayPath(folder))}
`;
}

const mebibytes = (bytes: number) => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
