/** A real process, killed by SIGKILL in the middle of what it writes. */
import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { assertNoInterruptedRecording, commitRecording, recoverRecording } from "../../src/goldens/recording.ts";
import { GateError } from "../../src/model/problem.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { bundledProgram } from "./bundled-program.ts";
import { leftoversOf, newRecording, newTree, oldSuite, oldTree, treeOf } from "./suite-on-disk.ts";

let programs: string;
let program: string;
beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), "programs-"));
  program = await bundledProgram("commit-and-die", programs);
});
afterAll(() => rm(programs, { recursive: true, force: true }));

const isOneOf = (tree: unknown) => expect([oldTree, newTree]).toContainEqual(tree);

describe("a process that is killed while it records", () => {
  test("leaves the old goldens or the new ones, at every kill point", async () => {
    const outcomes = new Set<string>();
    let signal: NodeJS.Signals | null = "SIGKILL";
    for (let at = 1; signal === "SIGKILL"; at += 1) {
      const folder = await oldSuite();
      try {
        const child = spawn(process.execPath, [program, folder, String(at)], { stdio: "inherit" });
        [, signal] = await once(child, "exit");
        const usable = await assertNoInterruptedRecording(folder, nodeFiles).then(
          () => true,
          (error) => !(error instanceof GateError),
        );
        if (usable) isOneOf(await treeOf(folder));
        outcomes.add(await recoverRecording(folder, nodeFiles));
        isOneOf(await treeOf(folder));
        expect(await leftoversOf(folder)).toEqual([]);
        if (signal === null) expect(await treeOf(folder)).toEqual(newTree);
      } finally {
        await rm(folder, { recursive: true, force: true });
      }
    }
    expect([...outcomes].sort()).toEqual(["completed", "discarded", "nothing"]);
  });
});

const tiny = canMount();

/** Mounting needs root; elsewhere the full disk is only planted (recording.test.ts). */
function canMount(): boolean {
  if (process.getuid?.() !== 0) return false;
  return (
    spawnSync("sh", ["-c", "d=$(mktemp -d) && mount -t tmpfs -o size=64k none $d && umount $d; rmdir $d"]).status === 0
  );
}

(tiny ? describe : describe.skip)("a disk that is really full", () => {
  test("takes no new golden, loses no old one, and takes them when there is room", async () => {
    const folder = await mkdtemp(join(tmpdir(), "tiny-"));
    expect(spawnSync("mount", ["-t", "tmpfs", "-o", "size=128k", "none", folder]).status).toBe(0);
    try {
      for (const [path, text] of Object.entries(oldTree)) await nodeFiles.writeAtomic(join(folder, path), text);
      const big = "x".repeat(80_000);
      await writeFile(join(folder, "filler"), big);
      const recording = newRecording(folder);
      const goldens = [...recording.goldens].map(({ path }) => ({ path, text: big.slice(0, 20_000) }));
      const failed = await commitRecording({ ...recording, goldens }, nodeFiles).then(
        () => null,
        (error) => error,
      );
      expect(failed).toBeInstanceOf(GateError);
      expect(failed.problems.map(({ code }: { code: string }) => code)).toEqual(["goldens/disk-full"]);
      expect(await leftoversOf(folder)).toEqual([]);
      await rm(join(folder, "filler"));
      expect(await treeOf(folder)).toEqual(oldTree);
      await commitRecording({ ...recording, goldens }, nodeFiles);
      expect((await stat(join(folder, "goldens/cpu-t4/first.json"))).size).toBe(20_000);
    } finally {
      spawnSync("umount", [folder]);
      await rm(folder, { recursive: true, force: true });
    }
  });
});
