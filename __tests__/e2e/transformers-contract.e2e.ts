/** The driver of engine `transformers` under the contract of all engines, with the real library and a small random model. */
import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll } from "@jest/globals";
import { transformers } from "../../src/engines/transformers/transformers.ts";
import { createProcessRuntime } from "../../src/runtimes/process-runtime.ts";
import { defaultDeterminism } from "../../src/suite/determinism-schema.ts";
import { describeEngine, type StartedEngine } from "../contracts/engine-contract.ts";
import { source, suiteOf } from "../engines/sample-suite.ts";
import { type RealVllm, realVllmForTests } from "./real-vllm.ts";

const folder = mkdtempSync(join(tmpdir(), "transformers-contract-"));
const requests = join(folder, "requests");
let real: RealVllm;
beforeAll(async () => {
  real = await realVllmForTests();
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** The last line that reached the driver, without the number of the request. */
function lastRequest(): string {
  const lines = existsSync(requests) ? readFileSync(requests, "utf8").trimEnd().split("\n") : [];
  return (lines.filter((line) => line.includes('"complete"')).at(-1) ?? "").replace(/"id":"\d+"/, "");
}

async function start(): Promise<StartedEngine> {
  rmSync(requests, { force: true });
  const suite = suiteOf(
    {
      name: "transformers",
      // What the gate sends is kept on its way to the driver.
      command: ["/bin/sh", "-c", `tee -a '${requests}' | '${real.python}' "$@"`, "sh"],
      args: { dtype: "float32" },
    },
    {
      folder,
      model: { name: "tiny", revision: null, path: real.tiny, source },
      determinism: defaultDeterminism,
      timeouts: { startupMs: 120_000, caseMs: 120_000, stallMs: 120_000, stopMs: 5000 },
    },
  );
  const runtime = createProcessRuntime(() => join(folder, "state"));
  const { signal } = new AbortController();
  const running = await runtime.start(transformers.plan(suite), { signal, onLogLine: () => {} });
  return { suite, running, trace: lastRequest, stop: () => running.stop() };
}

describeEngine("transformers", {
  engine: () => transformers,
  start,
  // Each of these is planted in planted-changes.ts and transformers-gate.e2e.ts, or cannot be without another driver.
  codes: {
    error: null,
    silent: null,
    "half a message": null,
    "dies at token 7": null,
    "without ids": null,
    "another model": null,
    empty: null,
  },
});
