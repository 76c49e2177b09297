/** Files that the suite's engine options name (weights, adapters, projectors, templates): their content shapes outputs as the model's does. */
import { stat } from "node:fs/promises";
import { resolve } from "node:path";
import type { Fact } from "../model/fingerprint.ts";
import type { EngineSpec } from "../model/suite.ts";
import { type ModelFilesOptions, modelFileFacts } from "./model-files.ts";

/** Options that may name a folder; of any other option only a file is taken. */
const folderOptions = new Set(["model", "model-path", "tokenizer", "tokenizer-path"]);

/** `engine.file.<option>.<name>`, the digest of each file; a value that names no file on this machine is no file. Throws GateError. */
export async function engineFileFacts(
  { args }: Pick<EngineSpec, "args">,
  folder: string,
  options: ModelFilesOptions,
): Promise<readonly Fact[]> {
  const facts: Fact[] = [];
  for (const [name, value] of Object.entries(args)) {
    const option = name.replace(/^-+/, "").replaceAll("_", "-");
    for (const text of [value].flat()) {
      if (typeof text !== "string" || text === "" || text.includes("\0")) continue;
      const path = resolve(folder, text);
      const found = await stat(path).catch(() => null);
      if (!found?.isFile() && !(found?.isDirectory() && folderOptions.has(option))) continue;
      for (const fact of await modelFileFacts(path, options)) {
        const file = /^model\.file\.([\s\S]+)$/.exec(fact.key)?.[1];
        if (file !== undefined) facts.push({ ...fact, key: `engine.file.${option}.${file}` });
      }
    }
  }
  return facts;
}
