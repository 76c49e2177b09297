/** What every runtime promises, run against real engines; a new runtime joins with a fixture of its own. */
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import type { LaunchPlan, RunningEngine } from "../../src/model/launch-plan.ts";
import { GateError, type Problem } from "../../src/model/problem.ts";
import type { ContainerStart, Runtime, StartOptions } from "../../src/runtimes/runtime.ts";

/** What the engine of `__tests__/fixtures/programs/http-engine.mjs` can be told to do. */
export type Behaviour =
  | "ignore-sigterm"
  | "fork"
  | "fork-hidden"
  | "noise"
  | "bad-utf8"
  | "endless-line"
  | "fail"
  | "killed"
  | "exit-127"
  | "never-ready"
  | "mute";

export interface RuntimeFixture {
  readonly runtime: Runtime;
  /** For a runtime with containers. */
  readonly container?: ContainerStart;
  /** In which an engine is surely up on a busy machine, though not ready. */
  readonly upMs: number;
  /** A plan that runs the fixture engine so; ready when `GET /health` answers 200. */
  plan(...behaviours: readonly Behaviour[]): Promise<LaunchPlan>;
  /** Whatever of the engines of this fixture still runs. */
  leftovers(): readonly string[];
  close(): Promise<void>;
}

export const quiet: StartOptions = { signal: new AbortController().signal, onLogLine: () => {} };

/** The problem with which the work fails; fails the test when it does not. */
export async function problemOf(work: Promise<unknown>): Promise<Problem> {
  const error = await work.then(
    () => new Error("it succeeded"),
    (reason: unknown) => reason,
  );
  if (!(error instanceof GateError) || error.problems[0] === undefined) throw error;
  return error.problems[0];
}

/** How the engines of the fixture are started. */
const optionsOf = ({ container }: RuntimeFixture): StartOptions =>
  container === undefined ? quiet : { ...quiet, container };

function withFixture(makeFixture: () => Promise<RuntimeFixture>): () => RuntimeFixture {
  let fixture: RuntimeFixture | null = null;
  beforeEach(async () => {
    fixture = await makeFixture();
  });
  afterEach(async () => {
    await fixture?.close();
  });
  return () => {
    if (fixture === null) throw new Error("no fixture");
    return fixture;
  };
}

function urlOf(engine: RunningEngine): string {
  if (engine.endpoint.kind !== "http") throw new Error("not an http endpoint");
  return engine.endpoint.baseUrl;
}

/** Promises of every runtime, those included that only attach. */
export function describeRuntime(name: string, makeFixture: () => Promise<RuntimeFixture>): void {
  describe(`runtime ${name}`, () => {
    const fixture = withFixture(makeFixture);

    test("is available and has its own name", async () => {
      expect(fixture().runtime.name).toBe(name);
      expect(await fixture().runtime.available()).toEqual({ available: true });
    });

    test("hands over an engine that answers, with sorted facts", async () => {
      const engine = await fixture().runtime.start(await fixture().plan(), optionsOf(fixture()));
      expect((await fetch(`${urlOf(engine)}/health`)).status).toBe(200);
      const keys = engine.facts.map(({ key }) => key);
      expect(keys).toEqual([...new Set(keys)].sort());
      expect(engine.facts).toContainEqual({ key: "runtime.name", value: name, source: expect.any(String) });
      await engine.stop();
      await engine.stop();
    });

    test.each(["never-ready", "mute"] as const)("gives up on an engine that is %s", async (behaviour) => {
      const plan = { ...(await fixture().plan(behaviour)), startupTimeoutMs: fixture().upMs };
      const problem = await problemOf(fixture().runtime.start(plan, optionsOf(fixture())));
      expect(problem.verdict).toBe("error");
      expect(problem.title).toContain(`${fixture().upMs / 1000} s`);
      expect(problem.expected).toContain("GET /health to answer 200");
      expect(problem.found).toContain(behaviour === "mute" ? "GET /health failed" : "GET /health answered 503");
      expect(problem.help).toContain("a hint of the plan");
    });

    test("an abort during the start ends it with the reason of the abort", async () => {
      const abort = new AbortController();
      const reason = new Error("enough");
      const starting = fixture().runtime.start(await fixture().plan("never-ready"), {
        ...optionsOf(fixture()),
        signal: abort.signal,
      });
      setImmediate(() => abort.abort(reason));
      await expect(starting).rejects.toBe(reason);
    });

    test("an abort before the start starts nothing", async () => {
      const reason = new Error("enough");
      const starting = fixture().runtime.start(await fixture().plan(), {
        ...optionsOf(fixture()),
        signal: AbortSignal.abort(reason),
      });
      await expect(starting).rejects.toBe(reason);
    });
  });
}

/** Promises of the runtimes that start the engine themselves. */
export function describeOwningRuntime(name: string, makeFixture: () => Promise<RuntimeFixture>): void {
  describe(`runtime ${name} owns what it starts`, () => {
    const fixture = withFixture(makeFixture);
    afterEach(() => {
      expect(fixture().leftovers()).toEqual([]);
    });

    test("a start that fails shows the last 50 log lines, the exit and what to try", async () => {
      const problem = await problemOf(fixture().runtime.start(await fixture().plan("fail"), optionsOf(fixture())));
      expect(problem.code).toBe("runtimes/exited-early");
      expect(problem.title).toContain("exit code 7");
      expect(problem.evidence).toEqual(Array.from({ length: 50 }, (_, index) => `line ${index + 11}`));
      expect(problem.help).toContain("a hint of the plan");
    });

    test.each([
      { behaviour: "killed", says: "SIGKILL", advice: "out-of-memory" },
      { behaviour: "exit-127", says: "exit code 127 (command not found)", advice: "install it" },
    ] as const)("an engine that is $behaviour at its start is explained", async ({ behaviour, says, advice }) => {
      const problem = await problemOf(fixture().runtime.start(await fixture().plan(behaviour), optionsOf(fixture())));
      expect(problem.title).toContain(says);
      expect(problem.help.join("\n")).toContain(advice);
    });

    test.each([
      { behaviours: ["fork"], atLeast: 4, signal: "SIGTERM" },
      { behaviours: ["ignore-sigterm"], atLeast: 1, signal: "SIGKILL" },
      { behaviours: ["fork", "fork-hidden", "ignore-sigterm"], atLeast: 5, signal: "SIGKILL" },
    ] as const)("nothing is left of an engine with $behaviours", async ({ behaviours, atLeast, signal }) => {
      const engine = await fixture().runtime.start(await fixture().plan(...behaviours), optionsOf(fixture()));
      expect(fixture().leftovers().length).toBeGreaterThanOrEqual(atLeast);
      await engine.stop();
      expect(fixture().leftovers()).toEqual([]);
      await expect(engine.exited).resolves.toEqual({ code: null, signal });
    });

    test("nothing is left of a failed start of an engine that forks", async () => {
      await problemOf(fixture().runtime.start(await fixture().plan("fork", "fail"), optionsOf(fixture())));
      expect(fixture().leftovers()).toEqual([]);
    });

    test("nothing is left after an abort during the start of an engine that forks", async () => {
      const abort = new AbortController();
      const onLogLine = () => abort.abort(new Error("enough"));
      const plan = await fixture().plan("fork", "ignore-sigterm", "never-ready");
      await expect(
        fixture().runtime.start(plan, { ...optionsOf(fixture()), signal: abort.signal, onLogLine }),
      ).rejects.toThrow("enough");
      expect(fixture().leftovers()).toEqual([]);
    });

    test.each([
      { path: "/die", exit: { code: 9, signal: null } },
      { path: "/crash", exit: { code: null, signal: "SIGSEGV" } },
    ])("an engine that dies later by $path is told by exited", async ({ path, exit }) => {
      const engine = await fixture().runtime.start(await fixture().plan(), optionsOf(fixture()));
      await expect(fetch(urlOf(engine) + path)).rejects.toThrow();
      await expect(engine.exited).resolves.toEqual(exit);
      await engine.stop();
    });

    test("100,000 lines of log are told one by one and the last 50 are kept", async () => {
      const seen: string[] = [];
      const options = { ...optionsOf(fixture()), onLogLine: (line: string) => void seen.push(line) };
      const engine = await fixture().runtime.start(await fixture().plan("noise"), options);
      await engine.stop();
      const noise = seen.filter((line) => line.startsWith("noise "));
      expect(noise).toEqual(Array.from({ length: 100_000 }, (_, index) => `noise ${index + 1}`));
      expect(engine.logTail()).toHaveLength(50);
    });

    test("invalid UTF-8 and endless lines in the log are shown as well as they can be", async () => {
      const engine = await fixture().runtime.start(
        await fixture().plan("bad-utf8", "endless-line"),
        optionsOf(fixture()),
      );
      await engine.stop();
      // A container runtime may have written lines of its own beside them.
      expect(engine.logTail()).toContain("a\uFFFD\uFFFDb\uFFFD");
      const endless = engine.logTail().find((line) => line.startsWith("xxx")) ?? "";
      expect(endless).toHaveLength(4096);
      expect(endless.endsWith("(cut)")).toBe(true);
    });

    test("a runner's tokens and settings do not reach the engine, what the suite gives does", async () => {
      process.env.GITHUB_TOKEN = "a secret";
      process.env.INPUT_SECRET = "a secret";
      const plan = await fixture().plan();
      const engine = await fixture().runtime.start(
        { ...plan, env: { ...plan.env, GIVEN: "by the suite" } },
        optionsOf(fixture()),
      );
      const environment = await (await fetch(`${urlOf(engine)}/environment`)).text();
      await engine.stop();
      delete process.env.GITHUB_TOKEN;
      delete process.env.INPUT_SECRET;
      expect(environment).not.toContain("a secret");
      expect(JSON.parse(environment)).toMatchObject({ GIVEN: "by the suite" });
    });

    test("a sweep leaves a running engine of a living gate alone", async () => {
      const engine = await fixture().runtime.start(await fixture().plan(), optionsOf(fixture()));
      expect(await fixture().runtime.sweep()).toEqual([]);
      expect((await fetch(`${urlOf(engine)}/health`)).status).toBe(200);
      await engine.stop();
    });
  });
}
