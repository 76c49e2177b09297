/** The demo from a fresh folder to its end, on the real server and the real model, as `npm run demo` runs it. */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { cacheFolder } from "../../src/demo/cache-folder.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { buildGate, type Gate, type Place, type Ran } from "./gate.ts";
import { realPartsForTests } from "./real-parts.ts";

let gate: Gate;
let place: Place;
beforeAll(async () => {
  gate = buildGate();
  gate.withDrivers();
  place = gate.place();
  await realPartsForTests();
});
afterAll(() => gate.remove());

/** With the parts that were fetched already; everything else in the test's own folder. */
const env = { INFERENCE_GATE_CACHE: cacheFolder(process.env) };
const demo = (...options: readonly string[]) => place.run(["demo", "--folder", "demo", ...options], env);
const path = (name: string) => join(place.folder, "demo", name);
const steps = ({ out }: Ran) => [...out.matchAll(/^── \d+\. (.+?) ─+$/gm)].map(([, title]) => title);
const lines = ({ out }: Ran, start: string) => out.split("\n").filter((line) => line.startsWith(start));
const shown = ["Record goldens", "Check against them"];
const planted = ["Somebody changes the seed", "Somebody replaces the weight file", "Somebody edits the chat template"];

/** Runs the demo until its log says `text`, then ends it as a user would. */
async function interruptedAt(text: string): Promise<Ran> {
  const { child, ended } = place.start(["demo", "--folder", "demo"], env);
  let log = "";
  const stop = (bytes: Buffer) => {
    log += bytes.toString("utf8");
    if (log.includes(text) && !child.killed) child.kill("SIGINT");
  };
  child.stdout?.on("data", stop);
  child.stderr?.on("data", stop);
  return ended;
}

test("a recording that is interrupted with Ctrl-C ends with 130 and leaves nothing running", async () => {
  const ran = await interruptedAt("1/12  match");
  expect([ran.code, steps(ran)]).toEqual([130, ["Record goldens"]]);
  expect(ran.out).toContain("Interrupted by SIGINT: nothing was recorded.");
  expect(markedProcesses(place.folder)).toEqual([]);
});

describe("the next demo in the same folder", () => {
  let ran: Ran;
  beforeAll(async () => {
    ran = await demo();
  });

  test("ends with 0 after every step", () => {
    expect([ran.code, steps(ran)]).toEqual([0, [...shown, ...planted]]);
  });

  test("records three goldens that a check matches, and names each planted change", () => {
    expect(lines(ran, "  written  ")).toEqual(["  written  sea-essay, lighthouse-story, bread-recipe"]);
    expect(lines(ran, "✓ MATCH  all 3 cases")).toHaveLength(1);
    expect(ran.out).toContain("  - sea-essay: sampling.seed 42 → 43\n");
    expect(ran.out).toMatch(/^ {2}! model file SmolLM2-135M-Instruct\.Q4_1\.gguf {2}sha256:\w+… → sha256:\w+…$/m);
    expect(ran.out).toMatch(/^ {2}! chat template +sha256:\w+… → sha256:\w+…$/m);
    expect(lines(ran, "✗ ENVIRONMENT CHANGED")).toHaveLength(3);
  });

  test("shows one split from near: both texts, the margin and the cause", () => {
    const closeUp = ran.out.slice(ran.out.indexOf("── One split from near ──"));
    expect(closeUp).toMatch(/ splits at token [1-9]\d* of 128 /);
    for (const sign of ["-", "+"]) expect(closeUp).toMatch(new RegExp(`^  \\${sign} │ \\S`, "m"));
    expect(closeUp).toMatch(/^ {2}margin {2}when recorded, the golden's token /m);
    expect(closeUp).toMatch(/^ {2}cause {3}/m);
  });

  test("puts back what it planted", () => {
    expect(readFileSync(path("suite.yml"), "utf8")).toContain("seed: 42,");
    expect(markedProcesses(place.folder)).toEqual([]);
  });
});

test("a further demo keeps the goldens, byte for byte, and matches them", async () => {
  const before = place.tree("demo/goldens");
  expect(before.size).toBe(3);
  const ran = await interruptedAt("Somebody changes the seed");
  expect(steps(ran)).toEqual([...shown, planted[0]]);
  expect(lines(ran, "✓ MATCH  all 3 cases")).toHaveLength(1);
  expect(lines(ran, "  kept ")).toEqual(["  kept     bread-recipe, lighthouse-story, sea-essay"]);
  expect(place.tree("demo/goldens")).toEqual(before);
});

describe("what an earlier demo left and nobody can use:", () => {
  const edit = (name: string, change: (text: string) => string) =>
    writeFileSync(path(name), change(readFileSync(path(name), "utf8")));
  const goldenPath = () => `goldens/${[...place.tree("demo/goldens").keys()][0]}`;

  test.each([
    ["a golden that was edited", () => edit(goldenPath(), (text) => `${text}\n`)],
    ["a lock of another version", () => edit("suite.lock.yml", (text) => text.replace(/^version: 1$/m, "version: 9"))],
    ["half a lock", () => edit("suite.lock.yml", (text) => text.slice(0, text.length / 2))],
    ["a journal of something else", () => writeFileSync(path(".inference-gate/journal.json"), "{}")],
  ])("%s is named, forgotten, and recorded again", async (_, spoil) => {
    const kept = place.tree("demo");
    spoil();
    const ran = await interruptedAt("Start over");
    expect(steps(ran)).toEqual(expect.arrayContaining(["Start over"]));
    expect(ran.out).toMatch(/What an earlier demo recorded here cannot be used\. \S.+ It is forgotten/);
    expect([existsSync(path("goldens")), existsSync(path("suite.lock.yml"))]).toEqual([false, false]);
    for (const [name, text] of kept) if (/^(?:goldens|suite)/.test(name)) place.write(`demo/${name}`, text);
  });
});

test("a folder of somebody else is refused and stays as it was", async () => {
  mkdirSync(join(place.folder, "mine"));
  place.write("mine/suite.yml", "version: 1\n");
  const ran = await place.run(["demo", "--folder", "mine", "--fresh"], env);
  expect(ran.code).toBe(2);
  expect(ran.text).toContain("The demo works only in a folder that it made itself. [demo/folder-not-ours]");
  expect(place.tree("mine")).toEqual(new Map([["suite.yml", "version: 1\n"]]));
});
