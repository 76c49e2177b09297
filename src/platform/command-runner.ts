/** Short-lived commands as a port: run one, wait for its end or a time limit, and have its output as text. */
import { spawn } from "node:child_process";

export interface CommandResult {
  readonly stdout: string;
  readonly stderr: string;
  /** Exit code; null when the command did not end by itself. */
  readonly code: number | null;
  /** Why there is no exit code: no such program, time over, more than 16 MiB of output, or ended by a signal; else null. */
  readonly failure: "missing" | "timeout" | "too-much-output" | "signal" | null;
}

export interface CommandRunner {
  /** Runs `argv` without a shell and without stdin, in English (`LC_ALL=C`). Never rejects: every failure is in the result. */
  run(argv: readonly [string, ...string[]], timeoutMs: number): Promise<CommandResult>;
}

const maxOutputBytes = 16 << 20;

export const nodeCommandRunner: CommandRunner = {
  run: ([program, ...words], timeoutMs) =>
    new Promise((resolve) => {
      const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
      let bytes = 0;
      const child = spawn(program, words, {
        // A process group of its own, so that a time-out ends the children of a wrapper script too.
        detached: true,
        env: { ...process.env, LC_ALL: "C" },
        stdio: ["ignore", "pipe", "pipe"],
      });
      const finish = (code: number | null, failure: CommandResult["failure"]) => {
        clearTimeout(timer);
        const text = (of: readonly Buffer[]) => Buffer.concat(of).toString("utf8");
        resolve({ stdout: text(chunks.stdout), stderr: text(chunks.stderr), code, failure });
      };
      // A command stuck in the kernel does not die even of SIGKILL: the result must not wait for its end.
      const abandon = (failure: CommandResult["failure"]) => {
        killGroup(child.pid);
        child.stdout.destroy();
        child.stderr.destroy();
        child.unref();
        finish(null, failure);
      };
      const timer = setTimeout(() => abandon("timeout"), timeoutMs);
      for (const stream of ["stdout", "stderr"] as const) {
        child[stream].on("data", (chunk: Buffer) => {
          bytes += chunk.length;
          if (bytes > maxOutputBytes) abandon("too-much-output");
          else chunks[stream].push(chunk);
        });
      }
      child.on("error", () => finish(null, "missing"));
      child.on("close", (code) => finish(code, code === null ? "signal" : null));
    }),
};

function killGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // It has ended meanwhile.
  }
}
