/** `check` as a user meets it: each verdict with its exit code and the sentence that is read, and the JSON report. */
import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import formats from "ajv-formats";
import { type Report, reportSchema } from "../../src/report/report.ts";
import { buildGate, type Gate, type Place, type Ran } from "./gate.ts";
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

interface Checked extends Ran {
  readonly report: Report;
  readonly place: Place;
}

/** Checks a copy of what was recorded after `change`; the report on the way is held against its published schema. */
async function check(change: (place: Place) => void, options: readonly string[] = []): Promise<Checked> {
  const place = gate.place(recorded);
  const before = recordedFiles(place);
  change(place);
  const ran = await place.run(["check", "--json", "report.json", ...options]);
  const report = reportOf(place.read("report.json"));
  expect(report.exitCode).toBe(ran.code);
  expect(recordedFiles(place)).toEqual(before);
  return { ...ran, report, place };
}

const ajv = new Ajv2020({ allErrors: true, strict: true, strictRequired: false, allowUnionTypes: true });
formats.default(ajv);
const isReport = ajv.compile(JSON.parse(readFileSync("schemas/report.schema.json", "utf8")));

function reportOf(text: string): Report {
  const value: unknown = JSON.parse(text);
  isReport(value);
  expect(isReport.errors).toBeNull();
  return reportSchema.parse(value);
}

describe("0: match", () => {
  test("says so in its first line, and its report fits the schema", async () => {
    const { code, out, err, report } = await check(() => {});
    expect(code).toBe(0);
    expect(out).toMatch(/^✓ MATCH {2}all 3 cases equal their goldens +exit 0\n/);
    expect(out).not.toContain("Next");
    expect(err).toContain("3/3  match     gamma  24 tokens");
    expect(report).toMatchObject({ verdict: "match", exitCode: 0, counts: { cases: 3, match: 3 } });
  });

  test("--json - leaves standard output to the report alone", async () => {
    const { code, out, err } = await gate.place(recorded).run(["check", "--json", "-", "--cases", "alpha"]);
    expect(code).toBe(0);
    expect(reportOf(out).counts).toMatchObject({ cases: 1, match: 1 });
    expect(err).toContain("✓ MATCH  the one case equals its golden");
  });

  test("--junit and --sarif write the same verdict in those formats", async () => {
    const place = gate.place(recorded);
    script(place, ["alpha: { generate: { change_at: 7 } }"]);
    const { code } = await place.run(["check", "--junit", "out/junit.xml", "--sarif", "out/report.sarif"]);
    expect(code).toBe(1);
    expect(place.read("out/junit.xml")).toContain('<testsuite name="words" tests="3" failures="1" errors="0"');
    const [sarif] = JSON.parse(place.read("out/report.sarif")).runs;
    expect(sarif.results).toMatchObject([
      { partialFingerprints: { "inferenceGateCase/v1": expect.stringMatching(/alpha/) } },
    ]);
  });

  test("--statement writes what can be signed: the lock that was checked against, and the result", async () => {
    const place = gate.place(recorded);
    expect((await place.run(["check", "--statement", "out/statement.json"])).code).toBe(0);
    const { subject, predicate } = JSON.parse(place.read("out/statement.json"));
    const lock = createHash("sha256").update(place.read(files.lock)).digest("hex");
    expect(subject).toEqual([{ name: "inference-gate/suite.lock.yml", digest: { sha256: lock } }]);
    expect(predicate).toMatchObject({ result: "PASSED", passedTests: ["alpha", "beta", "gamma"], failedTests: [] });
    script(place, ["alpha: { generate: { change_at: 7 } }"]);
    expect((await place.run(["check", "--statement", "out/statement.json"])).code).toBe(1);
    const after = JSON.parse(place.read("out/statement.json")).predicate;
    expect(after).toMatchObject({ result: "FAILED", passedTests: ["beta", "gamma"], failedTests: ["alpha"] });
    expect(after.configuration[0].digest).toEqual(predicate.configuration[0].digest);
  });

  test("--json to a place that cannot be written: said, and no pass", async () => {
    const { code, err } = await gate.place(recorded).run(["check", "--json", "inference-gate/suite.yml/report.json"]);
    expect(code).toBe(3);
    expect(err).toContain("could not be written. [commands/file-not-written]");
  });
});

describe("1: drift", () => {
  test("of a token: where, expected and actual, what was saved, what to do next", async () => {
    const { code, out, report } = await check((place) => script(place, ["alpha: { generate: { change_at: 7 } }"]));
    expect(code).toBe(1);
    expect(out).toMatch(/^✗ DRIFT {2}1 of 3 cases differs from its golden +exit 1\n/);
    expect(out).toContain("differs  at token 7 of 24 (29 % in), line 1 of the text");
    expect(out).toMatch(/- expected │ {2}\S+/);
    expect(out).toMatch(/\+ actual {3}│ {2}\S+/);
    expect(out).toContain("16 saved by stopping at the split");
    expect(out).toContain("inference-gate check --cases alpha\n");
    expect(out).toContain('inference-gate accept --reason "…"');
    expect(report.tokens).toMatchObject({ generated: 56, saved: 16 });
  });

  test("--keep-going finishes the case and saves nothing", async () => {
    const change = (place: Place) => script(place, ["alpha: { generate: { change_at: 7 } }"]);
    const { code, out, report } = await check(change, ["--keep-going"]);
    expect(code).toBe(1);
    expect(report.tokens).toMatchObject({ generated: 72, saved: 0 });
    expect(out).not.toContain("saved");
  });

  test("of length and of the reason why it ended: a short result is no pass", async () => {
    const { code, out } = await check((place) =>
      script(place, ["alpha: { generate: { tokens: 9 } }", "beta: { generate: {}, finish_reason: stop }"]),
    );
    expect(code).toBe(1);
    expect(out).toContain("differs  in length: ends too early, after 9 of 24 tokens");
    expect(out).toContain("differs  only in the reason why it ended");
  });

  test("on tier text, for an engine without token ids", async () => {
    const place = gate.place();
    const suite = suiteText.replace("cases:", "compare: { tier: text }\ncases:");
    writeSuite(place, ["alpha: { text: The cat sat., token_ids: false }"], suite);
    expect((await place.run(["record"])).code).toBe(0);
    expect((await place.run(["check"])).code).toBe(0);
    script(place, ["alpha: { text: The dog sat., token_ids: false }"]);
    const { code, out } = await place.run(["check"]);
    expect(code).toBe(1);
    expect(out).toContain("drift  alpha · tier text");
    expect(out).toContain("- expected │ cat sat.");
  });
});

describe("3: no verdict", () => {
  test("a missing and an obsolete golden", async () => {
    const { code, out } = await check((place) => place.write(files.suite, suiteText.replace("id: gamma", "id: delta")));
    expect(code).toBe(3);
    expect(out).toContain("✗ ERROR  1 of 3 cases has no golden, 1 golden has no case");
    expect(out).toContain("  delta  inference-gate/suite.yml:10:5");
    expect(out).toContain("  gamma  inference-gate/goldens/software/gamma.json");
    expect(out).toContain('inference-gate record --mode missing --reason "…"');
  });

  test.each([
    ["nothing", 'text: ""', "no output"],
    ["an end token alone", 'tokens: [{ id: 2, text: "" }]', "1 token without any text"],
  ])("an empty completion: %s", async (_, answer, found) => {
    const { code, out } = await check(
      (place) => script(place, [`beta: { ${answer}, finish_reason: stop }`]),
      ["--keep-going"],
    );
    expect(code).toBe(3);
    expect(out).toContain("Case beta got an empty completion: the model ended at once. [replay/empty-completion]");
    expect(out).toContain(found);
  });
});

describe("4: unstable", () => {
  test("a case that answers otherwise when it is asked again", async () => {
    const { code, out } = await check((place) =>
      script(place, ['beta: { generate: {}, on_call: { "1": { generate: { change_at: 5 } } } }']),
    );
    expect(code).toBe(4);
    expect(out).toContain("✗ UNSTABLE  the engine disagrees with itself in 1 of 3 cases");
    expect(out).toContain("inference-gate explain unstable");
  });
});

describe("5: environment-changed", () => {
  test("an engine variable: named, and that no case differs", async () => {
    const { code, out } = await check((place) =>
      place.write(files.suite, suiteText.replace("name: scripted,", 'name: scripted, env: { MODE: "2" },')),
    );
    expect(code).toBe(5);
    expect(out).toContain("✗ ENVIRONMENT CHANGED  the suite asks otherwise than when the goldens were recorded");
    expect(out).toContain('engine.env.MODE (absent) → "2"');
  });

  test("another version of the engine", async () => {
    const { code, out } = await check((place) =>
      place.write(files.script, "version: 1\nstart: { version: b4001 }\ndefault: { generate: {} }\n"),
    );
    expect(code).toBe(5);
    expect(out).toMatch(/engine version +1 → b4001/);
  });

  test("sampling of the suite: each case is asked otherwise", async () => {
    const { code, out } = await check((place) => place.write(files.suite, suiteText.replace("seed: 1", "seed: 2")));
    expect(code).toBe(5);
    expect(out).toContain("✗ ENVIRONMENT CHANGED  the suite asks otherwise in 3 cases than when the goldens were");
    expect(out).toContain("alpha: sampling.seed 1 → 2");
  });

  test("one prompt: only its case, and how to record just that", async () => {
    const { code, out } = await check((place) => place.write(files.suite, suiteText.replace("Say beta.", "Say bets.")));
    expect(code).toBe(5);
    expect(out).toContain("the suite asks otherwise in 1 case than when the goldens were");
    expect(out).toContain("beta: the prompt was changed");
    expect(out).toContain('inference-gate record --mode changed --reason "…"');
  });
});

describe("--cases", () => {
  test("chooses by pattern; what was not chosen is not judged", async () => {
    const change = (place: Place) => script(place, ["alpha: { generate: { change_at: 7 } }"]);
    const { code, report } = await check(change, ["--cases", "b*", "gamma"]);
    expect(code).toBe(0);
    expect(report.cases.map(({ id }) => id)).toEqual(["beta", "gamma"]);
  });
});

describe("every kind of case", () => {
  test("inline text, token ids, chat messages and JSONL lines are recorded and match", async () => {
    const place = gate.place();
    const cases = [
      "cases:",
      "  - { id: text, prompt: Say it. }",
      "  - { id: ids, prompt_token_ids: [5, 6, 7] }",
      '  - { id: chat, messages: [{ role: system, content: Be brief. }, { role: user, content: "Hi" }] }',
      "  - from: more/*.jsonl",
    ].join("\n");
    writeSuite(place, [], suiteText.replace(/cases:.*/s, `${cases}\n`));
    place.write(
      "inference-gate/more/a.jsonl",
      '{"id":"line-1","prompt":"One"}\n{"id":"line-2","prompt_token_ids":[9]}\n',
    );
    expect((await place.run(["record"])).code).toBe(0);
    const { code, out } = await place.run(["check"]);
    expect(code).toBe(0);
    expect(out).toContain("all 5 cases equal their goldens");
    const lines = '{"id":"line-1","prompt":"One"}\n{"id":"line-2","prompt_token_ids":[8]}\n';
    place.write("inference-gate/more/a.jsonl", lines);
    const changed = await place.run(["check"]);
    expect(changed.code).toBe(5);
    expect(changed.out).toContain("case     inference-gate/more/a.jsonl:2");
  });
});

const imager = `import hashlib, json, sys
print(json.dumps({"type": "ready", "protocol": 1, "engine": {"name": "imager", "version": "1"}}), flush=True)
for line in sys.stdin:
    message = json.loads(line)
    if message["type"] == "bye":
        break
    if message["type"] == "complete":
        words = message["prompt"]["text"] + open("weights").read()
        digest = "sha256:" + hashlib.sha256(words.encode()).hexdigest()
        print(json.dumps({"type": "output", "id": message["id"], "finish_reason": "stop", "output_digest": digest}), flush=True)
`;

describe("engine command", () => {
  test("a program that is no language model is gated by the digest of its output", async () => {
    const place = gate.place();
    const suite = suiteText
      .replace(/engine: .*/, "engine: { name: command, command: [python3, imager.py] }")
      .replace("cases:", "compare: { tier: text }\ncases:");
    writeSuite(place, [], suite);
    place.write("inference-gate/imager.py", imager);
    place.write("inference-gate/weights", "a");
    expect((await place.run(["record"])).code).toBe(0);
    expect((await place.run(["check"])).code).toBe(0);
    place.write("inference-gate/weights", "b");
    const { code, out } = await place.run(["check"]);
    expect(code).toBe(1);
    expect(out).toContain("✗ DRIFT  3 of 3 cases differ from their goldens");
    expect(out).toMatch(/- expected │ sha256:[0-9a-f]{8}/);
    expect(out).toMatch(/\+ actual {3}│ sha256:[0-9a-f]{8}/);
  });
});

describe("redact: true", () => {
  test("leaves no text and no id of prompt or answer anywhere", async () => {
    const place = gate.place();
    const ids = [40404, 40405, 40406];
    const tokens = (words: readonly string[]) =>
      words.map((text, at) => `{ id: ${ids[at]}, text: ${text}, logprob: -0.5, margin: 1 }`).join(", ");
    const suite = suiteText
      .replace("cases:", "redact: true\ncases:")
      .replace("prompt: Say alpha.", "prompt_token_ids: [50505, 50506]")
      .replace("Say beta.", "PROMPTSECRET");
    const answers = (last: string) => [
      `alpha: { tokens: [${tokens(["ANSWERSECRET", "TWOSECRET", last])}] }`,
      `beta: { tokens: [${tokens(["ANSWERSECRET", "TWOSECRET", last])}] }`,
    ];
    writeSuite(place, answers("LASTSECRET"), suite);
    const ran = [await place.run(["record"]), await place.run(["check"])];
    script(place, answers("NEWSECRET"));
    const drift = await place.run(["check", "--json", "report.json"]);
    expect([...ran, drift].map(({ code }) => code)).toEqual([0, 0, 1]);
    expect(drift.out).toContain("drift  alpha · tier tokens");
    const written = new Map([...place.tree(".")].filter(([path]) => path !== files.suite && path !== files.script));
    expect([...written.keys()].filter((path) => path.includes("transcripts")).length).toBe(3);
    for (const text of [...written.values(), ...ran.map((one) => one.text), drift.text]) {
      expect(text).not.toMatch(/SECRET|4040[456]|5050[56]/);
      for (const id of [...ids, 50505, 50506]) {
        const bytes = Buffer.alloc(4);
        bytes.writeUInt32LE(id);
        // The six base64 characters that stand for these bytes whatever comes before and after.
        expect(text).not.toContain(bytes.subarray(0, 3).toString("base64"));
      }
    }
  });
});
