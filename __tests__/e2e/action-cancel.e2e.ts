/** A cancelled or killed job: the step's process gets what GitHub's runner sends, and nothing of an engine is left. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { node24 } from "./act/node24.ts";
import { cancel, enginesOf, openJob } from "./act/step.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { files, recordedFiles, suiteText, writeSuite } from "./words-suite.ts";

let gate: Gate;
/** Three goldens of generation 1; to be copied, never to be changed. */
let recorded: Place;
const nodes: { [name: string]: string } = { "Node of the tests": process.execPath };

/** Half a second for a case. */
const slow = "version: 1\ndefault: { generate: {}, delay_ms: 20 }\n";
const slowStart = "version: 1\nstart: { slow_ms: 8000 }\ndefault: { generate: {} }\n";

beforeAll(async () => {
  nodes["Node 24"] = node24();
  gate = buildGate();
  recorded = gate.place();
  writeSuite(recorded);
  expect((await recorded.run(["record"])).code).toBe(0);
}, 120_000);
afterAll(() => gate?.remove());

function slowPlace(text = slow): Place {
  const place = gate.place(recorded);
  place.write(files.script, text);
  return place;
}

/** An engine that is never ready and ignores every polite signal. */
function deafPlace(): Place {
  const place = gate.place();
  writeSuite(
    place,
    [],
    suiteText
      .replace(/engine: .*/, "engine: { name: command, command: [sh, deaf.sh] }")
      .replace("stop_s: 2", "stop_s: 60"),
  );
  place.write("inference-gate/deaf.sh", 'trap "" TERM INT HUP; echo deaf >&2; while :; do sleep 1; done');
  return place;
}

describe.each(["Node of the tests", "Node 24"])("a job that is cancelled, %s", (name) => {
  test("in the middle of a case ends in time, without an engine, and says what happened", async () => {
    const place = slowPlace();
    const before = recordedFiles(place);
    const step = openJob(place, gate.dist, nodes[name] ?? "").start("Gate");
    await step.said("1/3  match");
    expect(enginesOf(place)).toHaveLength(1);
    expect(await cancel(step)).toEqual(["SIGINT"]);
    const { code, outputs, summary, log } = await step.ended;
    expect(enginesOf(place)).toEqual([]);
    expect(code).toBe(130);
    expect(outputs).toMatch(/verdict<<[\s\S]*?\nerror\n/);
    expect(outputs).toMatch(/upload<<[\s\S]*?\ntrue\n/);
    expect(summary).toContain("Interrupted by SIGINT after 1 of 3 cases.");
    expect(log).toMatch(/^::error [^\n]*Interrupted by SIGINT/m);
    expect(recordedFiles(place)).toEqual(before);
  });

  test("while an engine starts that ignores every polite signal kills it, and still says what happened", async () => {
    const place = deafPlace();
    const step = openJob(place, gate.dist, nodes[name] ?? "").start("Gate", { mode: "record" });
    await step.said("Starting command");
    expect(await cancel(step)).toEqual(["SIGINT"]);
    const { code, outputs, summary } = await step.ended;
    expect(enginesOf(place)).toEqual([]);
    expect(code).toBe(130);
    expect(outputs).toMatch(/verdict<<[\s\S]*?\nerror\n/);
    expect(summary).toContain("Interrupted by SIGINT");
  });
});

describe("a job that is killed without a word", () => {
  test.each([
    ["while the engine starts", slowStart, "Starting scripted"],
    ["when it is ready", slow, "Ready after"],
    ["in the middle of a case", slow, "1/3  match"],
    ["towards the end", slow, "3/3  match"],
  ])("%s: the clean-up step ends its engine", async (_when, text, said) => {
    const place = slowPlace(text);
    const job = openJob(place, gate.dist, process.execPath);
    const step = job.start("Gate");
    await step.said(said);
    step.child.kill("SIGKILL");
    await step.ended;
    const { code, log } = await job.start("Clean up").ended;
    expect(code).toBe(0);
    expect(log).toMatch(/^(?:Stopped: .*|Nothing was left behind\.)$/m);
    expect(enginesOf(place)).toEqual([]);
  });

  test("while another job's engine runs on the same machine: only its own is ended", async () => {
    const machine = gate.place().folder;
    const [killed, other] = [slowPlace(), slowPlace(slow.replace("20", "60"))];
    const running = openJob(other, gate.dist, process.execPath, machine).start("Gate");
    const job = openJob(killed, gate.dist, process.execPath, machine);
    const step = job.start("Gate");
    await Promise.all([running.said("Warming up"), step.said("Warming up")]);
    step.child.kill("SIGKILL");
    await step.ended;
    await job.start("Clean up").ended;
    expect(enginesOf(killed)).toEqual([]);
    expect(enginesOf(other)).toHaveLength(1);
    expect((await running.ended).code).toBe(0);
  });
});
