/** Finds another file of `dist/`: beside the running bundle, or in `dist/` of the checkout that the sources run from. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** Absolute path; null when it is nowhere above `from`, the `import.meta.url` of the caller. */
export function bundleBeside(file: string, from: string): string | null {
  for (let folder = dirname(fileURLToPath(from)); ; folder = dirname(folder)) {
    const found = [join(folder, file), join(folder, "dist", file)].find((path) => existsSync(path));
    if (found !== undefined) return found;
    if (dirname(folder) === folder) return null;
  }
}
