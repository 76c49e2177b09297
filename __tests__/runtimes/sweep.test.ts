/** The sweep of records: which it trusts, which it leaves alone, which it removes. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "@jest/globals";
import { ownIdentity, processIdentity } from "../../src/platform/process-identity.ts";
import { type LaunchRecord, launchRecords, ownPlace } from "../../src/runtimes/launch-records.ts";
import { sweepLaunches } from "../../src/runtimes/sweep.ts";

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "gate-sweep-"));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const sweep = () => sweepLaunches(launchRecords(folder));
const names = () => readdir(join(folder, "launches"));

/** A record whose owner has died: its process id now means us, who started at another time. */
function recordOf(changes: Partial<LaunchRecord> = {}): LaunchRecord {
  const own = ownIdentity();
  return {
    version: 1,
    launch: randomUUID(),
    owner: { ...own, startedTicks: own.startedTicks - 1 },
    place: ownPlace(),
    program: "/opt/engine",
    leader: null,
    group: null,
    ...changes,
  };
}

test("an empty or missing state folder is nothing to sweep", async () => {
  expect(await sweep()).toEqual([]);
});

test("a record of a dead owner without any process is removed in silence", async () => {
  await launchRecords(folder).write(recordOf());
  expect(await sweep()).toEqual([]);
  expect(await names()).toEqual([]);
});

test("a process that only has the id or group of the record's is not touched", async () => {
  const stranger = spawn("cat", { detached: true, stdio: ["pipe", "ignore", "ignore"] });
  await once(stranger, "spawn");
  const identity = processIdentity(stranger.pid ?? -1);
  if (identity === null) throw new Error("no process");
  const leader = { ...identity, startedTicks: identity.startedTicks - 1 };
  await launchRecords(folder).write(recordOf({ leader, group: identity.pid }));
  expect(await sweep()).toEqual([]);
  expect(await names()).toEqual([]);
  expect(processIdentity(identity.pid)).toEqual(identity);
  stranger.stdin.end();
  await once(stranger, "exit");
  expect(stranger.exitCode).toBe(0);
});

test("the recorded process is ended even when its environment no longer tells", async () => {
  const engine = spawn("cat", { detached: true, env: {}, stdio: ["pipe", "ignore", "ignore"] });
  await once(engine, "spawn");
  const exit = once(engine, "exit");
  await launchRecords(folder).write(recordOf({ leader: processIdentity(engine.pid ?? -1), group: engine.pid ?? null }));
  expect(await sweep()).toEqual([`/opt/engine (process ${engine.pid}), left by an inference-gate that was killed`]);
  await exit;
  expect(engine.signalCode).toBe("SIGTERM");
  expect(await names()).toEqual([]);
});

test("a state folder that cannot be read is told", async () => {
  await mkdir(join(folder, "launches"), { recursive: true });
  const file = join(folder, "launches", "loop.json");
  await symlink(file, file);
  await expect(sweepLaunches(launchRecords(file))).rejects.toThrow("cannot be used");
});

test.each([
  ["a living owner", { owner: ownIdentity() }],
  ["another host that shares the folder", { place: { ...ownPlace(), host: "elsewhere.example" } }],
  ["another container of this host", { place: { ...ownPlace(), pidNamespace: "pid:[1]" } }],
])("the record of %s stays", async (_, changes) => {
  await launchRecords(folder).write(recordOf(changes));
  expect(await sweep()).toEqual([]);
  expect(await names()).toHaveLength(1);
});

test("the record of another host is forgotten after 30 days, that of another boot at once", async () => {
  const elsewhere = recordOf({ place: { ...ownPlace(), host: "elsewhere.example" } });
  await launchRecords(folder).write(elsewhere);
  const long = new Date("2020-01-01T00:00:00Z");
  await utimes(join(folder, "launches", `${elsewhere.launch}.json`), long, long);
  await launchRecords(folder).write(recordOf({ owner: { ...ownIdentity(), bootId: "an earlier boot" } }));
  expect(await sweep()).toEqual([]);
  expect(await names()).toEqual([]);
});

test.each([
  ["cut in half", '{"version":1,"launch":"'],
  ["empty", ""],
  ["no record", "[]"],
  ["of wrong types", '{"version":1,"launch":"../../etc","owner":{"pid":"1"}}'],
  ["bytes", "\u0000\u0001"],
])("a record that is %s is told and removed, and nothing is ended", async (_, content) => {
  await mkdir(join(folder, "launches"), { recursive: true });
  const file = join(folder, "launches", `${randomUUID()}.json`);
  await writeFile(file, content);
  const swept = await sweep();
  expect(swept).toHaveLength(1);
  expect(swept[0]).toContain(".json");
  expect(swept[0]).toContain("could not be read");
  expect(await names()).toEqual([]);
});

test("a record of a newer version is left to that version", async () => {
  await mkdir(join(folder, "launches"), { recursive: true });
  await writeFile(join(folder, "launches", `${randomUUID()}.json`), '{"version":2}');
  expect(await sweep()).toEqual([]);
  expect(await names()).toHaveLength(1);
});

test("the newest twenty logs stay, and those of launches that still run", async () => {
  const records = launchRecords(folder);
  const live = recordOf({ owner: ownIdentity() });
  await records.write(live);
  for (let minute = 0; minute < 25; minute += 1) {
    const at = new Date(Date.UTC(2026, 0, 1, 0, minute));
    const log = records.logFile(minute === 0 ? live.launch : `log-${String(minute).padStart(2, "0")}`);
    await writeFile(log, "");
    await utimes(log, at, at);
  }
  await sweep();
  const kept = await readdir(join(folder, "logs"));
  expect(kept.filter((name) => name.startsWith("log-")).sort()[0]).toBe("log-05.log");
  expect(kept).toContain(`${live.launch}.log`);
  expect(kept).toHaveLength(21);
});
