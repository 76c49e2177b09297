/** The record lock between real processes: one wins, the dead are taken over from. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import { withRecordLock } from "../../src/goldens/record-lock.ts";
import { GateError, type Problem } from "../../src/model/problem.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { ownIdentity } from "../../src/platform/process-identity.ts";
import { bundledProgram } from "./bundled-program.ts";

let programs: string;
let program: string;
let folder: string;
const children: ChildProcess[] = [];

beforeAll(async () => {
  programs = await mkdtemp(join(tmpdir(), "programs-"));
  program = await bundledProgram("take-lock", programs);
});
afterAll(() => rm(programs, { recursive: true, force: true }));
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "record-lock-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** A process that waits to be told to take the lock. */
async function taker() {
  const child = spawn(process.execPath, [program, folder], { stdio: ["pipe", "pipe", "inherit"] });
  children.push(child);
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const next = async (): Promise<string> => (await lines.next()).value ?? "ended";
  expect(await next()).toBe("ready");
  return {
    child,
    async take() {
      child.stdin.write("go\n");
      return next();
    },
    async end() {
      child.stdin.end();
      if (child.exitCode === null) await once(child, "exit");
    },
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

async function problemOf(work: Promise<unknown>): Promise<Problem | null> {
  const error = await work.then(
    () => null,
    (thrown) => thrown,
  );
  if (error === null) return null;
  if (error instanceof GateError) return error.problems[0] ?? null;
  throw error;
}

const record = () => withRecordLock(folder, nodeFiles, async () => "recorded");

describe("the record lock", () => {
  test("gives back what the work gives, and can be taken again", async () => {
    for (let round = 0; round < 3; round += 1) expect(await record()).toBe("recorded");
  });

  test("is given back when the work fails", async () => {
    const failing = withRecordLock(folder, nodeFiles, async () => {
      throw new Error("engine died");
    });
    await expect(failing).rejects.toThrow("engine died");
    expect(await record()).toBe("recorded");
  });

  test("a living owner is named with its process and since when", async () => {
    const owner = await taker();
    expect(await owner.take()).toBe("won");
    const problem = await problemOf(record());
    expect(problem?.code).toBe("goldens/record-running");
    expect(problem?.found).toMatch(new RegExp(`^process ${owner.child.pid}, recording since 20[0-9-]+T`));
    await owner.end();
    expect(await record()).toBe("recorded");
  });

  test("the lock of a killed process is taken over at once", async () => {
    const owner = await taker();
    expect(await owner.take()).toBe("won");
    await owner.kill();
    expect(await record()).toBe("recorded");
  });

  test("the same process cannot take it twice", async () => {
    const problem = await withRecordLock(folder, nodeFiles, () => problemOf(record()));
    expect(problem?.code).toBe("goldens/record-running");
  });

  test.each(["no lock", "a killed process's lock"])(
    "of six at once, with %s before, exactly one wins",
    async (before) => {
      if (before !== "no lock") {
        const dead = await taker();
        expect(await dead.take()).toBe("won");
        await dead.kill();
      }
      const takers = await Promise.all(Array.from({ length: 6 }, taker));
      const answers = await Promise.all(takers.map((one) => one.take()));
      expect(answers.toSorted()).toEqual([...Array(5).fill("goldens/record-running"), "won"]);
      await Promise.all(takers.map((one) => one.end()));
      expect(await record()).toBe("recorded");
    },
  );

  test("a process id that means another process by now holds nothing", async () => {
    const { pid, startedTicks, bootId } = ownIdentity();
    const since = "2026-11-23T00:00:00.000Z";
    for (const owner of [
      { pid, startedTicks: startedTicks - 1, bootId, since },
      { pid, startedTicks, bootId: "00000000-0000-0000-0000-000000000000", since },
    ]) {
      const ticket = join(folder, ".inference-gate/record-lock", "7");
      await mkdir(ticket, { recursive: true });
      await writeFile(join(ticket, "owner.json"), JSON.stringify(owner));
      expect(await record()).toBe("recorded");
      await rm(join(folder, ".inference-gate"), { recursive: true });
    }
  });

  test("old tickets and those of processes that died while asking are tidied away", async () => {
    const locks = join(folder, ".inference-gate/record-lock");
    const ended = await taker();
    await ended.end();
    await mkdir(join(locks, `asking-${ended.child.pid}-1`), { recursive: true });
    for (let round = 0; round < 40; round += 1) await record();
    const names = await readdir(locks);
    expect(names).toContain("40");
    expect(names.length).toBeLessThanOrEqual(16);
  });

  test("a folder that cannot be written to is told", async () => {
    await writeFile(join(folder, ".inference-gate"), "a file in its place");
    expect((await problemOf(record()))?.code).toBe("goldens/not-written");
  });
});
