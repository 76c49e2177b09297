/** `check --base`: goldens that a change brings itself, in a real repository. */
import { spawnSync } from "node:child_process";
import { createHash } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { type Report, reportSchema } from "../../src/report/report.ts";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { files, script, writeSuite } from "./words-suite.ts";

let gate: Gate;
/** A repository whose branch `main` holds three goldens, and whose branch `change` re-records alpha and beta with a reason. */
let changed: Place;

const drift = ["alpha: { generate: { change_at: 7 } }", "beta: { generate: { change_at: 3 } }"];
const why = ["--reason", "a new style guide"];

function git(place: Place, ...words: readonly string[]): string {
  const who = ["-c", "user.name=me", "-c", "user.email=me@example.org", "-c", "init.defaultBranch=main"];
  const ran = spawnSync("git", ["-C", place.folder, ...who, ...words], { encoding: "utf8" });
  expect(ran.stderr).toBe("");
  return ran.stdout.trim();
}

function commit(place: Place, what: string): void {
  git(place, "add", ".");
  git(place, "commit", "-qm", what);
}

beforeAll(async () => {
  gate = buildGate();
  changed = gate.place();
  writeSuite(changed);
  git(changed, "init", "-q");
  expect((await changed.run(["record"])).code).toBe(0);
  commit(changed, "goldens");
  git(changed, "switch", "-qc", "change");
  script(changed, drift);
  expect((await changed.run(["check", "--keep-going"])).code).toBe(1);
  expect((await changed.run(["accept", ...why])).code).toBe(0);
  commit(changed, "accept");
});
afterAll(() => gate.remove());

const sha256 = (text: string) => createHash("sha256").update(text).digest("hex");
const reportOf = (place: Place): Report => reportSchema.parse(JSON.parse(place.read(`${files.work}/report.json`)));

test("a change without goldens of its own says nothing of them", async () => {
  const place = gate.place(changed);
  const { code, out } = await place.run(["check", "--base", "change"]);
  expect(code).toBe(0);
  expect(out).not.toContain("This change");
  expect(reportOf(place).goldenChanges?.cases).toEqual([]);
});

test("re-recorded cases are told of with their reason and how their texts differ", async () => {
  const place = gate.place(changed);
  const { code, out } = await place.run(["check", "--base", "main"]);
  expect(code).toBe(0);
  const base = git(place, "rev-parse", "main");
  expect(out).toContain(
    `This change re-records 2 cases\n  held against ${base.slice(0, 12)}, accept-changes with-reason\n`,
  );
  expect(out).toMatch(/alpha on \S+, changed: a new style guide\n/);
  const cases = reportOf(place).goldenChanges?.cases ?? [];
  expect(cases.map(({ id, kind, generation }) => [id, kind, generation])).toEqual([
    ["alpha", "changed", 2],
    ["beta", "changed", 2],
  ]);
  expect(cases[0]?.diff?.map(({ kind }) => kind)).toContain("removed");
});

test("`never` refuses them before an engine is started, and shows them all the same", async () => {
  const place = gate.place(changed);
  const { code, out } = await place.run(["check", "--base", "main", "--accept-changes", "never"]);
  expect(code).toBe(2);
  expect(out).toContain("This change replaces or removes 2 goldens, which its policy does not allow.");
  expect(out).toContain("[goldens/changed-against-policy]");
  expect(out).toContain("alpha on ");
  expect(reportOf(place)).toMatchObject({ verdict: "usage", tokens: { generated: 0 } });
});

/** Somebody rewrites a golden and the digest of it in the lock, and nothing else. */
function forge(place: Place, folder = "inference-gate"): void {
  const golden = [...place.tree(`${folder}/goldens`)].find(([name]) => name.endsWith("gamma.json"));
  if (golden === undefined) throw new Error("no golden");
  const path = `${folder}/goldens/${golden[0]}`;
  const lock = `${folder}/suite.lock.yml`;
  const before = sha256(golden[1]);
  const text = golden[1].replace('"finish_reason": "length"', '"finish_reason": "stop"');
  expect(text).not.toBe(golden[1]);
  place.write(path, text);
  place.write(lock, place.read(lock).replace(before, sha256(text)));
}

describe("a suite that the change moves", () => {
  const suite = ["--suite", "gates/words.yml"];
  /** From `inference-gate/` to `gates/`, on a branch of its own. */
  function moved(): Place {
    const place = gate.place(changed);
    git(place, "switch", "-q", "main");
    git(place, "switch", "-qc", "move");
    git(place, "mv", "inference-gate", "gates");
    git(place, "mv", "gates/suite.yml", "gates/words.yml");
    git(place, "mv", "gates/suite.lock.yml", "gates/words.lock.yml");
    script(place, []);
    place.write("gates/script.yml", place.read(files.script));
    return place;
  }
  const rename = (place: Place) => {
    for (const file of ["gates/words.yml", "gates/words.lock.yml"]) {
      place.write(file, place.read(file).replace(/^(name|suite): words$/m, "$1: sentences"));
    }
  };
  const forgeMoved = (place: Place) => {
    place.write("gates/suite.lock.yml", place.read("gates/words.lock.yml"));
    forge(place, "gates");
    place.write("gates/words.lock.yml", place.read("gates/suite.lock.yml"));
    place.remove("gates/suite.lock.yml");
  };

  test.each<[string, (place: Place) => void]>([
    ["moved", () => {}],
    ["moved and renamed", rename],
  ])("brings no golden of its own when it is only %s, and that is told", async (_, alter) => {
    const place = moved();
    alter(place);
    const { code, out } = await place.run(["check", ...suite, "--base", "main", "--accept-changes", "never"]);
    expect(out).toContain("This change moves the suite\n");
    expect(out).toContain("moved from inference-gate/suite.lock.yml");
    expect(code).toBe(0);
    const report = reportSchema.parse(JSON.parse(place.read("gates/.inference-gate/report.json")));
    expect(report.goldenChanges).toMatchObject({ movedFrom: "inference-gate/suite.lock.yml", cases: [] });
  });

  test.each<[string, (place: Place) => void]>([
    ["moved", () => {}],
    ["moved and renamed", rename],
  ])("is held against its goldens of before when it is %s and changes one on the way", async (_, alter) => {
    const place = moved();
    alter(place);
    forgeMoved(place);
    const { code, out } = await place.run(["check", ...suite, "--base", "main"]);
    expect(code).toBe(2);
    expect(out).toContain("This change moves the suite and re-records 1 case\n");
    expect(out).toContain("no new generation with a reason: gamma");
  });

  test("is another one where the old one stays: its goldens are added", async () => {
    const place = moved();
    rename(place);
    git(place, "checkout", "-q", "main", "--", "inference-gate");
    const { code, out } = await place.run(["check", ...suite, "--base", "main", "--accept-changes", "never"]);
    expect(out).toContain("This change adds 3 goldens\n");
    expect(code).toBe(0);
  });
});

describe("goldens without a generation of their own", () => {
  test("are refused by `with-reason`, also by hand and digest", async () => {
    const place = gate.place(changed);
    forge(place);
    const { code, out } = await place.run(["check", "--base", "main"]);
    expect(code).toBe(2);
    expect(out).toContain("no new generation with a reason: gamma");
  });

  test("pass with `always`, and are judged", async () => {
    const place = gate.place(changed);
    forge(place);
    const { code, out } = await place.run(["check", "--base", "main", "--accept-changes", "always"]);
    expect(code).toBe(1);
    expect(out).toMatch(/gamma on \S+, changed: no reason given\n/);
  });
});

/** Somebody pastes what the engine would measure now, and rewrites why the old generation was recorded. */
function editLock(place: Place, edit: (lock: string) => string): void {
  const before = place.read(files.lock);
  const after = edit(before);
  expect(after).not.toBe(before);
  place.write(files.lock, after);
}
const pasted = (lock: string) => lock.replace(/^( +)(engine\.version): .*$/m, '$1$2: "9.9.9"');
const rewritten = (lock: string) => lock.replace("a new style guide", "a new engine");

describe("a lock that was edited by hand beside its goldens", () => {
  test.each<[string, (lock: string) => string, string]>([
    ["another fact", pasted, "engine version"],
    ["another reason of an old generation", rewritten, "software: generation 2 was rewritten"],
    ["both", (lock) => pasted(rewritten(lock)), "generation 2 was rewritten"],
  ])("is refused before an engine is started: %s", async (_, edit, found) => {
    const place = gate.place(changed);
    editLock(place, edit);
    const { code, out } = await place.run(["check", "--base", "HEAD"]);
    expect(code).toBe(2);
    expect(out).toContain("This change edits the lock\n");
    expect(out).toContain("[goldens/lock-changed-against-policy]");
    expect(out).toContain(found);
    expect(reportOf(place)).toMatchObject({ verdict: "usage", tokens: { generated: 0 } });
  });

  test("is told of and judged with `always`", async () => {
    const place = gate.place(changed);
    editLock(place, rewritten);
    const { code, out } = await place.run(["check", "--base", "HEAD", "--accept-changes", "always"]);
    expect(code).toBe(0);
    expect(out).toContain("the lock on software: no reason given\n      generation 2 was rewritten\n");
    expect(reportOf(place).goldenChanges).toMatchObject({
      cases: [],
      lock: [{ hardwareClass: "software", reason: null, changes: ["generation 2 was rewritten"], more: 0 }],
    });
  });
});

test("goldens that the base has got since are no change of this one", async () => {
  const place = gate.place(changed);
  git(place, "switch", "-q", "main");
  expect((await place.run(["record", "--mode", "all", "--reason", "main moves on"])).code).toBe(0);
  commit(place, "main moves on");
  git(place, "switch", "-q", "change");
  await place.run(["check", "--base", "main"]);
  expect(reportOf(place).goldenChanges?.cases.map(({ id }) => id)).toEqual(["alpha", "beta"]);
});

test("everything is new where the base has no goldens, and that is allowed", async () => {
  const place = gate.place();
  writeSuite(place);
  git(place, "init", "-q");
  commit(place, "suite");
  expect((await place.run(["record"])).code).toBe(0);
  const { code, out } = await place.run(["check", "--base", "HEAD", "--accept-changes", "never"]);
  expect(code).toBe(0);
  expect(out).toContain("This change adds 3 goldens");
});

test("a clone of one commit is told how to fetch the base", async () => {
  const place = gate.place();
  const base = git(changed, "rev-parse", "main");
  git(changed, "clone", "-q", "--depth=1", "--branch=change", `file://${changed.folder}`, place.folder);
  const { code, out } = await place.run(["check", "--base", base]);
  expect(code).toBe(2);
  expect(out).toContain("[goldens/base-not-there]");
  expect(out).toContain("fetch-depth: 0");
  git(place, "fetch", "-q", "--no-tags", "--depth=1", "origin", base);
  expect((await place.run(["check", "--base", base])).code).toBe(0);
  expect(reportOf(place).goldenChanges?.cases).toHaveLength(2);
});

test("a base that is an option of git is no base", async () => {
  const { code, out } = await gate.place(changed).run(["check", "--base", "--all"]);
  expect(code).toBe(2);
  expect(out).toContain("[goldens/base-not-there]");
});
