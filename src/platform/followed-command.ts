/** A command whose output is followed line by line while it runs, until its end, a time limit or an abort. */
import { spawn } from "node:child_process";
import { systemClock } from "./clock.ts";
import type { CommandResult } from "./command-runner.ts";
import { createLogTail } from "./log-tail.ts";

export interface FollowOptions {
  readonly timeoutMs: number;
  readonly signal: AbortSignal;
  /** A line of either output as it appears; hostile text. */
  readonly onLine: (line: string) => void;
}

export interface FollowedResult extends Pick<CommandResult, "code" | "failure"> {
  /** At most the last 50 lines of both outputs. */
  readonly lastLines: readonly string[];
}

/** Runs `argv` without a shell and without stdin, in English. Rejects only with the signal's reason, once the command has been ended. */
export async function followCommand(
  [program, ...words]: readonly [string, ...string[]],
  { timeoutMs, signal, onLine }: FollowOptions,
): Promise<FollowedResult> {
  signal.throwIfAborted();
  const tail = createLogTail(onLine);
  const over = new AbortController();
  const child = spawn(program, words, {
    detached: true,
    env: { ...process.env, LC_ALL: "C" },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const sources = [child.stdout, child.stderr].map((stream) => {
    const source = tail.source();
    stream.on("data", (chunk: Buffer) => source.write(chunk));
    return source;
  });
  const ended = new Promise<Pick<FollowedResult, "code" | "failure">>((resolve) => {
    child.once("error", () => resolve({ code: null, failure: "missing" }));
    child.once("close", (code) => resolve({ code, failure: code === null ? "signal" : null }));
  });
  const late = systemClock.sleep(timeoutMs, AbortSignal.any([signal, over.signal])).then(
    () => ({ code: null, failure: "timeout" }) as const,
    () => ({ code: null, failure: "signal" }) as const,
  );
  const result = await Promise.race([ended, late]);
  over.abort();
  if (child.exitCode === null && child.pid !== undefined) endGroup(child.pid);
  // What does not end even then must not hold us.
  for (const stream of [child.stdout, child.stderr]) stream.destroy();
  child.unref();
  signal.throwIfAborted();
  for (const source of sources) source.end();
  return { ...result, lastLines: tail.lines().filter((line) => line.trim() !== "") };
}

function endGroup(pid: number): void {
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
