import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import { command } from "../../src/engines/command/command.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { createScripted } from "../../src/engines/scripted/scripted.ts";
import type { RunningEngine } from "../../src/model/launch-plan.ts";
import type { Suite } from "../../src/model/suite.ts";
import { createProcessRuntime } from "../../src/runtimes/process-runtime.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { buildProgram } from "./build-program.ts";
import { requestOf, samplingOf, suiteOf } from "./sample-suite.ts";

let folder = "";
let bundle = "";
const running: RunningEngine[] = [];
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "scripted-"));
  bundle = buildProgram(folder);
});
afterEach(async () => {
  for (const one of running.splice(0)) await one.stop();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function launch(engine: Engine, suite: Suite) {
  const runtime = createProcessRuntime(() => join(folder, "state"));
  const started = await runtime.start(engine.plan(suite), {
    signal: new AbortController().signal,
    onLogLine: () => {},
  });
  running.push(started);
  return engine.open(started, suite);
}

async function scriptedSuite(script: string, args: { readonly [name: string]: string } = {}): Promise<Suite> {
  await writeFile(join(folder, "answers.yml"), script);
  return suiteOf({ name: "scripted", args: { script: "answers.yml", ...args } }, { folder });
}

const scripted = createScripted(() => bundle);

describe("the scripted engine", () => {
  test("answers otherwise on the second call and on the second launch", async () => {
    const suite = await scriptedSuite(
      "version: 1\ncases: { sea: { text: first, on_call: { 2: { text: second } }, on_launch: { 2: { text: other launch } } } }\n",
      { launch_counter: "launches" },
    );
    const texts: string[] = [];
    for (const calls of [3, 1]) {
      const session = await launch(scripted, suite);
      for (let call = 0; call < calls; call += 1)
        texts.push((await session.complete(requestOf(), () => "continue")).text);
    }
    expect(texts).toEqual(["first", "second", "first", "other launch"]);
    expect(await readFile(join(folder, "launches"), "utf8")).toBe("2\n");
  });

  test("needs a counter for what depends on the launch", async () => {
    const suite = await scriptedSuite("version: 1\ndefault: { text: a, on_launch: { 2: { text: b } } }\n");
    expect((await problemsOf(async () => scripted.plan(suite))).map(({ code }) => code)).toEqual([
      "engines/script-needs-counter",
    ]);
  });

  test("a mistake in the script is told by the plan, with its place", async () => {
    const suite = await scriptedSuite("version: 1\ndefault:\n  stall_at: soon\n");
    const problems = await problemsOf(async () => scripted.plan(suite));
    expect(problems.map(({ code, location }) => [code, location?.line, location?.column])).toEqual([
      ["engines/script-invalid", 3, 3],
    ]);
    expect(problems[0]?.location?.file).toMatch(/answers\.yml$/);
  });

  test("fails to start as the script says, with its last words", async () => {
    const suite = await scriptedSuite("version: 1\nstart: { slow_ms: 1, fail: { exit_code: 4, stderr: [no GPU] } }\n");
    const problems = await problemsOf(() => launch(scripted, suite));
    expect(problems.map(({ code }) => code)).toEqual(["runtimes/exited-early"]);
    expect(problems[0]?.evidence).toContain("no GPU");
  });

  test("tells the facts of the script, and a case without an answer fails", async () => {
    const session = await launch(
      scripted,
      await scriptedSuite("version: 1\nstart: { version: v9, facts: { model.weights: abc } }\n"),
    );
    expect((await session.describe()).map(({ key, value }) => [key, value])).toEqual([
      ["engine.name", "scripted"],
      ["engine.version", "v9"],
      ["model.weights", "abc"],
    ]);
    expect((await problemsOf(() => session.complete(requestOf(), () => "continue"))).map(({ code }) => code)).toEqual([
      "engines/program-failed",
    ]);
  });
});

test("the Python program of docs/engine-protocol.md works", async () => {
  const docs = await readFile("docs/engine-protocol.md", "utf8");
  const program = /```python\n([\s\S]*?)```/.exec(docs)?.[1] ?? "";
  await writeFile(join(folder, "reverser.py"), program);
  const session = await launch(command, suiteOf({ name: "command", command: ["python3", "reverser.py"] }, { folder }));
  const ask = (text: string, maxTokens: number) =>
    session.complete(
      requestOf(samplingOf({ max_tokens: maxTokens }), { prompt: { kind: "text", text }, needsTokenIds: false }),
      () => "continue",
    );
  expect((await ask("one two thrée", 2)).text).toBe("thrée two ");
  expect((await ask("a b", 9)).text).toBe("b a ");
  expect((await session.describe()).map(({ value }) => value)).toEqual(["reverser", "1.0", "none"]);
  const refused = requestOf(samplingOf(), { prompt: { kind: "tokens", tokenIds: [1] } });
  expect((await problemsOf(() => session.complete(refused, () => "continue"))).map(({ code }) => code)).toEqual([
    "engines/program-failed",
  ]);
  await session.close();
});
