/** The two ends of a conversation over an engine's stdin and stdout. */
import type { Writable } from "node:stream";
import { inputClosed } from "../messages/runtimes.ts";
import type { EngineEndpoint } from "../model/launch-plan.ts";
import { GateError } from "../model/problem.ts";

/** `send` throws GateError (`runtimes/input-closed`) when the engine no longer reads. */
export function stdioEndpoint(
  input: Writable,
  lines: AsyncIterable<string>,
  logTail: () => readonly string[],
): EngineEndpoint {
  const send = (line: string) =>
    new Promise<void>((resolve, reject) => {
      input.write(`${line}\n`, (error) => {
        if (error === null || error === undefined) resolve();
        else reject(new GateError([inputClosed({ reason: error.message, logTail: logTail() })], { cause: error }));
      });
    });
  return { kind: "stdio", lines, send };
}
