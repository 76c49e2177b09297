/** Process identities are read from real processes: our own, a child, an ended child, one that waits to be collected. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { describe, expect, test } from "@jest/globals";
import { isAlive, ownIdentity, parseProcessStat, processIdentity } from "../../src/platform/process-identity.ts";

describe("process identity", () => {
  test("our own process is alive and keeps one identity", () => {
    const own = ownIdentity();
    expect(own.pid).toBe(process.pid);
    expect(isAlive(own)).toBe(true);
    expect(ownIdentity()).toEqual(own);
  });

  test("a child is alive until it has ended", async () => {
    const child = spawn("cat", { stdio: ["pipe", "ignore", "ignore"] });
    await once(child, "spawn");
    const identity = processIdentity(child.pid ?? -1);
    expect(identity).not.toBeNull();
    if (identity === null) return;
    expect(isAlive(identity)).toBe(true);
    child.stdin.end();
    await once(child, "exit");
    expect(isAlive(identity)).toBe(false);
    expect(processIdentity(identity.pid)).toBeNull();
  });

  test("an id that now means another process is not alive", () => {
    const own = ownIdentity();
    expect(isAlive({ ...own, startedTicks: own.startedTicks - 1 })).toBe(false);
    expect(isAlive({ ...own, bootId: "00000000-0000-0000-0000-000000000000" })).toBe(false);
  });

  test.each([0, -1, 1.5, Number.NaN, 2 ** 31 - 1])("%p is no process", (pid) => {
    expect(processIdentity(pid)).toBeNull();
  });

  test("a process that has ended but was not collected is not alive", async () => {
    // The shell starts a child that waits for fd 3 to close, tells its id and becomes `cat`, which collects nobody.
    const shell = spawn("sh", ["-c", "cat <&3 >/dev/null & echo $!; exec cat 3<&-"], {
      stdio: ["pipe", "pipe", "ignore", "pipe"],
    });
    const { stdin, stdout } = shell;
    if (stdin === null || stdout === null) throw new Error("no pipes");
    try {
      const lines = createInterface({ input: stdout })[Symbol.asyncIterator]();
      const pid = Number((await lines.next()).value);
      stdin.write("it is cat now\n");
      await lines.next();
      const identity = processIdentity(pid);
      expect(identity).not.toBeNull();
      shell.stdio[3]?.destroy();
      while (processIdentity(pid) !== null) await new Promise(setImmediate);
      expect(process.kill(pid, 0)).toBe(true);
      expect(identity !== null && isAlive(identity)).toBe(false);
    } finally {
      stdin.end();
      await once(shell, "exit");
    }
  });
});

describe("parseProcessStat", () => {
  const rest = "S 1 77 78 0 -1 4194304 1 2 3 4 5 6 7 8 20 0 1 0 4711 9 9 9";

  test.each(["sh", "a) R 1 2 3", "((x) )", "new\nline"])("reads past the command name %j", (name) => {
    expect(parseProcessStat(`12 (${name}) ${rest}\n`)).toEqual({
      state: "S",
      parent: 1,
      processGroup: 77,
      session: 78,
      startedTicks: 4711,
    });
  });

  test.each(["", "12", "12 (sh) S 1"])("%j is no stat line", (line) => {
    expect(parseProcessStat(line)).toBeNull();
  });
});
