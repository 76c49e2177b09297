/** The process runtime: the contract of all runtimes, the conversation over stdio, and what is special to local programs. */
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { commandWords } from "../../src/engines/command-words.ts";
import type { LaunchPlan, RunningEngine } from "../../src/model/launch-plan.ts";
import { GateError } from "../../src/model/problem.ts";
import { createProcessRuntime } from "../../src/runtimes/process-runtime.ts";
import { describeOwningRuntime, describeRuntime, problemOf, quiet } from "../contracts/runtime-contract.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { program } from "../fixtures/programs.ts";

async function processFixture() {
  const folder = await mkdtemp(join(tmpdir(), "gate-process-"));
  const marker = randomUUID();
  const base = {
    env: {},
    workingDirectory: folder,
    startupTimeoutMs: 20_000,
    stopTimeoutMs: 300,
    hints: ["a hint of the plan"],
    attachedUrl: null,
  };
  return {
    folder,
    runtime: createProcessRuntime(() => join(folder, "state")),
    upMs: 600,
    plan: async (...behaviours: readonly string[]): Promise<LaunchPlan> => ({
      ...base,
      argv: [
        process.execPath,
        { hostPath: program("http-engine.mjs") },
        { slot: "host" },
        { slot: "port" },
        marker,
        ...behaviours,
      ],
      transport: "http",
      readiness: [{ kind: "http", path: "/health", status: 200 }],
    }),
    stdioPlan: (...behaviours: readonly string[]): LaunchPlan => ({
      ...base,
      argv: [process.execPath, { hostPath: program("stdio-engine.mjs") }, marker, ...behaviours],
      transport: "stdio",
      readiness: [{ kind: "message", type: "ready" }],
    }),
    leftovers: () => markedProcesses(marker),
    close: () => rm(folder, { recursive: true, force: true }),
  };
}

describeRuntime("process", processFixture);
describeOwningRuntime("process", processFixture);

let fixture: Awaited<ReturnType<typeof processFixture>>;
beforeEach(async () => {
  fixture = await processFixture();
});
afterEach(async () => {
  expect(fixture.leftovers()).toEqual([]);
  await fixture.close();
});

function conversation(engine: RunningEngine) {
  if (engine.endpoint.kind !== "stdio") throw new Error("not a stdio endpoint");
  return engine.endpoint;
}

describe("over stdin and stdout", () => {
  test("the ready message that was waited for is still the first line", async () => {
    const engine = await fixture.runtime.start(fixture.stdioPlan(), quiet);
    const { lines, send } = conversation(engine);
    const seen: unknown[] = [];
    await send("one");
    for await (const line of lines) {
      seen.push(JSON.parse(line));
      if (seen.length === 2) break;
    }
    await send("zwei – 二");
    for await (const line of lines) {
      seen.push(JSON.parse(line));
      break;
    }
    await engine.stop();
    expect(seen).toEqual([
      { type: "ready", protocol: 1 },
      { type: "echo", line: "one" },
      { type: "echo", line: "zwei – 二" },
    ]);
    expect(engine.logTail()).toEqual(["a log line"]);
  });

  test("lines end when the engine ends, and what cannot be sent is told", async () => {
    const engine = await fixture.runtime.start(fixture.stdioPlan(), quiet);
    const { lines, send } = conversation(engine);
    await send("die");
    const seen: string[] = [];
    for await (const line of lines) seen.push(line);
    expect(seen).toHaveLength(1);
    await expect(engine.exited).resolves.toEqual({ code: 3, signal: null });
    const problem = await problemOf(send("anybody?"));
    expect(problem.code).toBe("runtimes/input-closed");
    expect(problem.evidence).toEqual(["a log line"]);
    await engine.stop();
  });

  test("an engine that is not read from is held back, not buffered without end, and can be stopped", async () => {
    const engine = await fixture.runtime.start(fixture.stdioPlan(), quiet);
    const { send } = conversation(engine);
    const line = "x".repeat(1 << 20);
    const sent = Promise.allSettled(Array.from({ length: 20 }, () => send(line)));
    await engine.stop();
    const outcomes = await sent;
    expect(outcomes.filter(({ status }) => status === "rejected").length).toBeGreaterThan(0);
  });

  test("a first line that is no message is shown", async () => {
    const problem = await problemOf(fixture.runtime.start(fixture.stdioPlan("chatter"), quiet));
    expect(problem.code).toBe("runtimes/unexpected-first-line");
    expect(problem.title).toContain('"Loading shards: 100%"');
    expect(problem.evidence).toEqual(["a log line"]);
  });

  test.each([
    { behaviour: "silent", seen: "no line on stdout" },
    { behaviour: "close-stdout", seen: "stdout closed without a line" },
  ])("an engine that is $behaviour is given up", async ({ behaviour, seen }) => {
    const plan = { ...fixture.stdioPlan(behaviour), startupTimeoutMs: 600 };
    const problem = await problemOf(fixture.runtime.start(plan, quiet));
    expect(problem.code).toBe("runtimes/not-ready");
    expect(problem.found).toContain(seen);
  });
});

describe("readiness", () => {
  test("a log line can be waited for, beside an http answer", async () => {
    const plan = await fixture.plan();
    const both = [...plan.readiness, { kind: "log", contains: "engine listening" } as const];
    const engine = await fixture.runtime.start({ ...plan, readiness: both }, quiet);
    await engine.stop();
    expect(engine.logTail()).toEqual(["engine listening"]);
  });

  test("a log line that never comes is named", async () => {
    const plan = await fixture.plan();
    const never = { ...plan, readiness: [{ kind: "log", contains: "never said" } as const], startupTimeoutMs: 600 };
    const problem = await problemOf(fixture.runtime.start(never, quiet));
    expect(problem.expected).toBe('a log line with "never said"');
    expect(problem.evidence).toEqual(["engine listening"]);
  });
});

describe("before anything runs", () => {
  test("a missing program, file and folder are told together", async () => {
    const plan: LaunchPlan = {
      ...(await fixture.plan()),
      argv: ["no-such-program-of-ours", { hostPath: "/no/such/model.gguf", prefix: "--model=" }, { slot: "port" }],
      workingDirectory: join(fixture.folder, "nowhere"),
    };
    const error = await fixture.runtime.start(plan, quiet).catch((reason: unknown) => reason);
    expect(error).toBeInstanceOf(GateError);
    if (!(error instanceof GateError)) return;
    expect(error.problems.map(({ code }) => code)).toEqual([
      "runtimes/working-folder-missing",
      "runtimes/program-not-found",
      "runtimes/host-path-missing",
    ]);
    expect(error.problems[1]?.help).toContain("a hint of the plan");
  });

  test.each([
    ["~/venv/bin/python", true],
    ["~me/venv/bin/python", true],
    ["venv~/bin/python", false],
    ["bin/py~thon", false],
  ])(
    "a program %j that is not there: whether it is told that no shell expands a home is %s",
    async (written, isTold) => {
      const [word] = commandWords([written], fixture.folder) ?? [""];
      const plan: LaunchPlan = { ...(await fixture.plan()), argv: [word, { slot: "port" }] };
      const { code, help } = await problemOf(fixture.runtime.start(plan, quiet));
      expect(code).toBe("runtimes/program-not-found");
      expect(help.some((one) => one.startsWith("`~` is not expanded"))).toBe(isTold);
    },
  );

  test("a file without permission to execute is told", async () => {
    const path = join(fixture.folder, "engine");
    await writeFile(path, "#!/bin/sh\n", { mode: 0o644 });
    const plan: LaunchPlan = { ...(await fixture.plan()), argv: [path, { slot: "port" }] };
    expect((await problemOf(fixture.runtime.start(plan, quiet))).code).toBe("runtimes/program-not-executable");
  });

  test("a script whose interpreter is missing is refused, and no record stays", async () => {
    const path = join(fixture.folder, "engine");
    await writeFile(path, "#!/no/such/interpreter\n");
    await chmod(path, 0o755);
    const plan: LaunchPlan = { ...(await fixture.plan()), argv: ["./engine", { slot: "port" }] };
    const problem = await problemOf(fixture.runtime.start(plan, quiet));
    expect(problem.code).toBe("runtimes/spawn-failed");
    expect(problem.found).toContain("ENOENT");
    expect(await readdir(join(fixture.folder, "state", "launches"))).toEqual([]);
  });

  test("a state folder that cannot be written stops the start", async () => {
    await writeFile(join(fixture.folder, "state"), "a file where the folder should be");
    const problem = await problemOf(fixture.runtime.start(await fixture.plan(), quiet));
    expect(problem.code).toBe("runtimes/state-folder");
    expect(problem.help.join("\n")).toContain("INFERENCE_GATE_STATE");
  });
});

test("a port that somebody else took meanwhile is told", async () => {
  const plan = await fixture.plan();
  const other = createServer((_, response) => response.writeHead(503).end()).listen(0, "127.0.0.1");
  await once(other, "listening");
  const address = other.address();
  const taken = address !== null && typeof address === "object" ? String(address.port) : "";
  // The engine is given a port of its own choice that is already taken, and the free one as a word it ignores.
  const [node, script] = plan.argv;
  const problem = await problemOf(
    fixture.runtime.start(
      { ...plan, argv: [node, script ?? "", { slot: "host" }, taken, "marker", { slot: "port" }] },
      quiet,
    ),
  );
  other.close();
  expect(problem.code).toBe("runtimes/port-taken");
  expect(problem.evidence.join("\n")).toContain("EADDRINUSE");
});

test("an answer from somebody else on the engine's port is not taken for the engine's", async () => {
  const stranger = createServer((_, response) => response.end());
  const onLogLine = (line: string) => void stranger.listen(Number(line.replace("port ", "")), "127.0.0.1");
  const plan = await fixture.plan("tell-port");
  const problem = await problemOf(fixture.runtime.start(plan, { ...quiet, onLogLine }));
  stranger.close();
  expect(problem.code).toBe("runtimes/port-taken");
  expect(problem.found).toContain("an answer from a process that is not");
});

test("the record is there while the engine runs and gone after it; the whole log stays", async () => {
  const launches = join(fixture.folder, "state", "launches");
  const engine = await fixture.runtime.start(await fixture.plan("noise"), quiet);
  const fact = (key: string) => engine.facts.find((known) => known.key === key)?.value;
  expect(await readdir(launches)).toEqual([`${fact("launch.id")}.json`]);
  const record = JSON.parse(await readFile(join(launches, `${fact("launch.id")}.json`), "utf8"));
  expect(record).toMatchObject({ owner: { pid: process.pid }, leader: { pid: fact("launch.pid") } });
  await engine.stop();
  expect(await readdir(launches)).toEqual([]);
  const log = await readFile(String(fact("launch.log")), "utf8");
  expect(log.split("\n").filter((line) => line.startsWith("noise "))).toHaveLength(100_000);
});

test("the command line among the facts is the same for each launch and holds no secret", async () => {
  const plan = await fixture.plan();
  const secret: LaunchPlan = { ...plan, argv: [...plan.argv, "--api-key", "hunter2", "--hf-token=hunter2"] };
  const facts = [];
  for (const _ of [1, 2]) {
    const engine = await fixture.runtime.start(secret, quiet);
    facts.push(engine.facts.filter(({ key }) => key.startsWith("runtime.")));
    await engine.stop();
  }
  expect(facts[0]).toEqual(facts[1]);
  expect(JSON.stringify(facts)).not.toContain("hunter2");
  expect(JSON.stringify(facts)).toContain("<port>");
});

test("a folder that is not there for the program is no crash", async () => {
  await mkdir(join(fixture.folder, "engine"));
  const plan: LaunchPlan = { ...(await fixture.plan()), argv: ["./engine", { slot: "port" }] };
  expect((await problemOf(fixture.runtime.start(plan, quiet))).code).toBe("runtimes/program-not-executable");
});
