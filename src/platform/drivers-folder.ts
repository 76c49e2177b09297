/** Finds the programs that run beside an engine, from the sources as well as from the bundle. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

export type FoundDriver =
  | { readonly kind: "found"; readonly path: string }
  | { readonly kind: "missing"; readonly searched: readonly string[] };

/** A file or folder in `drivers/`, which stands beside `dist/` and `src/`. */
export function findDriver(name: string, from: string = fileURLToPath(import.meta.url)): FoundDriver {
  const searched: string[] = [];
  let folder = dirname(from);
  for (let level = 0; level < 3; level += 1) {
    const path = join(folder, "drivers", name);
    if (existsSync(path)) return { kind: "found", path };
    searched.push(path);
    folder = dirname(folder);
  }
  return { kind: "missing", searched };
}
