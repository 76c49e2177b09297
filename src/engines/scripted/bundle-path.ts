/** Where the program of the scripted engine is. */
import { bundleMissing } from "../../messages/engines-script.ts";
import { GateError } from "../../model/problem.ts";
import { bundleBeside } from "../../platform/bundle-beside.ts";

const file = "scripted-engine.mjs";

/** Absolute path. Throws GateError (`engines/bundle-missing`). */
export function scriptedBundle(): string {
  const found = bundleBeside(file, import.meta.url);
  if (found === null) throw new GateError([bundleMissing({ file })]);
  return found;
}
