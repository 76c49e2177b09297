/** Real processes of this machine: listed, recognised by what they were started with, and signalled. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { expect, test } from "@jest/globals";
import { processIdentity } from "../../src/platform/process-identity.ts";
import { listProcesses, signalProcess, startedWith } from "../../src/platform/processes.ts";

test("a child is listed below us, in its own group and session, with its environment, and can be ended", async () => {
  const value = randomUUID();
  const child = spawn("cat", {
    detached: true,
    env: { PATH: process.env.PATH, GATE_TEST: value },
    stdio: ["pipe", "ignore", "ignore"],
  });
  await once(child, "spawn");
  const pid = child.pid ?? -1;
  const listed = listProcesses().find(({ identity }) => identity.pid === pid);
  expect(listed).toMatchObject({ parent: process.pid, processGroup: pid, session: pid });
  expect(listed?.identity).toEqual(processIdentity(pid));
  expect(startedWith(pid, `GATE_TEST=${value}`)).toBe(true);
  expect(startedWith(pid, `GATE_TEST=${value.slice(1)}`)).toBe(false);
  expect(startedWith(pid, `TEST=${value}`)).toBe(false);
  if (listed === undefined) return;
  expect(signalProcess({ ...listed.identity, startedTicks: listed.identity.startedTicks + 1 }, "SIGKILL")).toBe(false);
  expect(child.exitCode).toBeNull();
  expect(signalProcess(listed.identity, "SIGKILL")).toBe(true);
  await once(child, "exit");
  expect(child.signalCode).toBe("SIGKILL");
  expect(signalProcess(listed.identity, "SIGKILL")).toBe(false);
  expect(listProcesses().some(({ identity }) => identity.pid === pid)).toBe(false);
});
