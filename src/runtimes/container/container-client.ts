/** Calls of the docker or podman command, each with a time limit; what they print is parsed, never believed. */
import { userInfo } from "node:os";
import { z } from "zod";
import {
  containerCommandMissing,
  containerEngineDown,
  containerNoAnswer,
  containerNoPermission,
} from "../../messages/runtimes-container.ts";
import { GateError, type Problem } from "../../model/problem.ts";
import type { ContainerRuntimeName } from "../../model/suite.ts";
import type { CommandResult, CommandRunner } from "../../platform/command-runner.ts";
import { type InspectedContainer, type InspectedImage, inspectedContainer, inspectedImage } from "./inspected.ts";

/** For calls that only ask. */
export const askLimitMs = 10_000;
/** For calls that make or remove something. */
export const changeLimitMs = 60_000;

export interface ContainerClient {
  readonly runtime: ContainerRuntimeName;
  /** The command: a name on PATH, or a path. */
  readonly program: string;
  /** Throws GateError when there is no such command or no answer in time; any exit code is a result. */
  call(args: readonly string[], limitMs: number): Promise<CommandResult>;
  /** Null when there is none of this name. Throws GateError when the engine does not answer. */
  container(name: string): Promise<InspectedContainer | null>;
  image(word: string): Promise<InspectedImage | null>;
}

export function containerClient(
  runtime: ContainerRuntimeName,
  runner: CommandRunner,
  program: string = runtime,
): ContainerClient {
  const call = async (args: readonly string[], limitMs: number): Promise<CommandResult> => {
    const result = await runner.run([program, ...args], limitMs);
    const command = [runtime, ...args.slice(0, 2).filter((word) => !word.startsWith("-"))].join(" ");
    if (result.failure === "missing") throw new GateError([containerCommandMissing({ tool: runtime })]);
    if (result.failure === "timeout") throw new GateError([containerNoAnswer({ command, limitMs })]);
    return result;
  };
  const inspect = async <Item>(kind: "container" | "image", name: string, schema: z.ZodType<Item>) => {
    const result = await call([kind, "inspect", name], askLimitMs);
    if (result.code !== 0) {
      const problem = engineProblem(runtime, result);
      if (problem !== null) throw new GateError([problem]);
      return null;
    }
    return z.tuple([schema]).rest(z.unknown()).parse(JSON.parse(result.stdout))[0];
  };
  return {
    runtime,
    program,
    call,
    container: (name) => inspect("container", name, inspectedContainer),
    image: (word) => inspect("image", word, inspectedImage),
  };
}

// Of one sentence only: `docker info` prints it inside of everything else that it knows.
const noPermission = /[^\n"]*(?:permission denied while trying to connect|connect: permission denied)[^\n"]*/i;
const isDown =
  /[^\n"]*(?:cannot connect to the docker daemon|failed to connect to the docker API|cannot connect to podman|error during connect)[^\n"]*/i;

/** Why no call can succeed, when what a call said tells that; else null. */
export function engineProblem(
  tool: ContainerRuntimeName,
  said: Pick<CommandResult, "stdout" | "stderr">,
): Problem | null {
  const text = `${said.stderr}\n${said.stdout}`;
  const denied = noPermission.exec(text)?.[0];
  if (denied !== undefined) return containerNoPermission({ tool, user: userName(), output: denied });
  const down = isDown.exec(text)?.[0];
  return down === undefined ? null : containerEngineDown({ tool, output: down });
}

function userName(): string {
  try {
    return userInfo().username;
  } catch {
    // An account without an entry in the user database, as in some containers.
    return String(process.getuid?.() ?? "unknown");
  }
}
