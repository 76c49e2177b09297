import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import {
  assertNoInterruptedRecording,
  commitRecording,
  interruptedRecording,
  recoverRecording,
} from "../../src/goldens/recording.ts";
import { GateError } from "../../src/model/problem.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { type Interruption, interruptingFiles } from "./interrupting-files.ts";
import { leftoversOf, newRecording, newTree, oldSuite, oldTree, treeOf } from "./suite-on-disk.ts";

let folder: string;
beforeEach(async () => {
  folder = await oldSuite();
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const freshFolder = async () => {
  await rm(folder, { recursive: true, force: true });
  folder = await oldSuite();
};

async function codeOf(work: Promise<unknown>): Promise<string | null> {
  const error = await work.then(
    () => null,
    (thrown) => thrown,
  );
  if (error === null) return null;
  if (error instanceof GateError) return error.problems.map(({ code }) => code).join();
  throw error;
}

/** Operations of one whole commit. */
async function operations(): Promise<number> {
  const counting = interruptingFiles(nodeFiles, { at: 0, kind: "once", done: "before", code: "EIO" });
  await commitRecording(newRecording(folder), counting.files);
  return counting.count();
}

describe("a recording", () => {
  test("replaces, adds and removes goldens and the lock, and leaves nothing else", async () => {
    await commitRecording(newRecording(folder), nodeFiles);
    expect(await treeOf(folder)).toEqual(newTree);
    expect(await leftoversOf(folder)).toEqual([]);
    expect(await interruptedRecording(folder, nodeFiles)).toBe("none");
    expect(await readFile(join(folder, ".inference-gate/.gitignore"), "utf8")).toBe("*\n");
  });

  test("killed at any operation and recovered, it is the old one or the new one; before that nothing uses a mixture", async () => {
    const total = await operations();
    const seen = new Set<string>();
    for (const done of ["before", "after"] as const) {
      for (let at = 1; at <= total; at += 1) {
        await freshFolder();
        const interruption: Interruption = { at, kind: "killed", done, code: "EIO" };
        await codeOf(commitRecording(newRecording(folder), interruptingFiles(nodeFiles, interruption).files));

        const before = await treeOf(folder);
        const refusal = await codeOf(assertNoInterruptedRecording(folder, nodeFiles));
        if (refusal === null) expect([oldTree, newTree]).toContainEqual(before);
        else expect(refusal).toBe("goldens/recording-interrupted");

        const outcome = await recoverRecording(folder, nodeFiles);
        seen.add(outcome);
        const expected = { completed: newTree, discarded: oldTree, nothing: before }[outcome];
        expect(await treeOf(folder)).toEqual(expected);
        expect(await leftoversOf(folder)).toEqual([]);
        expect(await codeOf(assertNoInterruptedRecording(folder, nodeFiles))).toBeNull();
      }
    }
    expect([...seen].sort()).toEqual(["completed", "discarded", "nothing"]);
  });

  test("a recovery that is itself killed at any operation is recovered by the next", async () => {
    const total = await operations();
    const killed = (at: number): Interruption => ({ at, kind: "killed", done: "after", code: "EIO" });
    // The last operations: the journal stands and everything, or half of it, is still to be done.
    for (const at of [total - 13, total - 6]) {
      let recovering = interruptingFiles(nodeFiles, killed(0));
      for (let again = 1; recovering.count() >= again - 1; again += 1) {
        await freshFolder();
        await codeOf(commitRecording(newRecording(folder), interruptingFiles(nodeFiles, killed(at)).files));
        expect(await interruptedRecording(folder, nodeFiles)).toBe("committed");
        recovering = interruptingFiles(nodeFiles, killed(again));
        await recoverRecording(folder, recovering.files).catch(() => {});
        await recoverRecording(folder, nodeFiles);
        expect(await treeOf(folder)).toEqual(newTree);
        expect(await leftoversOf(folder)).toEqual([]);
      }
      expect(recovering.count()).toBeGreaterThan(5);
    }
  });

  test.each(["before", "after"] as const)(
    "when one operation fails (%s it was done), the old state stays or the journal says what is left",
    async (done) => {
      const total = await operations();
      for (let at = 1; at <= total; at += 1) {
        await freshFolder();
        const failing = interruptingFiles(nodeFiles, { at, kind: "once", done, code: "EACCES" });
        const code = await codeOf(commitRecording(newRecording(folder), failing.files));
        if (code === "goldens/not-written") {
          expect(await treeOf(folder)).toEqual(oldTree);
          expect(await leftoversOf(folder)).toEqual([]);
        } else {
          expect(code).toBe("goldens/recording-halted");
          expect(["completed", "nothing"]).toContain(await recoverRecording(folder, nodeFiles));
          expect(await treeOf(folder)).toEqual(newTree);
        }
      }
    },
  );

  test("a full disk is told as that, nothing is lost and nothing left", async () => {
    for (const at of [4, 5, 6]) {
      const full = interruptingFiles(nodeFiles, { at, kind: "once", done: "before", code: "ENOSPC" });
      expect(await codeOf(commitRecording(newRecording(folder), full.files))).toBe("goldens/disk-full");
      expect(await treeOf(folder)).toEqual(oldTree);
      expect(await leftoversOf(folder)).toEqual([]);
    }
  });

  test("two goldens that differ in upper and lower case only are refused before anything is written", async () => {
    const recording = newRecording(folder);
    const twice = [...recording.goldens, { path: join(folder, "goldens/cpu-t2/CHANGED.json"), text: "x" }];
    expect(await codeOf(commitRecording({ ...recording, goldens: twice }, nodeFiles))).toBe(
      "goldens/recording-names-collide",
    );
    expect(await treeOf(folder)).toEqual(oldTree);
    expect(await leftoversOf(folder)).toEqual([]);
  });

  test("goldens are staged one at a time", async () => {
    const recording = newRecording(folder);
    let asked = 0;
    let stagedBefore = -1;
    function* oneByOne() {
      for (const golden of recording.goldens) {
        asked += 1;
        yield golden;
      }
    }
    const watching = {
      ...nodeFiles,
      writeAtomic: async (path: string, data: string | Uint8Array) => {
        if (path.endsWith(join("staging", "0"))) stagedBefore = asked;
        await nodeFiles.writeAtomic(path, data);
      },
    };
    await commitRecording({ ...recording, goldens: oneByOne() }, watching);
    expect(stagedBefore).toBe(1);
  });
});

describe("a journal that cannot be followed", () => {
  const journalPath = () => join(folder, ".inference-gate/journal.json");
  const plant = async (journal: string) => {
    await mkdir(join(folder, ".inference-gate"), { recursive: true });
    await writeFile(journalPath(), journal);
  };
  const digest = `sha256:${"0".repeat(64)}`;
  const move = (from: string, to: string) =>
    JSON.stringify({ version: 1, moves: [{ from, to, digest }], removals: [] });

  test.each([
    ["cut short", '{"version": 1, "moves": ['],
    ["of another version", '{"version": 2, "moves": [], "removals": []}'],
    ["that leads out of the suite", move(".inference-gate/staging/0", "goldens/../../outside.json")],
    ["that takes from elsewhere", move("../secret", "goldens/cpu-t2/kept.json")],
    ["that removes elsewhere", '{"version": 1, "moves": [], "removals": ["../outside.json"]}'],
    ["that overwrites a hidden file", move(".inference-gate/staging/0", ".gitattributes")],
    ["whose files are gone", move(".inference-gate/staging/0", "goldens/cpu-t2/kept.json")],
  ])("one %s is refused and nothing is touched", async (_, journal) => {
    await plant(journal);
    expect(await codeOf(recoverRecording(folder, nodeFiles))).toBe("goldens/journal-broken");
    expect(await treeOf(folder)).toEqual(oldTree);
    expect(await codeOf(assertNoInterruptedRecording(folder, nodeFiles))).toBe("goldens/recording-interrupted");
  });

  test("a staged file that was changed is refused before anything is moved", async () => {
    const atMoves = interruptingFiles(nodeFiles, { at: 10, kind: "killed", done: "before", code: "EIO" });
    await codeOf(commitRecording(newRecording(folder), atMoves.files));
    expect(await interruptedRecording(folder, nodeFiles)).toBe("committed");
    expect(await treeOf(folder)).toEqual(oldTree);
    await writeFile(join(folder, ".inference-gate/staging/3"), "edited lock");
    expect(await codeOf(recoverRecording(folder, nodeFiles))).toBe("goldens/journal-broken");
    expect(await treeOf(folder)).toEqual(oldTree);
  });
});
