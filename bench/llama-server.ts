/** The real llama.cpp server with the small real model, for as long as a benchmark needs it. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { cacheFolder } from "../src/demo/cache-folder.ts";
import { realParts } from "../src/demo/real-parts.ts";
import { freePort } from "../src/platform/ports.ts";

const patienceMs = 60_000;

/** Starts the server, hands its address to `work` and stops it in every path. Throws when it is not ready within a minute. */
export async function withLlamaServer<T>(
  say: (line: string) => void,
  work: (baseUrl: string) => Promise<T>,
): Promise<T> {
  const parts = await realParts({
    cache: cacheFolder(process.env),
    platform: `${process.platform}-${process.arch}`,
    env: process.env,
    signal: new AbortController().signal,
    onProgress: say,
  });
  const port = await freePort();
  const [program, ...words] = parts.serverCommand;
  const fixed = ["--ctx-size", "1024", "--threads", "2", "--parallel", "1", "--no-cache-prompt", "--seed", "0"];
  const argv = [...words, "--model", parts.modelPath, ...fixed, "--host", "127.0.0.1", "--port", String(port)];
  const server = spawn(program, argv, { env: { ...process.env, ...parts.env }, stdio: "ignore" });
  const ended = once(server, "exit");
  try {
    const baseUrl = `http://127.0.0.1:${port}`;
    await ready(baseUrl, () => server.exitCode !== null);
    return await work(baseUrl);
  } finally {
    server.kill("SIGKILL");
    await ended;
  }
}

async function ready(baseUrl: string, isOver: () => boolean): Promise<void> {
  const until = performance.now() + patienceMs;
  while (performance.now() < until && !isOver()) {
    const answer = await fetch(`${baseUrl}/health`).catch(() => null);
    if (answer?.status === 200) return;
    await pause(50);
  }
  throw new Error("the server did not become ready");
}
