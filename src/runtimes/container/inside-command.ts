/** The program of a plan as the image knows it. Pure. */
import { posix } from "node:path";
import type { InspectedImage } from "./inspected.ts";
import type { InsideWords } from "./mounts.ts";

/** A bare name that is also that of the image's own entry point means that program, wherever the image keeps it. */
export function inspectedWords(
  { words, mounts }: InsideWords,
  { Config }: Pick<InspectedImage, "Config">,
): InsideWords {
  const [program, ...args] = words;
  const [entry] = Config.Entrypoint;
  const isSame = entry?.startsWith("/") === true && !program.includes("/") && posix.basename(entry) === program;
  return isSame ? { words: [entry, ...args], mounts } : { words, mounts };
}
