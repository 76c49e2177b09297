/** Files that are broken, hostile or of somebody else, and prompts at the edge of what a text can be. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { buildGate, type Gate, type Place, type Ran } from "./gate.ts";
import { files, script, suiteText, writeSuite } from "./words-suite.ts";

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

const alpha = `${files.goldens}/software/alpha.json`;
const edited = (path: string, change: (text: string) => string) => (place: Place) =>
  place.write(path, change(place.read(path)));

interface Mistake {
  readonly name: string;
  readonly plant: (place: Place) => void;
  /** What stands in the output: place and sentence. */
  readonly says: readonly string[];
}

const bomb = ["a: &a [x, x, x, x, x, x, x, x, x]"]
  .concat("bcdefghi".split("").map((name, at) => `${name}: &${name} [${`*${"abcdefghi"[at]}, `.repeat(9)}]`))
  .join("\n");

const mistakes: readonly Mistake[] = [
  {
    name: "a suite that was cut off",
    plant: edited(files.suite, (text) => text.slice(0, text.indexOf("beta") + 10)),
    says: ["inference-gate/suite.yml:9:"],
  },
  {
    name: "an alias bomb",
    plant: (place) => place.write(files.suite, `${bomb}\n`),
    says: ["inference-gate/suite.yml:"],
  },
  {
    name: "duplicate ids, an id that is no file name and an unknown field, all at once",
    plant: edited(files.suite, (text) =>
      text.replace("id: beta", "id: Alpha").replace("id: gamma", "id: ../x").replace("seed:", "sead: 1, seed:"),
    ),
    says: [
      "inference-gate/suite.yml:5:",
      "inference-gate/suite.yml:9:",
      "inference-gate/suite.yml:10:",
      "3 mistakes to mend",
    ],
  },
  {
    name: "a golden that was cut in half",
    plant: edited(alpha, (text) => text.slice(0, text.length / 2)),
    says: [alpha, "1 mistake to mend"],
  },
  {
    name: "a golden of another format",
    plant: edited(alpha, (text) => text.replace('"version": 1', '"version": 99')),
    says: [alpha],
  },
  {
    name: "a golden that was edited by hand",
    plant: edited(alpha, (text) => text.replace("baba", "bobo")),
    says: [alpha, "The golden is not the one that was recorded. [goldens/changed]"],
  },
  {
    name: "a golden that is gone",
    plant: (place) => place.remove(alpha),
    says: [alpha],
  },
  {
    name: "the lock of another suite",
    plant: edited(files.suite, (text) => text.replace("name: words", "name: letters")),
    says: ["inference-gate/suite.lock.yml", '"words"', '"letters"'],
  },
  {
    name: "a lock that was cut off",
    plant: edited(files.lock, (text) => text.slice(0, text.length / 2)),
    says: ["inference-gate/suite.lock.yml"],
  },
  {
    name: "a script that is none",
    plant: (place) => place.write(files.script, "version: 1\ndefault: { genrate: {} }\n"),
    says: ["inference-gate/script.yml:2:", "genrate"],
  },
];

describe("a mistake in a file", () => {
  test.each(mistakes)(
    "$name: exit 2 before anything runs, with the place, and nothing is touched",
    async ({ plant, says }) => {
      const place = gate.place(recorded);
      plant(place);
      const before = place.tree("inference-gate/goldens");
      const { code, out, text } = await place.run(["check"]);
      expect(code).toBe(2);
      expect(out).toMatch(/^✗ USAGE .*exit 2\n/);
      for (const sentence of says) expect(out).toContain(sentence);
      expect(out).toMatch(/^ +→ /m);
      expect(out).toContain("More about this: inference-gate explain ");
      expectNothingRaw(text);
      expect(place.tree("inference-gate/goldens")).toEqual(before);
    },
  );
});

function expectNothingRaw(text: string): void {
  expect(text).not.toMatch(/[\x00-\x08\x0b-\x1f\x7f\u202a-\u202e\u2066-\u2069]/);
  expect(text).not.toMatch(/^\s*::/m);
  expect(text).not.toMatch(/^ +at .*\.mjs/m);
}

describe("prompts at the edge", () => {
  const withPrompt = (prompt: string) => suiteText.replace("prompt: Say alpha.", `prompt: ${prompt}`);

  test("ANSI, line separators and emoji are recorded, match, and are told apart", async () => {
    const place = gate.place();
    writeSuite(place, [], withPrompt('"ab \\e[31m \\u2028 \\U0001F600"'));
    expect((await place.run(["record"])).code).toBe(0);
    expect((await place.run(["check"])).code).toBe(0);
    place.write(files.suite, withPrompt('"ac \\e[31m \\u2028 \\U0001F600"'));
    const ran = await place.run(["check"]);
    expect(ran.code).toBe(5);
    expectNothingRaw(ran.text);
    expectNothingRaw((await place.run(["explain", "alpha"])).text);
  });

  test("a lone surrogate and a NUL are refused at their places, in YAML and in JSONL", async () => {
    const place = gate.place();
    writeSuite(place, [], withPrompt('"a \\0 b"').replace("cases:", "cases:\n  - { from: more.jsonl }"));
    place.write("inference-gate/more.jsonl", '{"id":"line","prompt":"a \\udc00 b"}\n');
    const { code, out } = await place.run(["record"]);
    expect(code).toBe(2);
    expect(out).toContain("inference-gate/suite.yml:9:");
    expect(out).toContain("inference-gate/more.jsonl:1:");
  });

  test("a prompt of one megabyte is recorded and matches", async () => {
    const place = gate.place();
    writeSuite(
      place,
      ["alpha: { generate: {}, prompt_token_ids: [1, 2] }"],
      withPrompt(`"${"many words ".repeat(95_000)}"`),
    );
    expect((await place.run(["record"])).code).toBe(0);
    const ran = await place.run(["check"]);
    expect(ran.code).toBe(0);
    expect(ran.text.length).toBeLessThan(5_000);
    expect((await place.run(["explain", "alpha"])).out.length).toBeLessThan(5_000);
  });
});

describe("hostile answers", () => {
  const nasty = [
    "::error file=x::pwned",
    "</details><script>",
    "@everyone",
    "##[error]x",
    "\\u202egnirts\\u202c",
    "\\u2028::warning::y",
    "\\r::set-output::z",
    "\\e[31mred\\e[2J\\e]0;title\\a",
  ];
  const tokens = (last: string) =>
    `{ tokens: [${[...nasty, last].map((text, at) => `{ id: ${at}, text: "\\n${text}", logprob: -1, margin: 0.1 }`).join(", ")}] }`;

  test("reach no terminal and no log as commands: drift, explain, unstable, engine log, failure", async () => {
    const place = gate.place();
    writeSuite(place, [`alpha: ${tokens("one")}`]);
    expect((await place.run(["record"])).code).toBe(0);
    const shown: Ran[] = [];
    script(place, [`alpha: ${tokens("::error::two")}`]);
    shown.push(await place.run(["check", "--keep-going"]), await place.run(["explain", "alpha"]));
    script(place, [`alpha: { ${tokens("one").slice(1, -1)}, on_call: { "2": ${tokens("::error::three")} } }`]);
    shown.push(await place.run(["check"]));
    script(place, [
      'alpha: { fail: "\\n::error::no \\e[31m" }',
      `beta: { text: x, noise: { stderr: ["::error::log \\e[31m"], stdout: ["::error::out"] }, crash_at: { token: 0 } }`,
    ]);
    shown.push(await place.run(["check"]));
    place.write(
      files.script,
      `version: 1\nstart: { noise: { stderr: ["::error::start \\e[31m"] }, fail: { stderr: ["\\u202e::error::end"] } }\ndefault: { text: x }\n`,
    );
    shown.push(await place.run(["check"]));
    expect(shown.map(({ code }) => code)).toEqual([1, 0, 4, 3, 3]);
    for (const { text } of shown) expectNothingRaw(text);
    expect(shown[0]?.out).toContain("␛[31m");
    expect(shown[4]?.out).toContain("│ \\u{3a}:error::start ␛[31m\n");
    // Colours of ours may be there when they are asked for, nothing else.
    const coloured = await place.run(["--color", "always", "check"]);
    expect(coloured.text.replace(/\x1b\[[0-9;]*m/g, "")).not.toContain("\x1b");
  });
});
