/** Where the program of the scripted engine is: beside the running bundle, or in `dist/` of the checkout it runs from. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleMissing } from "../../messages/engines-script.ts";
import { GateError } from "../../model/problem.ts";

const file = "scripted-engine.mjs";

/** Absolute path. Throws GateError (`engines/bundle-missing`). */
export function scriptedBundle(): string {
  for (let folder = dirname(fileURLToPath(import.meta.url)); ; folder = dirname(folder)) {
    const found = [join(folder, file), join(folder, "dist", file)].find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (dirname(folder) === folder) throw new GateError([bundleMissing({ file })]);
  }
}
