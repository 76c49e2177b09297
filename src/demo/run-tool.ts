/** Runs a foreign program to its end and returns what came of it, whatever that is. */
import { spawn } from "node:child_process";
import { createLogTail } from "../platform/log-tail.ts";

export interface ToolResult {
  /** Whether it was found and ended with 0. */
  readonly succeeded: boolean;
  /** Whether there was such a program. */
  readonly found: boolean;
  readonly stdout: string;
  /** At most the last 50 lines of both outputs; hostile text. */
  readonly lastLines: readonly string[];
}

export interface ToolOptions {
  /** The whole environment; programs are looked up on its PATH. */
  readonly env: NodeJS.ProcessEnv;
  /** Aborting it ends the program. */
  readonly signal: AbortSignal;
}

/** Runs without a terminal and without input. Rejects only with the signal's reason. */
export function runTool(argv: readonly [string, ...string[]], options: ToolOptions): Promise<ToolResult> {
  const [program, ...args] = argv;
  return new Promise((resolve, reject) => {
    if (options.signal.aborted) {
      reject(options.signal.reason);
      return;
    }
    const child = spawn(program, args, { env: options.env, stdio: ["ignore", "pipe", "pipe"] });
    const stdout: Buffer[] = [];
    const tail = createLogTail(() => {});
    const [output, errors] = [tail.source(), tail.source()];
    const onAbort = () => child.kill("SIGTERM");
    options.signal.addEventListener("abort", onAbort, { once: true });
    child.stdout.on("data", (chunk: Buffer) => {
      stdout.push(chunk);
      output.write(chunk);
    });
    child.stderr.on("data", (chunk: Buffer) => errors.write(chunk));
    const finish = (result: Pick<ToolResult, "succeeded" | "found">) => {
      options.signal.removeEventListener("abort", onAbort);
      if (options.signal.aborted) {
        reject(options.signal.reason);
        return;
      }
      output.end();
      errors.end();
      const lastLines = tail.lines().filter((line) => line.trim() !== "");
      resolve({ ...result, stdout: Buffer.concat(stdout).toString("utf8"), lastLines });
    };
    child.on("error", (error) => {
      errors.write(Buffer.from(`${error.message}\n`));
      finish({ succeeded: false, found: !("code" in error && error.code === "ENOENT") });
    });
    child.on("close", (code) => finish({ succeeded: code === 0, found: true }));
  });
}
