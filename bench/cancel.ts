/** From the first signal of a cancelled job, sent as GitHub's runner sends it, to the last container gone: while an engine is replayed, and while one starts that is deaf to SIGTERM. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type ContainerHost, containerHost, serverInside } from "../__tests__/e2e/container-host.ts";
import { buildGate, type Gate } from "../__tests__/e2e/gate.ts";
import { leftOnMachine } from "../__tests__/e2e/left-on-machine.ts";
import { realPartsForTests } from "../__tests__/e2e/real-parts.ts";
import { endLikeRunner } from "../__tests__/e2e/runner-signals.ts";
import { type ContainerRuntimeName, containerRuntimeNames } from "../src/model/suite.ts";
import { type Bench, type Measurement, median } from "./bench.ts";

const rounds = 3;
const goalMs = 7000;

const deaf = "import signal, time; signal.signal(signal.SIGTERM, signal.SIG_IGN); time.sleep(600)";
const engines = {
  "while it replays": serverInside,
  "while it starts, deaf to SIGTERM": ["python3", "-c", deaf],
} as const;

export const cancel: Bench = async (say) => {
  const gate = buildGate();
  const host = await containerHost();
  const measurements: Measurement[] = [];
  try {
    for (const runtime of containerRuntimeNames) {
      for (const [when, command] of Object.entries(engines)) {
        say(`${runtime} ${when}, ${rounds} rounds`);
        const times: number[] = [];
        for (let round = 0; round < rounds; round += 1) times.push(await cancelled(gate, host, runtime, command));
        const slowest = Math.max(...times);
        measurements.push({
          name: `cancel to the last container gone, ${runtime}, ${when}`,
          measured: `${median(times).toFixed(0)} ms`,
          ratio: `slowest ${slowest.toFixed(0)} ms`,
          goal: "under 7 s",
          isMet: slowest < goalMs,
        });
      }
    }
    return measurements;
  } finally {
    await host.stop();
    gate.remove();
  }
};

/** Milliseconds. Throws when a container or network is left. */
async function cancelled(
  gate: Gate,
  host: ContainerHost,
  runtime: ContainerRuntimeName,
  command: readonly string[],
): Promise<number> {
  const state = mkdtempSync(join(tmpdir(), "gate-cancel-"));
  const env = { ...host.env, INFERENCE_GATE_STATE: state };
  Object.assign(process.env, host.env);
  const place = gate.place();
  const { modelPath } = await realPartsForTests();
  place.write(
    "inference-gate/suite.yml",
    [
      "version: 1",
      `runtime: ${runtime}`,
      `image: ${host.imageName}@${host.imageDigest}`,
      `engine: { name: llama-cpp, command: ${JSON.stringify(command)}, args: { ctx-size: 512, threads: 1 } }`,
      `model: { name: small, path: ${JSON.stringify(modelPath)} }`,
      "sampling: { temperature: 0, seed: 1, max_tokens: 400, ignore_eos: true }",
      "cases: [{ id: sea, prompt: The sea }]",
      "",
    ].join("\n"),
  );
  const running = place.start(["record"], env);
  let log = "";
  running.child.stderr?.on("data", (chunk: Buffer) => {
    log += chunk.toString();
  });
  const isReplayed = command === engines["while it replays"];
  const isThere = () =>
    isReplayed ? log.includes("Warming up") : leftOnMachine(host, runtime).some((line) => line.startsWith("container"));
  while (!isThere()) {
    if (running.child.exitCode !== null) throw new Error((await running.ended).text);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  const { afterMs } = await endLikeRunner(running.child);
  const left = leftOnMachine(host, runtime);
  rmSync(state, { recursive: true });
  if (left.length > 0) throw new Error(`left: ${left.join(", ")}`);
  return afterMs;
}
