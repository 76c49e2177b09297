/** The demo's own stand-in for llama.cpp's server among the drivers. */
import { demoNoDriver } from "../messages/demo.ts";
import { GateError } from "../model/problem.ts";
import { findDriver } from "../platform/drivers-folder.ts";

/** Absolute path of a file in `drivers/`. Throws GateError when it is not there. */
export function driverPath(name: string, from?: string): string {
  const driver = findDriver(name, from);
  if (driver.kind === "missing") throw new GateError([demoNoDriver({ searched: driver.searched })]);
  return driver.path;
}
