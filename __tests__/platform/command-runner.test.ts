import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { nodeCommandRunner } from "../../src/platform/command-runner.ts";

const shell = (script: string, timeoutMs = 20_000) => nodeCommandRunner.run(["sh", "-c", script], timeoutMs);

describe("nodeCommandRunner", () => {
  test("returns both outputs and the exit code", async () => {
    expect(await shell("echo out; echo err >&2; exit 3")).toEqual({
      stdout: "out\n",
      stderr: "err\n",
      code: 3,
      failure: null,
    });
  });

  test("passes words as they are, without a shell in between", async () => {
    const { stdout } = await nodeCommandRunner.run(["printf", "%s|", "a b", "$HOME", "*"], 20_000);
    expect(stdout).toBe("a b|$HOME|*|");
  });

  test("asks programs to speak English, and gives them no stdin to wait for", async () => {
    expect((await shell('cat; echo "$LC_ALL"')).stdout).toBe("C\n");
  });

  test("tells a missing program from one that fails", async () => {
    expect(await nodeCommandRunner.run(["no-such-program-anywhere"], 20_000)).toMatchObject({
      code: null,
      failure: "missing",
    });
    expect(await shell("kill -TERM $$")).toMatchObject({ code: null, failure: "signal" });
  });

  test("ends a program that hangs, with the children it started", async () => {
    const folder = await mkdtemp(join(tmpdir(), "command-runner-"));
    try {
      const pids = join(folder, "pids");
      const result = await shell(`sleep 600 & echo "$$ $!" > '${pids}'; echo started; wait`, 3_000);
      expect(result).toMatchObject({ stdout: "started\n", code: null, failure: "timeout" });
      for (const pid of (await readFile(pids, "utf8")).trim().split(" ")) await gone(Number(pid));
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  test("ends a program that floods us", async () => {
    const result = await shell("yes");
    expect(result).toMatchObject({ code: null, failure: "too-much-output" });
    expect(result.stdout.length).toBeLessThanOrEqual(16 << 20);
  });
});

/** Resolves when no process has this id any more, or only one that waits to be collected; the test's own time limit ends the wait. */
async function gone(pid: number): Promise<void> {
  for (;;) {
    const stat = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => null);
    if (stat === null || /\) [ZX] /.test(stat)) return;
  }
}
