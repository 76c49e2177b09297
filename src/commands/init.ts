/** `init`: writes a starter suite, its prompts and a workflow; all new or nothing. */
import { isAbsolute, join, normalize } from "node:path";
import { badOption, wouldOverwrite } from "../messages/commands.ts";
import { GateError } from "../model/problem.ts";
import { starterFiles } from "../suite/starter.ts";
import type { StarterEngine } from "../suite/starter-engines.ts";
import type { Workbench } from "./workbench.ts";

export { type StarterEngine, starterEngineNames } from "../suite/starter-engines.ts";

export interface InitOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Folder of the suite, relative to the root. */
  readonly folder: string;
  readonly engine: StarterEngine;
  readonly name: string;
}

/** Paths written, relative to the root, the suite first. Throws GateError, with nothing written, when any exists or the folder is elsewhere. */
export async function init(options: InitOptions, bench: Pick<Workbench, "files">): Promise<readonly string[]> {
  const { folder, engine, name } = options;
  if (isAbsolute(folder) || /^\.\.(?:[/\\]|$)/.test(normalize(folder))) {
    const expected = "a folder of this repository, relative to where init runs";
    throw new GateError([badOption({ option: "--folder", found: folder, expected })]);
  }
  const starter = starterFiles({ suiteName: name, folder, engine });
  const taken: string[] = [];
  for (const { path } of starter) if (await bench.files.exists(join(options.root, path))) taken.push(path);
  if (taken.length > 0) throw new GateError([wouldOverwrite({ files: taken })]);
  for (const { path, text } of starter) await bench.files.writeAtomic(join(options.root, path), text);
  return starter.map(({ path }) => path);
}
