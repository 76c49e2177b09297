import { chmod, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { encodeGolden } from "../../src/goldens/golden-codec.ts";
import { type GoldenStore, goldenStore } from "../../src/goldens/golden-store.ts";
import type { CaseId } from "../../src/model/case.ts";
import type { LockedClass, LockedGolden } from "../../src/model/lock.ts";
import { GateError, type Problem } from "../../src/model/problem.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { digestOf } from "../../src/platform/hashing.ts";
import { caseId, completionOf, cpuClass, goldenOf, hardwareClass } from "./sample-golden.ts";

let folder: string;
let store: GoldenStore;
const pathOf = (id: string) => store.pathOf(cpuClass, caseId(id));

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "golden-store-"));
  store = goldenStore(folder, nodeFiles);
});
afterEach(() => rm(folder, { recursive: true, force: true }));

async function put(id: string, tokens = 20): Promise<LockedGolden> {
  const golden = goldenOf(id, completionOf(tokens));
  const text = encodeGolden(golden);
  await nodeFiles.writeAtomic(pathOf(id), text);
  return { digest: digestOf(text), contract: golden.contract, generation: golden.generation };
}

const lockOf = (goldens: readonly (readonly [string, LockedGolden])[]): LockedClass => ({
  generations: [
    { generation: 3, reason: "first", recordedAt: "2026-11-23T00:00:00.000Z", recordedBy: "test", accepted: null },
  ],
  contract: {},
  environment: {},
  goldens: new Map<CaseId, LockedGolden>(goldens.map(([id, entry]) => [caseId(id), entry])),
});

async function problemsOf(work: Promise<unknown>): Promise<readonly Problem[]> {
  const error = await work.then(
    () => null,
    (thrown) => thrown,
  );
  if (error instanceof GateError) return error.problems;
  throw new Error(`no GateError: ${error}`);
}

const codes = (problems: readonly Problem[]) => problems.map(({ code }) => code).sort();

describe("the golden store", () => {
  test("reads what was recorded", async () => {
    const locked = await put("essay");
    expect((await store.read(cpuClass, caseId("essay"), locked)).caseId).toBe("essay");
    expect(await store.verify(lockOf([["essay", locked]]), cpuClass)).toEqual([]);
  });

  test.each<[string, (text: string) => string, string]>([
    ["edited", (text) => text.replace("w0", "W0"), "other contents"],
    ["cut in half", (text) => text.slice(0, text.length / 2), "a file that is cut short"],
    ["emptied", () => "", "an empty file"],
    ["checked out with Windows line ends", (text) => text.replaceAll("\n", "\r\n"), "Windows line ends"],
    ["a Git LFS pointer", () => "version https://git-lfs.github.com/spec/v1\noid sha256:aa\n", "Git LFS pointer"],
    ["in a merge conflict", (text) => `<<<<<<< HEAD\n${text}=======\n${text}>>>>>>> main\n`, "merge conflict"],
  ])("a golden that is %s is named as that, before it is decoded", async (_, change, found) => {
    const locked = await put("essay");
    await writeFile(pathOf("essay"), change(await readFile(pathOf("essay"), "utf8")));
    const [problem, ...others] = await problemsOf(store.read(cpuClass, caseId("essay"), locked));
    expect(others).toEqual([]);
    expect(problem?.code).toBe("goldens/changed");
    expect(problem?.found).toContain(found);
    expect(problem?.help.length).toBeGreaterThan(0);
  });

  test("a golden that the lock names and that is not there", async () => {
    const locked = await put("essay");
    await rm(pathOf("essay"));
    expect(codes(await problemsOf(store.read(cpuClass, caseId("essay"), locked)))).toEqual(["goldens/file-missing"]);
  });

  test("a golden renamed in upper and lower case only is told by that", async () => {
    const locked = await put("essay");
    await rename(pathOf("essay"), pathOf("Essay"));
    const problems = await store.verify(lockOf([["essay", locked]]), cpuClass);
    expect(codes(problems)).toEqual(["goldens/file-missing"]);
    expect(problems[0]?.found).toContain('"Essay.json"');
  });

  test("a lock whose generation or contract was edited", async () => {
    const locked = await put("essay");
    const edited = { ...locked, generation: 4, contract: digestOf("other") };
    const problems = await problemsOf(store.read(cpuClass, caseId("essay"), edited));
    expect(problems.map(({ title }) => title)).toEqual([
      "Golden and lock disagree about the generation.",
      "Golden and lock disagree about the contract.",
    ]);
  });

  test("verify tells every problem of a class at once", async () => {
    const [kept, edited, gone] = [await put("kept"), await put("edited"), await put("gone")];
    await put("stranger");
    await writeFile(pathOf("edited"), "{}");
    await rm(pathOf("gone"));
    const lock = lockOf([
      ["kept", kept],
      ["edited", edited],
      ["gone", gone],
    ]);
    expect(codes(await store.verify(lock, cpuClass))).toEqual([
      "goldens/changed",
      "goldens/file-missing",
      "goldens/not-in-lock",
    ]);
  });

  test("verify tells case ids that are one file on other systems", async () => {
    const lock = lockOf([
      ["essay", await put("essay")],
      ["Essay", await put("Essay")],
    ]);
    expect(codes(await store.verify(lock, cpuClass))).toEqual(["goldens/names-collide"]);
  });

  test("verifyAll tells goldens of a class that the lock does not know", async () => {
    const locked = await put("essay");
    const other = hardwareClass("cc9.0-sm132-x1");
    await nodeFiles.writeAtomic(store.pathOf(other, caseId("essay")), "{}");
    const lock = { suite: "s", classes: new Map([[cpuClass, lockOf([["essay", locked]])]]) };
    const problems = await store.verifyAll(lock);
    expect(codes(problems)).toEqual(["goldens/not-in-lock"]);
    expect(problems[0]?.location?.file).toContain(other);
  });

  test("a folder in a golden's place, and a folder without permission, are told and not thrown through", async () => {
    const locked = await put("essay");
    await rm(pathOf("essay"));
    await mkdir(pathOf("essay"));
    expect(codes(await store.verify(lockOf([["essay", locked]]), cpuClass))).toEqual(["goldens/not-read"]);
  });

  test("list knows goldens, leaves hidden files out and reports foreign ones", async () => {
    await put("b");
    await put("a");
    await writeFile(join(dirname(pathOf("a")), ".a.json.12-1.tmp"), "");
    await writeFile(join(dirname(pathOf("a")), "a.json.orig"), "");
    await writeFile(join(dirname(pathOf("a")), "a (copy).json"), "");
    await chmod(pathOf("a"), 0o444);
    expect(await store.list(cpuClass)).toEqual({ ids: ["a", "b"], foreign: ["a (copy).json", "a.json.orig"] });
    expect(await store.list(hardwareClass("cc9.0-sm132-x1"))).toEqual({ ids: [], foreign: [] });
  });
});
