/** `init`: writes a starter suite, its prompts and a workflow; all new or nothing. */
import { join } from "node:path";
import { wouldOverwrite } from "../messages/commands.ts";
import { GateError } from "../model/problem.ts";
import { starterFiles } from "../suite/starter.ts";
import type { Workbench } from "./workbench.ts";

export interface InitOptions {
  /** Root of the repository. */
  readonly root: string;
  /** Folder of the suite, relative to the root. */
  readonly folder: string;
  readonly engine: "llama-cpp" | "openai";
  readonly name: string;
}

/** Paths written, relative to the root. Throws GateError, with nothing written, when any of them exists. */
export async function init(options: InitOptions, bench: Pick<Workbench, "files">): Promise<readonly string[]> {
  const { folder, engine, name } = options;
  const starter = starterFiles({ suiteName: name, folder, engine });
  const taken: string[] = [];
  for (const { path } of starter) if (await bench.files.exists(join(options.root, path))) taken.push(path);
  if (taken.length > 0) throw new GateError([wouldOverwrite({ files: taken })]);
  for (const { path, text } of starter) await bench.files.writeAtomic(join(options.root, path), text);
  return starter.map(({ path }) => path);
}
