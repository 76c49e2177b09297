/** Ends of a run that nobody planned: signals, kills at any point, and going on after them. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { buildGate, type Gate, type Place, type Ran, type Running } from "./gate.ts";
import { files, recordedFiles, script, suiteText, writeSuite } from "./words-suite.ts";

let gate: Gate;
/** Three goldens of generation 1; to be copied, never to be changed. */
let recorded: Place;

beforeAll(async () => {
  gate = buildGate();
  recorded = gate.place();
  writeSuite(recorded);
  expect((await recorded.run(["record"])).code).toBe(0);
});
afterAll(() => gate.remove());

const why = ["--reason", "a new engine"];
/** About one second for a check, five for a recording: long enough to be met anywhere. */
const slow = "version: 1\ndefault: { generate: {}, delay_ms: 15 }\n";

/** Resolves when the text has been written to standard error, or the run has ended. */
function told({ child, ended }: Running, text: string): Promise<unknown> {
  const seen = new Promise<void>((resolve) => {
    let all = "";
    child.stderr?.on("data", (bytes: Buffer) => {
      all += bytes.toString();
      if (all.includes(text)) resolve();
    });
  });
  return Promise.race([seen, ended]);
}

/** Ids of living processes of launches that were started in the place. */
function enginesOf(place: Place): readonly number[] {
  return readdirSync("/proc")
    .filter((name) => /^[1-9][0-9]*$/.test(name))
    .map(Number)
    .filter((pid) => {
      try {
        if (/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, "utf8"))) return false;
        if (!readFileSync(`/proc/${pid}/environ`, "latin1").includes("INFERENCE_GATE_LAUNCH=")) return false;
        return readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(join(place.folder, "inference-gate"));
      } catch {
        return false;
      }
    });
}

const transcriptsOf = (place: Place) =>
  [...place.tree(`${files.work}/transcripts`).keys()].map((name) => `${files.work}/transcripts/${name}`);

describe.each([
  ["SIGINT", 130],
  ["SIGTERM", 143],
] as const)("%s", (signal, exitCode) => {
  test(`ends a check with ${exitCode}, without an engine, and the transcript can be gone on from`, async () => {
    const place = gate.place(recorded);
    const before = recordedFiles(place);
    place.write(files.script, slow);
    const running = place.start(["check"]);
    await told(running, "1/3  match");
    expect(enginesOf(place).length).toBe(1);
    running.child.kill(signal);
    const { code, out, err } = await running.ended;
    expect(code).toBe(exitCode);
    expect(err).toContain(`${signal}: stopping the engine; once more to stop at once`);
    expect(out).toContain(`Interrupted by ${signal} after 1 of 3 cases. [replay/interrupted]`);
    expect(enginesOf(place)).toEqual([]);
    expect(recordedFiles(place)).toEqual(before);
    const resume = /inference-gate check (--resume \S+)\n/.exec(out)?.[1]?.split(" ");
    const again = await place.run(["check", ...(resume ?? [])]);
    expect(again.code).toBe(0);
    expect(again.out).toContain("all 3 cases equal their goldens");
    expect(again.out).toContain("24 reused");
  });

  test(`ends a recording with ${exitCode}, without an engine, and the old goldens stay`, async () => {
    const place = gate.place(recorded);
    const before = recordedFiles(place);
    place.write(files.script, slow);
    const running = place.start(["record", "--mode", "all", ...why]);
    await told(running, "2/12");
    running.child.kill(signal);
    const { code, out } = await running.ended;
    expect(code).toBe(exitCode);
    expect(out).toContain(`Interrupted by ${signal}: nothing was recorded. [replay/interrupted]`);
    expect(out).not.toContain("--resume");
    expect(enginesOf(place)).toEqual([]);
    expect(recordedFiles(place)).toEqual(before);
    script(place, []);
    expect((await place.run(["check"])).code).toBe(0);
  });
});

test("a second SIGINT ends at once, and takes an engine that ignores signals with it", async () => {
  const place = gate.place();
  const engine =
    'trap "" TERM INT; echo \'{"type":"ready","protocol":1,"engine":{"name":"deaf","version":"1"}}\'; while :; do sleep 1; done';
  writeSuite(
    place,
    [],
    suiteText
      .replace(/engine: .*/, "engine: { name: command, command: [sh, deaf.sh] }")
      .replace("stop_s: 2", "stop_s: 60")
      .replace("stall_s: 2", "stall_s: 60")
      .replace("cases:", "compare: { tier: text }\ncases:"),
  );
  place.write("inference-gate/deaf.sh", engine);
  const running = place.start(["record"]);
  await told(running, "Warming up");
  running.child.kill("SIGINT");
  await told(running, "stopping the engine");
  running.child.kill("SIGINT");
  const { child } = running;
  await running.ended;
  expect(child.signalCode).toBe("SIGINT");
  expect(living(place, "deaf.sh")).toEqual([]);
});

/** Processes that were started in the suite's folder with this word in their command line. */
function living(place: Place, word: string): readonly string[] {
  return readdirSync("/proc").filter((pid) => {
    try {
      return (
        /^[0-9]+$/.test(pid) &&
        readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(word) &&
        readFileSync(`/proc/${pid}/cmdline`, "latin1").includes(place.folder)
      );
    } catch {
      return false;
    }
  });
}

describe("SIGKILL", () => {
  test("of a check: the next run ends the engine that was left, says so, and reuses what was answered", async () => {
    const place = gate.place(recorded);
    place.write(files.script, slow);
    const running = place.start(["check"]);
    await told(running, "2/3  match");
    const engines = enginesOf(place);
    running.child.kill("SIGKILL");
    await running.ended;
    script(place, []);
    const [transcript = ""] = transcriptsOf(place);
    const next = await place.run(["check", "--resume", transcript]);
    expect(next.code).toBe(0);
    expect(next.out).toContain("48 reused");
    expect(engines.length).toBe(1);
    expect(enginesOf(place)).toEqual([]);
  });

  test("of a recording, wherever it is met: old goldens or new ones, never a mixture, and no engine is left", async () => {
    const old = recordedFiles(recorded);
    const states: string[] = [];
    for (const moment of moments) {
      const place = gate.place(recorded);
      script(place, []);
      const running = place.start(["record", "--mode", "all", ...why]);
      await moment(place, running);
      running.child.kill("SIGKILL");
      const { code } = await running.ended;
      const check = await place.run(["check"]);
      states.push(stateAfter(check, place, old));
      if (code === 0) continue;
      const again = await place.run(["record", "--mode", "all", ...why]);
      expect(again.code).toBe(0);
      expect(enginesOf(place)).toEqual([]);
      expect(living(place, "scripted-engine")).toEqual([]);
      expect(place.tree(`${files.work}/staging`).size).toBe(0);
      expect(existsSync(join(place.folder, files.work, "journal.json"))).toBe(false);
    }
    expect(states).toContain("old");
    expect(states.filter((state) => !["old", "new", "refused"].includes(state))).toEqual([]);
  });
});

/** Points at which a recording is killed; each resolves when its point was seen, or the recording has ended. */
const moments: readonly ((place: Place, running: Running) => Promise<unknown>)[] = [
  (_, running) => told(running, "Starting scripted (launch 1"),
  (_, running) => told(running, "Starting scripted (launch 2"),
  (_, running) => told(running, "12/12"),
  (place, running) => appears(join(place.folder, files.work, "staging"), running),
  (place, running) => appears(join(place.folder, files.work, "staging", "2"), running),
  (place, running) => appears(join(place.folder, files.work, "journal.json"), running),
];

/** Looks as often as it can, so that the kill comes close behind. */
async function appears(path: string, { ended }: Running): Promise<void> {
  let isOver = false;
  void ended.then(() => {
    isOver = true;
  });
  while (!isOver && !existsSync(path)) await new Promise((resolve) => setImmediate(resolve));
}

function stateAfter(check: Ran, place: Place, old: ReadonlyMap<string, string>): string {
  if (check.code === 2 && check.out.includes("[goldens/recording-interrupted]")) return "refused";
  if (check.code !== 0) return check.text;
  const now = recordedFiles(place);
  const lines = [...now.values()].filter((text) => text.includes("generation: 2") || text.includes('"generation": 2'));
  if (lines.length === 0) return same(now, old) ? "old" : "changed";
  return lines.length === now.size ? "new" : "mixture";
}

const same = (a: ReadonlyMap<string, string>, b: ReadonlyMap<string, string>) =>
  a.size === b.size && [...a].every(([path, text]) => b.get(path) === text);

describe("--resume refuses", () => {
  const lineOf = (place: Place) => {
    const [path = ""] = transcriptsOf(place);
    return { path, text: place.read(path) };
  };

  test("a recording, another suite, another environment, and what is not there; a changed contract is asked again", async () => {
    const place = gate.place(recorded);
    const { path } = lineOf(place);
    const recording = await place.run(["check", "--resume", path]);
    expect(recording.code).toBe(2);
    expect(recording.out).toContain("it is the transcript of a recording");
    const missing = await place.run(["check", "--resume", "nowhere.jsonl"]);
    expect(missing.code).toBe(2);
    expect(missing.out).toContain("nowhere.jsonl");
    expect(missing.err).not.toContain("Starting");

    expect((await place.run(["check", "--transcript", "good.jsonl"])).code).toBe(0);
    place.write("other.jsonl", place.read("good.jsonl").replaceAll('"suite":"words"', '"suite":"letters"'));
    const suite = await place.run(["check", "--resume", "other.jsonl"]);
    expect(suite.code).toBe(2);
    expect(suite.out).toContain('it was run for the suite "letters"');

    place.write(files.script, "version: 1\nstart: { version: b4001 }\ndefault: { generate: {} }\n");
    const environment = await place.run(["check", "--resume", "good.jsonl"]);
    expect(environment.code).toBe(2);
    expect(environment.out).toContain("it was run in another environment");

    script(place, []);
    place.write(files.suite, suiteText.replace("Say beta.", "Say bets."));
    const contract = await place.run(["check", "--resume", "good.jsonl"]);
    expect(contract.code).toBe(5);
    expect(contract.out).toContain("48 reused");
  });
});

describe("a defect of ours", () => {
  // Stands for any mistake in our own code: something that everything uses throws.
  const planted = "Date.prototype.toISOString=()=>{throw(new(TypeError)('planted'))}";
  const env = { NODE_OPTIONS: `--import=data:text/javascript,${planted}` };

  test("is called one, exits with 3, and shows its stack with INFERENCE_GATE_DEBUG=1 only", async () => {
    const place = gate.place(recorded);
    const plain = await place.run(["check"], env);
    expect(plain.code).toBe(3);
    expect(plain.err).toContain("this is a defect of ours. [commands/unexpected]");
    expect(plain.err).toContain("found     planted");
    expect(plain.text).not.toMatch(/^ +at /m);
    expect(enginesOf(place)).toEqual([]);
    const debugged = await place.run(["check"], { ...env, INFERENCE_GATE_DEBUG: "1" });
    expect(debugged.code).toBe(3);
    expect(debugged.err).toMatch(/^ +TypeError: planted\n +at /m);
  });
});
