/** Digests of weight files through GitHub's own toolkit, built as it is shipped, against a server that behaves as the cache service does. */
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { cacheService } from "../../src/github/cache-service.ts";
import { cacheKey, sharedDigests } from "../../src/github/shared-digests.ts";
import { type CommandRunner, nodeCommandRunner } from "../../src/platform/command-runner.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { type FakeCacheServer, fakeCacheServer } from "./fake-cache-server.ts";

const build = `
import { bundle, faces } from "./scripts/bundle.mjs";
await bundle(process.cwd(), process.argv[1], faces.filter(({ file }) => file === "cache-service.mjs"));
`;

let root = "";
let program = "";
let server: FakeCacheServer;
beforeAll(async () => {
  root = mkdtempSync(join(tmpdir(), "shared-digests-"));
  const built = spawnSync(process.execPath, ["--input-type=module", "-e", build, join(root, "dist")], {
    encoding: "utf8",
  });
  if (built.status !== 0) throw new Error(built.stderr);
  program = join(root, "dist", "cache-service.mjs");
  server = await fakeCacheServer();
});
afterAll(async () => {
  await server.close();
  rmSync(root, { recursive: true });
});
beforeEach(() => {
  server.manners = "serves";
  server.calls.length = 0;
  server.archives.clear();
});

/** The variables that the runner gives, and nothing else of this process. */
const jobEnv = () => ({
  PATH: process.env.PATH,
  RUNNER_TEMP: root,
  GITHUB_WORKSPACE: root,
  ACTIONS_CACHE_SERVICE_V2: "true",
  ACTIONS_RUNTIME_TOKEN: "a-token",
  ACTIONS_RESULTS_URL: `${server.url}/`,
});

/** Runs commands with the job's variables, and keeps what they printed. */
function jobRunner(printed: string[] = [], limitMs = 30_000): CommandRunner {
  return {
    async run([program, ...words], timeoutMs) {
      const env = Object.entries(jobEnv()).map(([name, value]) => `${name}=${value}`);
      const result = await nodeCommandRunner.run(
        ["/usr/bin/env", "-i", ...env, program, ...words],
        Math.min(limitMs, timeoutMs),
      );
      printed.push(result.stdout + result.stderr);
      return result;
    },
  };
}

function machine(runner: CommandRunner = jobRunner(), env: { readonly [name: string]: string | undefined } = jobEnv()) {
  // The toolkit finds a cache only under the path it was saved from, so both machines of a test use the same.
  const folder = join(root, "digests");
  const digests = () =>
    sharedDigests({ folder, platform: "linux-x64", files: nodeFiles, service: cacheService(env, runner, program) });
  return { folder, digests };
}
const remember = (folder: string, name: string, text = "{}\n") => {
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, name), text);
};
const forget = (folder: string) => rmSync(folder, { recursive: true, force: true });

describe("what one machine has measured", () => {
  test("is given once, and taken by another machine that remembers nothing", async () => {
    const { folder, digests } = machine();
    forget(folder);
    const first = digests();
    expect(await first.take()).toEqual({ kind: "nothing" });
    remember(folder, "a.json", '{"digest":"a"}\n');
    remember(folder, "b.json", '{"digest":"b"}\n');
    expect(await first.give()).toEqual({ kind: "done" });
    expect([...server.archives.keys()]).toEqual([
      expect.stringMatching(/^inference-gate-digests-v1-linux-x64-[0-9a-f]{64}$/),
    ]);

    forget(folder);
    const second = digests();
    expect(await second.take()).toEqual({ kind: "done" });
    expect(readdirSync(folder)).toEqual(["a.json", "b.json"]);
    expect(readFileSync(join(folder, "b.json"), "utf8")).toBe('{"digest":"b"}\n');
    server.calls.length = 0;
    expect(await second.give()).toEqual({ kind: "nothing" });
    expect(server.calls).toEqual([]);
  });

  test("is not asked for by a machine that remembers something, and is given again when that has grown", async () => {
    const { folder, digests } = machine();
    forget(folder);
    remember(folder, "a.json");
    const run = digests();
    expect(await run.take()).toEqual({ kind: "nothing" });
    expect(server.calls).toEqual([]);
    remember(folder, "b.json");
    expect(await run.give()).toEqual({ kind: "done" });
    expect(server.calls.map((call) => call.split(" ")[0])).toEqual(["CreateCacheEntry", "FinalizeCacheEntryUpload"]);
  });
});

describe("a service that does not help is information, told to nobody by the toolkit:", () => {
  const fresh = (runner?: CommandRunner, env?: { readonly [name: string]: string | undefined }) => {
    const { folder, digests } = machine(runner, env);
    forget(folder);
    return { folder, digests: digests() };
  };

  test.each([
    ["without a token, as in a plain run step", { ACTIONS_RUNTIME_TOKEN: "" }, "this step has no token for it"],
    ["without an address, as on an own server without a cache", { ACTIONS_RESULTS_URL: "" }, "there is none here"],
  ])("%s, no program is started", async (_, missing, why) => {
    const printed: string[] = [];
    const { folder, digests } = fresh(jobRunner(printed), { ...jobEnv(), ...missing });
    expect(await digests.take()).toEqual({ kind: "unavailable", why });
    remember(folder, "a.json");
    expect(await digests.give()).toEqual({ kind: "unavailable", why });
    expect(printed).toEqual([]);
  });

  test("one that refuses a save, as it does for runs that are not trusted", async () => {
    server.manners = "refuses-saves";
    const { folder, digests } = fresh();
    await digests.take();
    remember(folder, "a.json");
    expect(await digests.give()).toEqual({ kind: "unavailable", why: "the service took nothing, or has it already" });
  });

  test("one that fails", async () => {
    server.manners = "fails";
    const { folder, digests } = fresh();
    expect((await digests.take()).kind).toBe("nothing");
    remember(folder, "a.json");
    expect((await digests.give()).kind).toBe("unavailable");
  });

  test("one that never answers is left after a time", async () => {
    server.manners = "hangs";
    const { digests } = fresh(jobRunner([], 1000));
    expect(await digests.take()).toEqual({ kind: "unavailable", why: "no answer within 10 s" });
  });

  test("one whose archive is damaged leaves nothing behind that is believed", async () => {
    server.archives.set("inference-gate-digests-v1-linux-x64-x", Buffer.from("this is no archive"));
    const { folder, digests } = fresh();
    expect((await digests.take()).kind).not.toBe("done");
    expect(await nodeFiles.list(folder)).toEqual([]);
  });

  test("a program that is not there", async () => {
    const service = cacheService(jobEnv(), jobRunner(), null);
    expect(await service.restore(root, "x")).toEqual({
      kind: "unavailable",
      why: "cache-service.mjs is not beside the action",
    });
  });
});

test("a key has at most 432 characters, room for a digest below GitHub's 512, and no comma", () => {
  fc.assert(
    fc.property(fc.array(fc.string({ unit: "binary", maxLength: 600 }), { minLength: 1 }), (parts) => {
      const key = cacheKey(parts);
      expect(key.length).toBeLessThanOrEqual(432);
      expect(key).toMatch(/^[A-Za-z0-9._-]*$/);
    }),
  );
  expect(cacheKey(["x".repeat(900), "a"])).not.toBe(cacheKey(["x".repeat(900), "b"]));
});
