/** The command that a suite gives, as the first words of a launch. */
import { resolve } from "node:path";

/** Null when the suite gives none. A program with a slash in its name is looked up from the suite's folder; the command also runs there. */
export function commandWords(command: readonly string[] | null, folder: string): readonly [string, ...string[]] | null {
  const [program, ...rest] = command ?? [];
  if (program === undefined) return null;
  return [program.includes("/") ? resolve(folder, program) : program, ...rest];
}
