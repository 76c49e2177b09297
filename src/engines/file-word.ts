/** A value of an option that names a file or folder of the host. */
import { resolve } from "node:path";
import type { LaunchWord } from "../model/launch-plan.ts";

/** A file where the text, or what follows `name=` in it, begins with `/`, `./` or `../`; any other text as it is. Relative to `folder`. */
export function fileWord(text: string, folder: string): LaunchWord {
  const [, prefix, path] = /^([^/=]*=)?(\.{0,2}\/.*)$/s.exec(text) ?? [];
  if (path === undefined) return text;
  return { hostPath: resolve(folder, path), ...(prefix === undefined ? {} : { prefix }) };
}
