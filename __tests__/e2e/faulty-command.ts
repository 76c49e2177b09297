/** docker or podman on a PATH of its own, with a fault that a test plants. */
import { chmodSync, copyFileSync, mkdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import type { ContainerRuntimeName } from "../../src/model/suite.ts";
import { findProgram } from "../../src/runtimes/find-program.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { program } from "../fixtures/programs.ts";

export interface FaultyCommand {
  /** PATH on which the faulty command is found first. */
  readonly path: string;
  /** See `container-command.sh`; null for none. */
  plant(fault: string | null): void;
  /** Resolves when no call is under way any more but the one that is attached to a container. */
  settled(): Promise<void>;
}

export async function faultyCommand(runtime: ContainerRuntimeName, folder: string): Promise<FaultyCommand> {
  const path = process.env.PATH ?? "";
  const real = await findProgram(runtime, "/", path);
  if (real.kind !== "found") throw new Error(`no ${runtime}`);
  mkdirSync(folder, { recursive: true });
  copyFileSync(program("container-command.sh"), join(folder, runtime));
  chmodSync(join(folder, runtime), 0o755);
  symlinkSync(real.path, join(folder, "real"));
  const fault = join(folder, "fault");
  return {
    path: [folder, path].join(delimiter),
    plant: (text) => (text === null ? rmSync(fault, { force: true }) : writeFileSync(fault, text)),
    async settled() {
      const isBusy = () => markedProcesses(`${folder}/`).some((line) => !line.includes(" start --attach "));
      while (isBusy()) await new Promise((resolve) => setTimeout(resolve, 50));
    },
  };
}
