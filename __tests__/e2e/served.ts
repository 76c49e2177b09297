/** Starts the demo's server program directly, for tests of the program itself. */
import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { createInterface } from "node:readline";
import type { RealParts } from "../../src/demo/real-parts.ts";
import { freePort } from "../../src/platform/ports.ts";

export interface Served {
  post(path: string, body: unknown): Promise<Record<string, unknown>>;
  /** Sends the signal and resolves with how the program ended. */
  end(signal: NodeJS.Signals): Promise<{ readonly code: number | null; readonly signal: NodeJS.Signals | null }>;
}

const baseEnv = { PATH: process.env.PATH ?? "" };

/** Resolves when the program says that it listens; rejects with its log when it ends before. */
export async function serve(parts: RealParts, modelPath: string, options: readonly string[] = []): Promise<Served> {
  const own = options.indexOf("--port");
  const port = own === -1 ? await freePort() : Number(options[own + 1]);
  const [program, ...words] = parts.serverCommand;
  const fixed = ["--ctx-size", "1024", "--threads", "1", "--parallel", "1", "--no-cache-prompt", "--no-warmup"];
  const argv = [...words, "--model", modelPath, "--port", String(port), ...fixed, ...options];
  const child = spawn(program, argv, { env: { ...baseEnv, ...parts.env }, stdio: ["ignore", "ignore", "pipe"] });
  await listening(child);
  return {
    post: async (path, body) => {
      const answer = await fetch(`http://127.0.0.1:${port}${path}`, { method: "POST", body: JSON.stringify(body) });
      return JSON.parse(await answer.text());
    },
    end: (signal) =>
      new Promise((resolve) => {
        child.once("exit", (code, endedBy) => resolve({ code, signal: endedBy }));
        child.kill(signal);
      }),
  };
}

function listening(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    const lines: string[] = [];
    if (child.stderr === null) throw new Error("no stderr");
    createInterface({ input: child.stderr }).on("line", (line) => {
      lines.push(line);
      // llama.cpp writes a line in parts, from a thread of its own: this one may stand behind the start of another.
      if (line.includes("llama_server.py: listening on ")) resolve();
    });
    child.once("exit", () => reject(new Error(lines.join("\n"))));
  });
}

/** Runs the program with options that it should refuse, to its end. */
export function refused(
  parts: RealParts,
  options: readonly string[],
  env: { readonly [name: string]: string } = {},
): { readonly code: number | null; readonly lines: readonly string[] } {
  const [program, ...words] = parts.serverCommand;
  const done = spawnSync(program, [...words, ...options], {
    env: { ...baseEnv, ...parts.env, ...env },
    encoding: "utf8",
  });
  return { code: done.status, lines: done.stderr.trim().split("\n") };
}
