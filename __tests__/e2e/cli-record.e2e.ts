/** `record` as a user meets it: what it asks for, what it writes, and what it leaves as it was. */
import { existsSync, rmSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { buildGate, type Gate, type Place } from "./gate.ts";
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

const goldensOf = (place: Place) => [...place.tree(files.goldens).keys()].sort();
const why = ["--reason", "a new engine"];

describe("the first recording", () => {
  test("writes goldens and lock, and tells what to do with them", async () => {
    const place = gate.place();
    writeSuite(place);
    const { code, out, err } = await place.run(["record"]);
    expect(code).toBe(0);
    expect(out).toContain("✓ RECORDED  3 goldens written");
    expect(out).toContain("goldens  generation 1, mode missing: first recording");
    expect(out).toContain("2. Then check: inference-gate check\n");
    expect(err).toContain("Starting scripted (launch 2 of 2)");
    expect(err).toContain("1/12  answered  alpha  24 tokens");
    expect(err).toContain("12/12  match     gamma  24 tokens");
    expect(goldensOf(place)).toEqual(["software/alpha.json", "software/beta.json", "software/gamma.json"]);
    expect(place.read(files.lock)).toMatch(/^# yaml-language-server: \$schema=/);
    expect((await place.run(["check"])).code).toBe(0);
  });

  test("of one case, then of the others", async () => {
    const place = gate.place();
    writeSuite(place);
    const one = await place.run(["record", "--cases", "al*"]);
    expect(one.code).toBe(0);
    expect(goldensOf(place)).toEqual(["software/alpha.json"]);
    const check = await place.run(["check"]);
    expect(check.code).toBe(3);
    expect(check.out).toContain("2 of 3 cases have no golden");
    const alpha = place.read(`${files.goldens}/software/alpha.json`);
    const rest = await place.run(["record", ...why]);
    expect(rest.out).toContain("✓ RECORDED  2 goldens written, 1 kept");
    expect(place.read(`${files.goldens}/software/alpha.json`)).toBe(alpha);
    expect((await place.run(["check"])).code).toBe(0);
  });

  test("a filter that matches nothing: exit 2 with the ids that there are", async () => {
    const { code, out } = await gate.place(recorded).run(["record", ...why, "--cases", "alhpa"]);
    expect(code).toBe(2);
    expect(out).toMatch(/^inference-gate\/suite\.yml\n {2}No case matches "alhpa"\. \[commands\/no-case-matches\]/m);
    expect(out).toContain("3 cases: alpha, beta, gamma");
  });
});

describe("later recordings", () => {
  test("need a reason, which stands in the lock", async () => {
    const place = gate.place(recorded);
    const before = recordedFiles(place);
    const silent = await place.run(["record", "--mode", "all"]);
    expect(silent.code).toBe(2);
    expect(silent.out).toContain("needs a reason. [commands/reason-missing]");
    expect(recordedFiles(place)).toEqual(before);
    expect(silent.err).not.toContain("Starting");
    const told = await place.run(["record", "--mode", "all", ...why]);
    expect(told.code).toBe(0);
    expect(told.out).toContain("goldens  generation 2, mode all: a new engine");
    expect(place.read(files.lock)).toContain("reason: a new engine");
  });

  test("need one also where nothing was run before, once the class is known; the first of another class needs none", async () => {
    const place = gate.place(recorded);
    place.remove("inference-gate/.inference-gate/report.json");
    const silent = await place.run(["record", "--mode", "all"]);
    expect(silent.code).toBe(2);
    expect(silent.out).toContain("Generation 2 needs a reason.");
    place.write(files.lock, place.read(files.lock).replace(/^( +)software:$/m, "$1cpu-x86-64-v3-t2:"));
    const other = await place.run(["record"]);
    expect([other.code, other.out]).toEqual([
      0,
      expect.stringContaining("generation 1, mode missing: first recording"),
    ]);
    expect(place.read(files.lock)).toMatch(/cpu-x86-64-v3-t2:[\s\S]*software:/);
  });

  test("with nothing to do change no byte", async () => {
    const place = gate.place(recorded);
    const before = recordedFiles(place);
    const { code, out } = await place.run(["record", "--mode", "changed", ...why]);
    expect(code).toBe(0);
    expect(out).toContain("✓ NOTHING TO RECORD  3 kept, every case has its golden");
    expect(recordedFiles(place)).toEqual(before);
  });

  test("mode changed takes the changed case and removes the golden whose case is gone", async () => {
    const place = gate.place(recorded);
    place.write(
      files.suite,
      suiteText
        .replace("Say beta.", "Say beta twice.")
        .replace("id: gamma, prompt: Say gamma.", "id: delta, prompt: Say delta."),
    );
    const missing = await gate.place(place).run(["record", ...why]);
    expect(missing.out).toContain("✓ RECORDED  1 golden written, 3 kept");
    const changed = await place.run(["record", "--mode", "changed", ...why]);
    expect(changed.code).toBe(0);
    expect(changed.out).toContain("✓ RECORDED  2 goldens written, 1 kept, 1 removed");
    expect(changed.out).toContain("  removed  gamma");
    expect(goldensOf(place)).toEqual(["software/alpha.json", "software/beta.json", "software/delta.json"]);
    expect((await place.run(["check"])).code).toBe(0);
  });
});

describe("what would mix two generations", () => {
  const changed = suiteText.replace("engine: { name: scripted,", 'engine: { name: scripted, env: { MODE: "2" },');

  test.each([
    [["--mode", "missing"], "--mode missing would mix two generations."],
    [["--mode", "changed", "--cases", "alpha"], "--mode changed --cases would mix two generations."],
  ])("is refused for %j", async (options, sentence) => {
    const place = gate.place(recorded);
    const before = recordedFiles(place);
    place.write(files.suite, changed);
    const { code, out } = await place.run(["record", ...options, ...why]);
    expect(code).toBe(3);
    expect(out).toContain("✗ ERROR  the recording could not run");
    expect(out).toContain(`${sentence} [commands/would-mix-generations]`);
    expect(out).toContain("inference-gate/suite.lock.yml\n");
    expect(out).toContain('engine.env.MODE (absent) → "2"');
    expect(recordedFiles(place)).toEqual(before);
  });

  test("is whole or not at all: one unstable case keeps all old goldens", async () => {
    const place = gate.place(recorded);
    const before = recordedFiles(place);
    place.write(files.suite, changed);
    script(place, ['beta: { generate: {}, on_call: { "2": { generate: { change_at: 5 } } } }']);
    const { code, out } = await place.run(["record", "--mode", "all", ...why]);
    expect(code).toBe(4);
    expect(out).toContain("A new generation is whole or not at all: 1 of 3 cases could not be recorded.");
    expect(out).toContain("cases    2 agreed · 1 unstable");
    expect(recordedFiles(place)).toEqual(before);
    script(place, []);
    const whole = await place.run(["record", "--mode", "changed", ...why]);
    expect(whole.out).toContain("✓ RECORDED  3 goldens written");
    expect((await place.run(["check"])).code).toBe(0);
  });
});

describe("unstable cases", () => {
  test("are named with launch, repeat and token; the stable ones are recorded", async () => {
    const place = gate.place();
    writeSuite(place, [
      'beta: { generate: {}, on_call: { "2": { generate: { change_at: 5 } } } }',
      'gamma: { generate: {}, on_launch: { "2": { generate: { change_at: 9 } } } }',
    ]);
    const { code, out } = await place.run(["record"]);
    expect(code).toBe(4);
    expect(out).toContain("✗ UNSTABLE  2 of 3 cases not recorded: repeats disagree");
    expect(out).toContain("found     launch 1, repeat 2 parts from the first answer at output token 5");
    expect(out).toContain("found     launch 2, repeat 1 parts from the first answer at output token 9");
    expect(out).toContain("inference-gate explain unstable");
    expect(goldensOf(place)).toEqual(["software/alpha.json"]);
    expect(place.read(files.lock)).not.toMatch(/beta|gamma/);
  });

  test("all of them: no golden, no lock", async () => {
    const place = gate.place();
    writeSuite(place);
    place.write(
      files.script,
      'version: 1\ndefault: { generate: {}, on_launch: { "2": { generate: { salt: other } } } }\n',
    );
    const { code, out } = await place.run(["record"]);
    expect(code).toBe(4);
    expect(out).toContain("3 of 3 cases not recorded: repeats disagree");
    expect(place.tree(files.goldens).size).toBe(0);
    expect(existsSync(join(place.folder, files.lock))).toBe(false);
  });

  test("an environment that changes between two launches: nothing is written", async () => {
    const place = gate.place();
    writeSuite(
      place,
      [],
      suiteText
        .replace("script: script.yml", "script: script.yml")
        .replace("scripted, args", "command, command: [sh, engine.sh], args")
        .replace("args: { script: script.yml, launch_counter: .launches }", "args: {}"),
    );
    place.write(
      "inference-gate/engine.sh",
      [
        "echo x >> launches",
        'echo "{\\"type\\":\\"ready\\",\\"protocol\\":1,\\"engine\\":{\\"name\\":\\"sh\\",\\"version\\":\\"$(wc -l < launches)\\"}}"',
        "while read -r line; do",
        '  id=$(printf %s "$line" | sed -n \'s/.*"type":"complete","id":"\\([0-9]*\\)".*/\\1/p\')',
        '  [ -z "$id" ] || echo "{\\"type\\":\\"output\\",\\"id\\":\\"$id\\",\\"finish_reason\\":\\"stop\\",\\"text\\":\\"ok\\",\\"token_ids\\":[1]}"',
        "done",
      ].join("\n"),
    );
    const { code, out } = await place.run(["record"]);
    expect(code).toBe(3);
    expect(out).toContain("The environment changed between launch 1 and launch 2. [commands/environment-moved]");
    expect(out).toContain("engine version 1 → 2");
    expect(existsSync(join(place.folder, files.lock))).toBe(false);
  });
});

describe("who may record", () => {
  test.each(["CI", "GITHUB_ACTIONS"])(
    "not a job of a build server, known by %s, unless it is told so",
    async (name) => {
      const place = gate.place();
      writeSuite(place);
      const refused = await place.run(["record"], { [name]: "true" });
      expect(refused.code).toBe(2);
      expect(refused.out).toContain("Recording in CI is refused unless it is asked for. [commands/record-in-ci]");
      expect(place.tree(files.goldens).size).toBe(0);
      const allowed = await place.run(["record", "--allow-ci", "--cases", "alpha"], { [name]: "true" });
      expect(allowed.code).toBe(0);
      expect(allowed.text).not.toContain("\x1b[K");
    },
  );

  test("an answer that is an end token alone is not recorded, and the next step is told", async () => {
    const place = gate.place();
    writeSuite(place, ['beta: { tokens: [{ id: 2, text: "" }], finish_reason: stop }']);
    const { code, out } = await place.run(["record"]);
    expect(code).toBe(3);
    expect(out).toContain("Case beta got an empty completion: the model ended at once. [replay/empty-completion]");
    expect(out).toContain("An instruct model needs its chat template");
    expect(goldensOf(place)).toEqual(["software/alpha.json", "software/gamma.json"]);
  });

  test("one at a time: the second is refused, the first is unharmed", async () => {
    const place = gate.place();
    writeSuite(place);
    place.write(files.script, "version: 1\ndefault: { generate: {}, delay_ms: 15 }\n");
    const first = place.start(["record"]);
    const begun = new Promise((resolve) => first.child.stderr?.once("data", resolve));
    await begun;
    const second = await place.run(["record"]);
    expect(second.code).toBe(3);
    expect(second.out).toContain(
      `Another recording of this suite is running: process ${first.child.pid}. [goldens/record-running]`,
    );
    expect(second.out).toContain("→ Wait for it to end, then record again.");
    expect(second.err).not.toContain("Starting");
    expect((await first.ended).code).toBe(0);
    expect((await place.run(["check"])).code).toBe(0);
  });

  test("a folder that is removed under a recording: it ends, with a sentence and without an engine", async () => {
    const place = gate.place();
    writeSuite(place);
    place.write(files.script, "version: 1\ndefault: { generate: {}, delay_ms: 5 }\n");
    const running = place.start(["record"]);
    await new Promise((resolve) => running.child.stderr?.once("data", resolve));
    rmSync(place.folder, { recursive: true });
    const { code, out } = await running.ended;
    expect(code).not.toBe(0);
    expect(out).not.toContain("defect of ours");
  });
});
