/** A real gate process with a real engine that forks and ignores SIGTERM, ended in every way there is: nothing may be left. */
import { type ChildProcess, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { build } from "esbuild";
import { lastResort, withShutdown } from "../../src/platform/shutdown.ts";
import { createProcessRuntime } from "../../src/runtimes/process-runtime.ts";
import { quiet } from "../contracts/runtime-contract.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { program } from "../fixtures/programs.ts";

let bundles: string;
let folder: string;
let marker: string;
let owner: Owner | null = null;

interface Owner {
  readonly process: ChildProcess;
  /** Resolves with the next line that contains the text; rejects at the end of the output. */
  until(text: string): Promise<string>;
  readonly ended: Promise<{ code: number | null; signal: string | null; said: readonly string[] }>;
}

beforeAll(async () => {
  bundles = await mkdtemp(join(tmpdir(), "gate-owner-"));
  await build({
    entryPoints: [program("gate-owner.ts")],
    outfile: join(bundles, "gate-owner.mjs"),
    bundle: true,
    platform: "node",
    format: "esm",
    target: "node20",
    logLevel: "warning",
  });
});
afterAll(() => rm(bundles, { recursive: true, force: true }));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gate-state-"));
  marker = randomUUID();
});
afterEach(async () => {
  owner?.process.kill("SIGKILL");
  await owner?.ended;
  owner = null;
  await createProcessRuntime(() => folder).sweep();
  expect(markedProcesses(marker)).toEqual([]);
  await rm(folder, { recursive: true, force: true });
});

function gate(mode: string): Owner {
  const args = [join(bundles, "gate-owner.mjs"), program("http-engine.mjs"), folder, marker, mode];
  const child = spawn(process.execPath, args, { stdio: ["ignore", "pipe", "pipe"] });
  const lines = createInterface({ input: child.stdout });
  const said: string[] = [];
  let errors = "";
  child.stderr.on("data", (chunk) => {
    errors += chunk;
  });
  lines.on("line", (line) => said.push(line));
  const closed = once(child, "close");
  owner = {
    process: child,
    until: (text) =>
      new Promise((resolve, reject) => {
        const earlier = said.find((line) => line.includes(text));
        if (earlier !== undefined) resolve(earlier);
        lines.on("line", (line) => line.includes(text) && resolve(line));
        lines.once("close", () => reject(new Error(`ended without ${text}: ${said.join("; ")} ${errors}`)));
      }),
    ended: closed.then(() => ({ code: child.exitCode, signal: child.signalCode, said })),
  };
  return owner;
}

const records = () => readdir(join(folder, "launches"));

describe("a signal", () => {
  test.each([
    { signal: "SIGINT", code: 130 },
    { signal: "SIGTERM", code: 143 },
    { signal: "SIGHUP", code: 129 },
  ] as const)("$signal lets the work unwind and leaves nothing", async ({ signal, code }) => {
    const running = gate("calm");
    await running.until("engine started");
    expect(markedProcesses(marker).length).toBeGreaterThanOrEqual(5);
    running.process.kill(signal);
    const ended = await running.ended;
    expect(ended).toMatchObject({ code, signal: null, said: ["engine started", "unwinding", "engine stopped"] });
    expect(markedProcesses(marker)).toEqual([]);
    expect(await records()).toEqual([]);
  });

  test("SIGINT during the start of the engine leaves nothing", async () => {
    const running = gate("starting");
    await running.until("engine listening");
    running.process.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: 130 });
    expect(markedProcesses(marker)).toEqual([]);
    expect(await records()).toEqual([]);
  });

  test("a second SIGINT ends it at once and leaves nothing", async () => {
    const running = gate("patient");
    await running.until("engine started");
    running.process.kill("SIGINT");
    await running.until("unwinding");
    running.process.kill("SIGINT");
    expect(await running.ended).toMatchObject({ code: null, signal: "SIGINT", said: ["engine started", "unwinding"] });
    expect(markedProcesses(marker)).toEqual([]);
  });

  test("work that does not unwind in time is cut off, and nothing is left", async () => {
    const running = gate("stuck");
    await running.until("engine started");
    running.process.kill("SIGTERM");
    expect(await running.ended).toMatchObject({ code: 143 });
    expect(markedProcesses(marker)).toEqual([]);
  });
});

describe("without any signal", () => {
  const listeners = () => ["SIGINT", "SIGTERM", "SIGHUP", "exit"].map((name) => process.listenerCount(name));

  test("the result or failure of the work comes through and no listener stays", async () => {
    const before = listeners();
    await expect(withShutdown(async (signal) => signal.aborted)).resolves.toBe(false);
    await expect(withShutdown(() => Promise.reject(new Error("planted")))).rejects.toThrow("planted");
    const takeBack = lastResort(() => {});
    expect(listeners()).not.toEqual(before);
    takeBack();
    expect(listeners()).toEqual(before);
  });
});

describe("an end without a signal", () => {
  test.each([
    { mode: "exit", code: 12 },
    { mode: "throw", code: 1 },
    { mode: "reject", code: 1 },
  ])("by $mode leaves nothing", async ({ mode, code }) => {
    expect(await gate(mode).ended).toMatchObject({ code, signal: null });
    expect(markedProcesses(marker)).toEqual([]);
  });
});

describe("after SIGKILL", () => {
  test("the next sweep ends what was left, and only that", async () => {
    const runtime = createProcessRuntime(() => folder);
    const killed = gate("calm");
    await killed.until("engine started");
    const other = randomUUID();
    const ours = await runtime.start(
      {
        argv: [process.execPath, program("http-engine.mjs"), { slot: "host" }, { slot: "port" }, other],
        env: {},
        workingDirectory: folder,
        transport: "http",
        readiness: [{ kind: "http", path: "/health", status: 200 }],
        startupTimeoutMs: 20_000,
        stopTimeoutMs: 300,
        hints: [],
        attachedUrl: null,
      },
      quiet,
    );
    try {
      expect(await runtime.sweep()).toEqual([]);
      killed.process.kill("SIGKILL");
      await killed.ended;
      expect(markedProcesses(marker).length).toBeGreaterThanOrEqual(4);
      expect(await records()).toHaveLength(2);
      const [swept] = await runtime.sweep();
      expect(swept).toContain("left by an inference-gate that was killed");
      expect(markedProcesses(marker)).toEqual([]);
      expect(markedProcesses(other)).toHaveLength(1);
      expect(await records()).toHaveLength(1);
    } finally {
      await ours.stop();
    }
  });

  test("two sweeps at once are harmless", async () => {
    const killed = gate("calm");
    await killed.until("engine started");
    killed.process.kill("SIGKILL");
    await killed.ended;
    const swept = await Promise.all([1, 2].map(() => createProcessRuntime(() => folder).sweep()));
    expect(swept.flat().length).toBeGreaterThanOrEqual(1);
    expect(markedProcesses(marker)).toEqual([]);
    expect(await records()).toEqual([]);
  });
});
