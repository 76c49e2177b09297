/** A path as a person would type it. */
import { isAbsolute, relative } from "node:path";

/** Relative to the working directory where that is shorter, else as it is; with forward slashes. */
export function displayPath(path: string): string {
  const fromHere = isAbsolute(path) ? relative(process.cwd(), path) : path;
  return (fromHere.length > 0 && fromHere.length < path.length ? fromHere : path).replaceAll("\\", "/");
}
