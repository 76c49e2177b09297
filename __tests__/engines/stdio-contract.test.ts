import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import { command } from "../../src/engines/command/command.ts";
import type { Engine } from "../../src/engines/engine.ts";
import { createScripted } from "../../src/engines/scripted/scripted.ts";
import type { Suite } from "../../src/model/suite.ts";
import { createProcessRuntime } from "../../src/runtimes/process-runtime.ts";
import { type Behaviour, describeEngine, type StartedEngine } from "../contracts/engine-contract.ts";
import { buildProgram } from "./build-program.ts";
import { suiteOf } from "./sample-suite.ts";

let folder = "";
let bundle = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "engines-"));
  bundle = buildProgram(folder);
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const generate = { generate: { tokens: 24 } };
const scripts: { readonly [Name in Behaviour]: object } = {
  honest: { default: { ...generate, delay_ms: 1 } },
  "one byte at a time": { default: { ...generate, delay_ms: 1 } },
  error: { default: { ...generate, fail: "no GPU" } },
  silent: { default: { ...generate, stall_at: 0 } },
  "half a message": { default: { ...generate, malformed_at: { token: 1 } } },
  "dies at token 7": { default: { ...generate, crash_at: { token: 7, signal: "SIGKILL" } } },
  "without ids": { default: { ...generate, token_ids: false } },
  "another model": { default: generate, start: { protocol: 2 } },
  empty: { default: { text: "" } },
};

const codes = {
  error: "engines/program-failed",
  silent: "replay/stalled",
  "half a message": "engines/malformed-line",
  "dies at token 7": "engines/died",
  "without ids": "replay/missing-token-ids",
  "another model": "engines/protocol-version",
  empty: "replay/empty-completion",
};

async function start(
  engine: Engine,
  behaviour: Behaviour,
  suiteWith: (script: string) => Suite,
): Promise<StartedEngine> {
  const script = join(folder, "answers.json");
  await writeFile(script, JSON.stringify({ version: 1, ...scripts[behaviour] }));
  const suite = suiteWith(script);
  const runtime = createProcessRuntime(() => join(folder, "state"));
  const running = await runtime.start(engine.plan(suite), {
    signal: new AbortController().signal,
    onLogLine: () => {},
  });
  // The pseudo-model makes another text of any other request.
  return { suite, running, trace: ({ text, logprobs }) => `${text} ${logprobs?.join()}`, stop: () => running.stop() };
}

const scripted = createScripted(() => bundle);
describeEngine("scripted", {
  engine: () => scripted,
  start: (behaviour) =>
    start(scripted, behaviour, (script) => suiteOf({ name: "scripted", args: { script } }, { folder })),
  codes,
});

describeEngine("command", {
  engine: () => command,
  start: (behaviour) =>
    start(command, behaviour, (script) =>
      suiteOf({ name: "command", command: [process.execPath, bundle], args: { script } }, { folder }),
    ),
  codes,
});
