/** `accept` as a user meets it: drift, a look, goldens and lock written with their provenance, and every run that is refused. */
import { spawnSync } from "node:child_process";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Report, reportSchema } from "../../src/report/report.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { files, recordedFiles, script, suiteText, writeSuite } from "./words-suite.ts";

let gate: Gate;
/** Three goldens of generation 1 and a whole check in which alpha and beta differ. */
let drifted: Place;

const why = ["--reason", "a new style guide"];
const reportFile = `${files.work}/report.json`;
const drift = ["alpha: { generate: { change_at: 7 } }", "beta: { generate: { change_at: 3 } }"];

beforeAll(async () => {
  gate = buildGate();
  drifted = gate.place();
  writeSuite(drifted);
  expect((await drifted.run(["record"])).code).toBe(0);
  script(drifted, drift);
  expect((await drifted.run(["check", "--keep-going"])).code).toBe(1);
});
afterAll(() => gate.remove());

const reportOf = (place: Place): Report => reportSchema.parse(JSON.parse(place.read(reportFile)));

/** The output of an `accept` that must change nothing. */
async function refused(place: Place, args: readonly string[] = why): Promise<string> {
  const before = recordedFiles(place);
  const { code, err } = await place.run(["accept", ...args]);
  expect(code).toBe(2);
  expect(recordedFiles(place)).toEqual(before);
  return err;
}

describe("a drift that is wanted", () => {
  test("becomes the goldens, and the next check matches", async () => {
    const place = gate.place(drifted);
    const { code, out } = await place.run(["accept", ...why]);
    expect(out).toContain("✓ ACCEPTED  2 goldens written, generation 2\n  written  alpha, beta\n");
    expect(code).toBe(0);
    const lock = place.read(files.lock);
    const { startedAt } = reportOf(place);
    expect(lock).toContain(
      `reason: a new style guide\n        recorded_at: ${/recorded_at: (\S+)/.exec(lock)?.[1]}\n        recorded_by: inference-gate 0.1.0\n` +
        `        accepted:\n          run: null\n          commit: null\n          checked_at: ${startedAt}\n`,
    );
    const golden = [...place.tree(files.goldens)].find(([name]) => name.endsWith("alpha.json"))?.[1] ?? "";
    expect(JSON.parse(golden).repeats).toEqual({ launches: 1, per_launch: 2, agreed: "bits" });
    expect((await place.run(["check"])).code).toBe(0);
    expect((await place.run(["accept", ...why])).out).toContain("✓ NOTHING TO ACCEPT");
  });

  test("of one case leaves the others as they are", async () => {
    const place = gate.place(drifted);
    expect((await place.run(["accept", "--only", "beta", ...why])).code).toBe(0);
    const { code, out } = await place.run(["check"]);
    expect(code).toBe(1);
    expect(out).toContain("1 of 3 cases differs");
    expect(reportOf(place).cases.find(({ id }) => id === "beta")?.verdict).toBe("match");
  });

  test("is taken from a folder of reports, as an artifact holds them", async () => {
    const place = gate.place(drifted);
    const report = reportOf(place);
    place.write("downloaded/report.json", place.read(reportFile));
    place.write("downloaded/transcript.jsonl", place.read(report.transcript ?? ""));
    place.remove(reportFile);
    place.remove(report.transcript ?? "");
    expect((await place.run(["accept", "--report", "downloaded", ...why])).code).toBe(0);
    expect((await place.run(["check"])).code).toBe(0);
  });

  test("of a redacted suite is taken as digests", async () => {
    const place = gate.place();
    writeSuite(place, [], suiteText.replace("cases:", "redact: true\ncases:"));
    expect((await place.run(["record"])).code).toBe(0);
    script(place, drift);
    expect((await place.run(["check", "--keep-going"])).code).toBe(1);
    expect((await place.run(["accept", ...why])).out).toContain("2 goldens written, generation 2");
    expect((await place.run(["check"])).code).toBe(0);
  });

  test("of a case that is asked otherwise now takes that case", async () => {
    const place = gate.place(drifted);
    script(place, []);
    place.write(files.suite, suiteText.replace("Say gamma. }", "Say gamma., sampling: { max_tokens: 12 } }"));
    expect((await place.run(["check", "--keep-going"])).code).toBe(5);
    const { out } = await place.run(["accept", ...why]);
    expect(out).toContain("written  gamma\n");
    expect((await place.run(["check"])).code).toBe(0);
  });
});

describe("--interactive", () => {
  /** `script` gives the command a terminal of its own; `answers` are typed into it. */
  function typed(place: Place, answers: string) {
    const command = ["node", gate.program, "accept", "--interactive", "--reason", "seen"].join(" ");
    const env = { PATH: process.env.PATH, HOME: place.folder, TERM: "dumb", COLUMNS: "100" };
    const options = { cwd: place.folder, env, input: answers, encoding: "utf8", timeout: 60_000 } as const;
    const ran = spawnSync("script", ["-qec", command, "/dev/null"], options);
    return { code: ran.status, out: ran.stdout.replaceAll("\r", "") };
  }

  test("shows each difference and takes what is answered with yes", async () => {
    const place = gate.place(drifted);
    const { code, out } = typed(place, "what?\nn\ny\n");
    expect(out).toContain("1 of 2  alpha\n");
    expect(out).toMatch(/- expected │ {2}\S+/);
    expect(out).toContain("✓ ACCEPTED  1 golden written, generation 2\n  written  beta\n  left as they are: alpha\n");
    expect(code).toBe(0);
    const report = await place.run(["check"]);
    expect(report.out).toContain("1 of 3 cases differs");
  });

  test("writes nothing after quit, whatever was taken before", async () => {
    const place = gate.place(drifted);
    const before = recordedFiles(place);
    const { code, out } = typed(place, "y\nq\n");
    expect(out).toContain("✓ NOTHING ACCEPTED");
    expect(code).toBe(0);
    expect(recordedFiles(place)).toEqual(before);
  });
});

describe("another environment", () => {
  async function elsewhere(): Promise<Place> {
    const place = gate.place(drifted);
    place.write(files.suite, suiteText.replace("engine: {", "engine: { env: { X: '1' },"));
    expect((await place.run(["check", "--keep-going"])).code).toBe(5);
    return place;
  }

  test("is refused without --new-generation, and names what differs", async () => {
    const said = await refused(await elsewhere());
    expect(said).toContain("[accept/new-generation-needed]");
    expect(said).toContain('engine.env.X (absent) → "1"');
  });

  test("is not taken in parts", async () => {
    const said = await refused(await elsewhere(), ["--new-generation", "--only", "alpha", ...why]);
    expect(said).toContain("left out: beta, gamma");
  });

  test("is taken whole with --new-generation, and the next check matches", async () => {
    const place = await elsewhere();
    const { out } = await place.run(["accept", "--new-generation", ...why]);
    expect(out).toContain("3 goldens written, generation 2");
    expect((await place.run(["check"])).code).toBe(0);
  });
});

describe("is refused", () => {
  test("without a reason", async () => {
    expect(await refused(gate.place(drifted), [])).toContain("[accept/reason-missing]");
  });

  test("for cases that are not there, in words of its own option", async () => {
    const said = await refused(gate.place(drifted), ["--only", "alhpa", ...why]);
    expect(said).toMatch(/^inference-gate\/suite\.yml\n {2}No case matches "alhpa"\. \[commands\/no-case-matches\]/m);
    expect(said).toContain("→ Correct --only, or leave it out");
  });

  test("in CI, unless it is allowed", async () => {
    const place = gate.place(drifted);
    const { code, err } = await place.run(["accept", ...why], { CI: "true" });
    expect(code).toBe(2);
    expect(err).toContain("[accept/in-ci]");
    expect((await place.run(["accept", "--allow-ci", ...why], { CI: "true" })).code).toBe(0);
  });

  test("when nobody can be asked", async () => {
    expect(await refused(gate.place(drifted), ["--interactive", ...why])).toContain("[accept/no-terminal]");
  });

  test("when no check was made", async () => {
    const place = gate.place(drifted);
    place.remove(reportFile);
    expect(await refused(place)).toContain("[accept/no-run]");
  });

  test("after a recording", async () => {
    const place = gate.place(drifted);
    expect((await place.run(["record", "--mode", "changed", ...why])).code).toBe(0);
    expect(await refused(place)).toContain("[accept/not-a-check]");
  });

  test("for answers that were stopped at the split", async () => {
    const place = gate.place(drifted);
    expect((await place.run(["check"])).code).toBe(1);
    const said = await refused(place);
    expect(said).toContain("cut short: alpha, beta");
    expect(said).toContain("inference-gate check --keep-going");
  });

  test("for an engine that disagrees with itself", async () => {
    const place = gate.place(drifted);
    // The first call is the warm-up, the third the one that asks again.
    script(place, ["alpha: { generate: { change_at: 7 }, on_call: { '3': { generate: { change_at: 9 } } } }"]);
    const { code } = await place.run(["check", "--keep-going"]);
    expect(code).toBe(4);
    expect(await refused(place)).toContain("[accept/unstable]");
  });

  test("for a run that could not be completed", async () => {
    const place = gate.place(drifted);
    place.write(files.suite, `${suiteText}  - { id: delta, prompt: Say delta. }\n`);
    expect((await place.run(["check", "--keep-going"])).code).toBe(3);
    expect(await refused(place)).toContain("[accept/run-not-complete]");
  });

  test("when the suite has changed since", async () => {
    const place = gate.place(drifted);
    place.write(files.suite, suiteText.replace("Say beta.", "Say beta again."));
    expect(await refused(place)).toContain("asked otherwise now: beta");
  });

  test("when the goldens have been replaced since", async () => {
    const place = gate.place(drifted);
    const report = place.read(reportFile);
    expect((await place.run(["record", "--mode", "all", ...why])).code).toBe(0);
    place.write(reportFile, report);
    expect(await refused(place)).toContain("a check against generation 1");
  });

  test("for a transcript of another run", async () => {
    const place = gate.place(drifted);
    const report = reportOf(place);
    const { transcript } = report;
    expect((await place.run(["check", "--keep-going"])).code).toBe(1);
    const later = reportOf(place).transcript ?? "";
    place.write(reportFile, JSON.stringify({ ...reportOf(place), transcript }));
    place.write(later, "");
    expect(await refused(place)).toContain("[accept/another-run]");
  });

  test("for a check of another commit", async () => {
    const place = gate.place(drifted);
    const git = (...words: readonly string[]) => {
      const who = ["-c", "user.name=me", "-c", "user.email=me@example.org"];
      expect(spawnSync("git", ["-C", place.folder, ...who, ...words], { encoding: "utf8" }).stderr).toBe("");
    };
    git("init", "-q");
    git("add", ".");
    git("commit", "-qm", "one");
    expect((await place.run(["check", "--keep-going"])).code).toBe(1);
    const { commit } = reportOf(place);
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    git("commit", "-qm", "two", "--allow-empty");
    const said = await refused(place);
    expect(said).toContain(`a check of commit ${commit?.slice(0, 12)}`);
  });
});

test("a kill while it writes leaves the old goldens or the new ones, and the next accept or record goes on", async () => {
  for (let delay = 0; delay < 4; delay += 1) {
    const place = gate.place(drifted);
    const running = place.start(["accept", ...why]);
    await new Promise<void>((resolve) => {
      running.child.stderr?.on("data", (bytes: Buffer) => {
        if (bytes.toString().includes("Writing 2 goldens")) resolve();
      });
      void running.ended.then(() => resolve());
    });
    for (let turn = 0; turn < delay * 2; turn += 1) await new Promise((resolve) => setImmediate(resolve));
    running.child.kill("SIGKILL");
    await running.ended;
    const again = await place.run(["accept", ...why]);
    // Completed by the second one, the goldens are already those of the run; discarded, they are taken again.
    if (again.code !== 0) expect(again.err).toContain("a check against generation 1");
    expect((await place.run(["check"])).code).toBe(0);
  }
}, 120_000);
