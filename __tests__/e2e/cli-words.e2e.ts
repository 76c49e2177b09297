/** The command line before anything runs: help, wrong words, init, explain, and a defect of ours. */
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { buildGate, type Gate } from "./gate.ts";
import { writeSuite } from "./words-suite.ts";

let gate: Gate;
beforeAll(() => {
  gate = buildGate();
});
afterAll(() => gate.remove());

const verbs = ["init", "record", "check", "fetch", "environment", "explain", "demo"] as const;

describe("help", () => {
  test("--help names every verb, every exit code and where to start", async () => {
    const { code, out, err } = await gate.place().run(["--help"]);
    expect({ code, err }).toEqual({ code: 0, err: "" });
    for (const verb of verbs) expect(out).toMatch(new RegExp(`^  ${verb} `, "m"));
    for (const line of ["0  match", "1  drift", "2  usage", "3  error", "4  unstable", "5  environment-changed"])
      expect(out).toContain(`  ${line} `);
    expect(out).toContain("Start here:\n  $ inference-gate demo");
  });

  test("--help of every verb has examples, fits 80 columns and shows no programmer's defaults", async () => {
    const place = gate.place();
    const helps = await Promise.all(verbs.map(async (verb) => ({ verb, ...(await place.run([verb, "--help"])) })));
    for (const { verb, code, out, err } of helps) {
      expect({ verb, code, err }).toEqual({ verb, code: 0, err: "" });
      expect(out).toContain(`Examples:\n  $ inference-gate ${verb}`);
      expect(out).not.toMatch(/default: (?:\[\]|false)/);
      const help = out.slice(0, out.indexOf("Examples:"));
      expect(help.split("\n").filter((line) => line.length > 80)).toEqual([]);
    }
  });

  test("--version is the version", async () => {
    expect(await gate.place().run(["--version"])).toMatchObject({ code: 0, out: "0.1.0\n" });
  });
});

describe("words that are none", () => {
  test("no arguments: the help, and exit 2", async () => {
    const { code, out, err } = await gate.place().run([]);
    expect({ code, out }).toEqual({ code: 2, out: "" });
    expect(err).toContain("Usage: inference-gate [options] [command]");
  });

  const wrong = [
    { args: ["chekc"], sentence: "unknown command 'chekc'\n(Did you mean check?)" },
    { args: ["check", "--nope"], sentence: "unknown option '--nope'" },
    { args: ["check", "extra"], sentence: "too many arguments for 'check'" },
    { args: ["check", "--suite"], sentence: "option '--suite <file>' argument missing" },
    { args: ["record", "--mode", "sometimes"], sentence: "Allowed choices are missing, changed, all." },
    { args: ["explain"], sentence: "missing required argument 'target'" },
    { args: ["--color", "blue", "check"], sentence: "Allowed choices are auto, always, never." },
  ];

  test("each gets one error, the way to the help, and exit 2", async () => {
    const place = gate.place();
    const told = await Promise.all(wrong.map(async ({ args, sentence }) => ({ sentence, ...(await place.run(args)) })));
    for (const { sentence, code, out, err } of told) {
      expect({ sentence, code, out }).toEqual({ sentence, code: 2, out: "" });
      expect(err).toContain(sentence);
      expect(err).toMatch(/\(see inference-gate --help\)\n$/);
    }
  });

  test("a suite that is not there: its name, what to do, exit 2, and no folder grows", async () => {
    const place = gate.place();
    for (const verb of ["check", "record"]) {
      const { code, out } = await place.run([verb]);
      expect(code).toBe(2);
      expect(out).toContain("inference-gate/suite.yml");
      expect(out).toContain("inference-gate init");
    }
    expect(place.tree(".").size).toBe(0);
  });
});

describe("init", () => {
  test("writes files that load, says so, and refuses to overwrite any of them", async () => {
    const place = gate.place();
    const first = await place.run(["init", "--name", "my shop"]);
    expect({ code: first.code, err: first.err }).toEqual({ code: 0, err: "" });
    expect(first.out).toContain("  inference-gate/suite.yml\n");
    const written = place.tree(".");
    for (const path of written.keys()) expect(first.out).toContain(path);
    // The suite is sound but for the model that it cannot know.
    const check = await place.run(["check"]);
    expect(check.code).toBe(2);
    expect(check.out).toContain("✗ USAGE  1 mistake to mend, nothing ran");
    expect(check.out).toContain(
      'model.path names a path that cannot be used: "models/my-model.gguf". [suite/path-not-found]',
    );
    place.write("inference-gate/models/my-model.gguf", "");
    const sound = await place.run(["check"]);
    expect(sound.code).toBe(2);
    expect(sound.out).toContain("Nothing has been recorded for this suite yet. [commands/no-goldens-yet]");
    expect(sound.out).toContain("suite   my-shop (inference-gate/suite.yml)");

    const again = await place.run(["init"]);
    expect(again.code).toBe(2);
    expect(again.err).toContain("init would overwrite files, so it wrote nothing. [commands/would-overwrite]");
    for (const [path, text] of written) expect(place.read(path)).toBe(text);
  });

  test("one file in the way: nothing else is written", async () => {
    const place = gate.place();
    place.write(".github/workflows/inference-gate.yml", "mine\n");
    const { code, err } = await place.run(["init"]);
    expect(code).toBe(2);
    expect(err).toContain(".github/workflows/inference-gate.yml");
    expect([...place.tree(".")]).toEqual([[".github/workflows/inference-gate.yml", "mine\n"]]);
  });

  test("a folder in the place of the suite's folder is a file: nothing is written, and no stack is shown", async () => {
    const place = gate.place();
    place.write("inference-gate", "a file\n");
    const { code, err } = await place.run(["init"]);
    expect(code).toBe(3);
    expect(err).toContain("could not be written");
    expect(err).not.toMatch(/^ +at /m);
    expect([...place.tree(".")]).toEqual([["inference-gate", "a file\n"]]);
  });

  test("another folder and engine: the next steps name that folder's suite", async () => {
    const place = gate.place();
    const { code, out } = await place.run(["init", "--engine", "openai", "--folder", "gates/chat"]);
    expect(code).toBe(0);
    expect(out).toContain("inference-gate record --suite gates/chat/suite.yml");
    expect(out).toContain("inference-gate check --suite gates/chat/suite.yml");
    expect(await place.run(["check", "--suite", "gates/chat/suite.yml"])).toMatchObject({ code: 2 });
  });

  test("a folder outside the repository is refused", async () => {
    const place = gate.place();
    const { code, err } = await place.run(["init", "--folder", "../elsewhere"]);
    expect(code).toBe(2);
    expect(err).toContain("--folder cannot take");
    expect(place.tree(".").size).toBe(0);
  });
});

describe("explain", () => {
  test.each([
    ["suite/unknown-field", "suite/unknown-field"],
    ["drift", "drift: exit code 1"],
    ["5", "environment-changed: exit code 5"],
  ])("%s is told", async (target, sentence) => {
    const { code, out } = await gate.place().run(["explain", target]);
    expect(code).toBe(0);
    expect(out).toContain(sentence);
  });

  test("a case that was never recorded", async () => {
    const place = gate.place();
    writeSuite(place);
    const { code, out } = await place.run(["explain", "alpha"]);
    expect(code).toBe(0);
    expect(out).toContain("Prompt    Say alpha.");
    expect(out).toContain("Recorded: never");
  });

  test("nothing that is known: exit 2 with what it takes", async () => {
    const { code, err } = await gate.place().run(["explain", "suite/unknown-feild"]);
    expect(code).toBe(2);
    expect(err).toContain("Did you mean suite/unknown-field");
  });
});
