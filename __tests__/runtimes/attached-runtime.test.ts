/** The attached runtime: the contract of all runtimes, and that it never stops or tells too much. */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { afterEach, describe, expect, test } from "@jest/globals";
import type { LaunchPlan } from "../../src/model/launch-plan.ts";
import { freePort } from "../../src/platform/ports.ts";
import { attachedRuntime } from "../../src/runtimes/attached-runtime.ts";
import { describeRuntime, problemOf, quiet } from "../contracts/runtime-contract.ts";
import { markedProcesses } from "../fixtures/marked-processes.ts";
import { program } from "../fixtures/programs.ts";

const plan: LaunchPlan = {
  argv: ["never-started"],
  env: {},
  workingDirectory: "/",
  transport: "http",
  readiness: [{ kind: "http", path: "/health", status: 200 }],
  startupTimeoutMs: 20_000,
  stopTimeoutMs: 300,
  hints: ["a hint of the plan"],
  attachedUrl: null,
};

async function attachedFixture() {
  const marker = randomUUID();
  const servers: ReturnType<typeof spawn>[] = [];
  return {
    runtime: attachedRuntime,
    upMs: 600,
    /** Starts the fixture engine as somebody else would. */
    async plan(...behaviours: readonly string[]): Promise<LaunchPlan> {
      const port = String(await freePort());
      const args = [program("http-engine.mjs"), "127.0.0.1", port, marker, ...behaviours];
      const server = spawn(process.execPath, args, { stdio: ["ignore", "ignore", "pipe"] });
      servers.push(server);
      if (server.stderr !== null) await once(createInterface({ input: server.stderr }), "line");
      return { ...plan, attachedUrl: `http://127.0.0.1:${port}` };
    },
    leftovers: () => markedProcesses(marker),
    async close() {
      for (const server of servers) {
        server.kill("SIGKILL");
        if (server.exitCode === null && server.signalCode === null) await once(server, "exit");
      }
    },
  };
}

describeRuntime("attached", attachedFixture);

let fixture: Awaited<ReturnType<typeof attachedFixture>> | null = null;
afterEach(async () => {
  await fixture?.close();
  fixture = null;
});

describe("a server that somebody else started", () => {
  test("is still there after stop and sweep", async () => {
    fixture = await attachedFixture();
    const live = await fixture.plan();
    const engine = await attachedRuntime.start(live, quiet);
    await engine.stop();
    expect(await attachedRuntime.sweep()).toEqual([]);
    expect((await fetch(`${live.attachedUrl}/health`)).status).toBe(200);
    expect(fixture.leftovers()).toHaveLength(1);
  });

  test("that is not there is told with its address and what to try", async () => {
    const url = `http://127.0.0.1:${await freePort()}`;
    const problem = await problemOf(attachedRuntime.start({ ...plan, attachedUrl: url, startupTimeoutMs: 300 }, quiet));
    expect(problem.code).toBe("runtimes/attached-not-ready");
    expect(problem.title).toContain(url);
    expect(problem.found).toContain("ECONNREFUSED");
    expect(problem.help.join("\n")).toContain(`curl -i ${url}\n`);
    expect(problem.help).toContain("a hint of the plan");
  });

  test("may live under a path, with or without a slash at the end", async () => {
    fixture = await attachedFixture();
    const live = await fixture.plan();
    const engine = await attachedRuntime.start({ ...live, attachedUrl: `${live.attachedUrl}/team/` }, quiet);
    expect(engine.endpoint).toEqual({ kind: "http", baseUrl: `${live.attachedUrl}/team` });
  });
});

describe("an address that cannot be used", () => {
  test.each([
    { url: null, code: "runtimes/attached-url-missing" },
    { url: "", code: "runtimes/attached-url-invalid" },
    { url: "127.0.0.1:8080", code: "runtimes/attached-url-invalid" },
    { url: "ftp://127.0.0.1", code: "runtimes/attached-url-invalid" },
    { url: "file:///etc/passwd", code: "runtimes/attached-url-invalid" },
    { url: "http://127.0.0.1:99999", code: "runtimes/attached-url-invalid" },
    { url: "http://127.0.0.1:8080/?key=hunter2", code: "runtimes/attached-url-invalid" },
    { url: "http://me:hunter2@127.0.0.1:8080", code: "runtimes/attached-url-invalid" },
    { url: "http://me:hunter2@127.0.0.1:99999", code: "runtimes/attached-url-invalid" },
    { url: "http://me:hunter2/@127.0.0.1:x", code: "runtimes/attached-url-invalid" },
  ])("$url", async ({ url, code }) => {
    const problem = await problemOf(attachedRuntime.start({ ...plan, attachedUrl: url }, quiet));
    expect(problem.code).toBe(code);
    expect(problem.verdict).toBe("usage");
    expect(JSON.stringify(problem)).not.toContain("hunter2");
  });

  test("an engine that speaks over stdio has none", async () => {
    const problem = await problemOf(attachedRuntime.start({ ...plan, transport: "stdio" }, quiet));
    expect(problem.code).toBe("runtimes/attached-needs-http");
  });
});
