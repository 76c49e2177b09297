/** Finds the programs that run beside an engine, from the sources as well as from the bundle. */
import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { demoNoDriver } from "../messages/demo.ts";
import { GateError } from "../model/problem.ts";

/** Absolute path of a file in `drivers/`, which stands beside `dist/` and `src/`. Throws GateError when it is not there. */
export function driverPath(name: string, from: string = fileURLToPath(import.meta.url)): string {
  const searched: string[] = [];
  let folder = dirname(from);
  for (let level = 0; level < 3; level += 1) {
    const path = join(folder, "drivers", name);
    if (existsSync(path)) return path;
    searched.push(path);
    folder = dirname(folder);
  }
  throw new GateError([demoNoDriver({ searched })]);
}
