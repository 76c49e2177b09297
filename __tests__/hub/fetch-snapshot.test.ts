import {
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate } from "node:timers/promises";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { blobPath, repositoryFolder } from "../../src/hub/cache-layout.ts";
import { cachedSnapshot } from "../../src/hub/cached-snapshot.ts";
import { fetchSnapshot, type SnapshotRequest } from "../../src/hub/fetch-snapshot.ts";
import { commitOf, hubOf } from "../../src/hub/hub-api.ts";
import { GateError } from "../../src/model/problem.ts";
import type { ProgressEvent } from "../../src/model/progress.ts";
import { blobOf, commit, type FakeHub, fakeHub, modelName } from "./fake-hub.ts";

const bytes = (length: number, seed: number) => Buffer.from(Array.from({ length }, (_, index) => (index * seed) % 251));
const weights = "model-00001-of-00002.safetensors";
const files: { [path: string]: Buffer } = {
  "config.json": Buffer.from('{"model_type":"llama"}'),
  [weights]: bytes(300_000, 7),
  "model-00002-of-00002.safetensors": bytes(200_000, 11),
  "model.safetensors.index.json": Buffer.from(
    JSON.stringify({ weight_map: { a: weights, b: "model-00002-of-00002.safetensors" } }),
  ),
  "pytorch_model.bin": bytes(50_000, 13),
  "onnx/model.onnx": bytes(100, 3),
  "sub folder/added tokens.json": Buffer.from("{}"),
  "empty.txt": Buffer.alloc(0),
  "README.md": Buffer.from("# Tiny"),
  ".gitattributes": Buffer.from("*.bin filter=lfs"),
};
const needed = [
  "config.json",
  "empty.txt",
  weights,
  "model-00002-of-00002.safetensors",
  "model.safetensors.index.json",
  "sub folder/added tokens.json",
];

let hub: FakeHub;
let cacheFolder = "";
beforeEach(async () => {
  hub = await fakeHub(files);
  cacheFolder = mkdtempSync(join(tmpdir(), "hub-"));
});
afterEach(async () => {
  await hub.close();
  rmSync(cacheFolder, { recursive: true, force: true });
});

const progress: ProgressEvent[] = [];
const pauses: number[] = [];
function request(more: Partial<SnapshotRequest> & { token?: string; signal?: AbortSignal } = {}): SnapshotRequest {
  progress.length = 0;
  pauses.length = 0;
  const { token, signal = new AbortController().signal, ...rest } = more;
  return {
    hub: hubOf({ HF_ENDPOINT: `${hub.endpoint}/`, ...(token === undefined ? {} : { HF_TOKEN: token }) }, signal),
    name: modelName,
    revision: commit,
    cacheFolder,
    which: "needed",
    // Pauses are counted, not waited for.
    clock: { sleep: async (ms) => void pauses.push(ms) },
    onProgress: (event) => progress.push(event),
    ...rest,
  };
}
const blob = (path: string) => blobPath(cacheFolder, modelName, blobOf(path, files[path] ?? Buffer.alloc(0)));
const failureOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GateError)) throw new Error(`no GateError: ${String(error)}`);
  return error.problems[0];
};
const ofCdn = () => hub.requests.filter((line) => line.startsWith("cdn"));

describe("fetchSnapshot", () => {
  test("fills the cache as the hub's own tools do, and what an engine needs is found there", async () => {
    const fetched = await fetchSnapshot(request());
    const total = needed.reduce((sum, path) => sum + (files[path]?.length ?? 0), 0);
    expect(fetched).toMatchObject({ files: needed.length, bytes: total, fetchedBytes: total });
    for (const path of needed) {
      const link = join(fetched.folder, path);
      expect(lstatSync(link).isSymbolicLink()).toBe(true);
      expect(readFileSync(link)).toEqual(files[path]);
      expect(statSync(blob(path)).size).toBe(files[path]?.length);
    }
    expect(existsSync(join(fetched.folder, "pytorch_model.bin"))).toBe(false);
    expect(readdirSync(join(repositoryFolder(cacheFolder, modelName), "snapshots"))).toEqual([commit]);
    expect(await cachedSnapshot(cacheFolder, modelName, commit)).toEqual({ kind: "found", folder: fetched.folder });
    expect(progress.at(-1)).toEqual({ kind: "downloading", what: modelName, doneBytes: total, totalBytes: total });
  });

  test("fetches nothing twice, and completes what another tool began", async () => {
    const { folder } = await fetchSnapshot(request());
    hub.requests.length = 0;
    expect(await fetchSnapshot(request())).toMatchObject({ fetchedBytes: 0 });
    expect(hub.requests.filter((line) => line.includes("resolve"))).toEqual([]);
    rmSync(join(folder, "config.json"));
    rmSync(blob(weights));
    expect((await cachedSnapshot(cacheFolder, modelName, commit)).kind).toBe("incomplete");
    expect(await fetchSnapshot(request())).toMatchObject({ fetchedBytes: 300_000, folder });
    expect((await cachedSnapshot(cacheFolder, modelName, commit)).kind).toBe("found");
  });

  test("brings every file when asked to", async () => {
    const { folder } = await fetchSnapshot(request({ which: "all" }));
    expect(readFileSync(join(folder, "pytorch_model.bin"))).toEqual(files["pytorch_model.bin"]);
    expect(existsSync(join(folder, ".gitattributes"))).toBe(true);
  });

  test("goes on where the connection was cut, within one run", async () => {
    const blobs = join(repositoryFolder(cacheFolder, modelName), "blobs");
    const isPart = (name: string) => name.endsWith(".incomplete") && statSync(join(blobs, name)).size > 0;
    const beforeCut = async () => {
      while (!readdirSync(blobs).some(isPart)) await setImmediate();
    };
    hub.fault = { cutAfter: [null, null, 1000, 2000, 3000], beforeCut };
    await fetchSnapshot(request());
    expect(ofCdn().some((line) => /bytes=\d+-$/.test(line))).toBe(true);
    expect(readFileSync(blob(weights))).toEqual(files[weights]);
  });

  test("goes on where an earlier run was cut", async () => {
    await mkdir(join(repositoryFolder(cacheFolder, modelName), "blobs"), { recursive: true });
    writeFileSync(`${blob(weights)}.incomplete`, files[weights]?.subarray(0, 120_000) ?? "");
    await fetchSnapshot(request());
    expect(ofCdn()).toContain(`cdn GET /${weights} bytes=120000-`);
    expect(readFileSync(blob(weights))).toEqual(files[weights]);
  });

  test("starts over with a server that does not resume, and with a partial file that is too long", async () => {
    hub.fault = { noRanges: true };
    await mkdir(join(repositoryFolder(cacheFolder, modelName), "blobs"), { recursive: true });
    writeFileSync(`${blob(weights)}.incomplete`, files[weights]?.subarray(0, 120_000) ?? "");
    writeFileSync(`${blob("config.json")}.incomplete`, "x".repeat(1000));
    await fetchSnapshot(request());
    expect(readFileSync(blob(weights))).toEqual(files[weights]);
    expect(readFileSync(blob("config.json"))).toEqual(files["config.json"]);
  });

  test("gives up after several tries that bring nothing, each after a longer pause, and keeps what is whole", async () => {
    hub.fault = { statuses: Array(100).fill(503) };
    const problem = await failureOf(fetchSnapshot(request()));
    expect(problem).toMatchObject({ code: "hub/unreachable", verdict: "error" });
    expect(problem?.found).toContain("status 503");
    expect([...new Set(pauses)]).toEqual([1000, 2000, 4000, 8000]);
    expect(existsSync(join(repositoryFolder(cacheFolder, modelName), "snapshots"))).toBe(false);
    hub.fault = {};
    await fetchSnapshot(request());
    expect((await cachedSnapshot(cacheFolder, modelName, commit)).kind).toBe("found");
  });

  test("throws away what does not have the digest of the hub's list, large or small", async () => {
    const wrong = Buffer.from(files[weights] ?? "");
    wrong[1000] = 255;
    hub.fault = { content: { [weights]: wrong } };
    const problem = await failureOf(fetchSnapshot(request()));
    expect(problem).toMatchObject({ code: "hub/digest-wrong" });
    expect(problem?.title).toContain(weights);
    expect(existsSync(blob(weights)) || existsSync(`${blob(weights)}.incomplete`)).toBe(false);
    rmSync(blob("config.json"));
    hub.fault = { content: { "config.json": Buffer.from('{"model_type":"opt11"}') } };
    expect(await failureOf(fetchSnapshot(request()))).toMatchObject({ code: "hub/digest-wrong" });
    hub.fault = { content: { "config.json": Buffer.from('{"model_type":"llama"}  and more') } };
    expect(await failureOf(fetchSnapshot(request()))).toMatchObject({ code: "hub/digest-wrong" });
  });

  test("shows the token to the hub and to nobody it redirects to", async () => {
    hub.fault = { token: "hf_secret" };
    await fetchSnapshot(request({ token: "hf_secret" }));
    expect(
      hub.requests.filter((line) => line.startsWith("hub")).every((line) => line.includes("Bearer hf_secret")),
    ).toBe(true);
    expect(ofCdn().length).toBeGreaterThan(0);
    expect(ofCdn().join()).not.toContain("hf_secret");
  });

  test("says what a refused or unknown model needs", async () => {
    hub.fault = { token: "hf_secret" };
    const refused = await failureOf(fetchSnapshot(request()));
    expect(refused).toMatchObject({ code: "hub/refused" });
    expect(refused?.help.join()).toContain("HF_TOKEN");
    const withToken = await failureOf(fetchSnapshot(request({ token: "hf_other" })));
    expect(withToken?.title).toContain("the account of HF_TOKEN");
    expect(JSON.stringify(withToken)).not.toContain("hf_other");
    hub.fault = {};
    expect(await failureOf(fetchSnapshot(request({ revision: "0".repeat(40) })))).toMatchObject({
      code: "hub/model-unknown",
    });
    expect(await failureOf(fetchSnapshot(request({ name: "org/none" })))).toMatchObject({ code: "hub/model-unknown" });
    hub.fault = { api: 500 };
    expect(await failureOf(fetchSnapshot(request()))).toMatchObject({ code: "hub/unexpected-answer" });
  });

  test("says that nobody is there", async () => {
    await hub.close();
    const problem = await failureOf(fetchSnapshot(request()));
    expect(problem).toMatchObject({ code: "hub/unreachable" });
    expect(problem?.found).toContain("ECONNREFUSED");
    hub = await fakeHub(files);
  });

  test.each(["../../outside", "/etc/passwd", "a/../../b", "a\\b", "a//b", "x\0y", ""])(
    "takes no file called %j from a hub",
    async (path) => {
      hub.fault = { entries: [{ type: "file", oid: "a".repeat(40), size: 1, path }] };
      expect(await failureOf(fetchSnapshot(request()))).toMatchObject({ code: "hub/unexpected-answer" });
      expect(readdirSync(cacheFolder)).toEqual([]);
    },
  );

  test("takes no blob named by anything but a digest", async () => {
    hub.fault = { entries: [{ type: "file", oid: "../../../x", size: 1, path: "a.json" }] };
    expect(await failureOf(fetchSnapshot(request()))).toMatchObject({ code: "hub/unexpected-answer" });
  });

  test("finds out before the first byte that there is no room", async () => {
    const problem = await failureOf(fetchSnapshot(request({ freeBytes: async () => 1000 })));
    expect(problem).toMatchObject({ code: "hub/no-space" });
    expect(hub.requests.some((line) => line.includes("resolve"))).toBe(false);
  });

  test("finds out while writing that the disk is full", async () => {
    await mkdir(join(repositoryFolder(cacheFolder, modelName), "blobs"), { recursive: true });
    symlinkSync("/dev/full", `${blob(weights)}.incomplete`);
    expect(await failureOf(fetchSnapshot(request()))).toMatchObject({ code: "hub/no-space" });
  });

  test("ends with the reason of an aborted signal and keeps what was fetched", async () => {
    const stop = new AbortController();
    const reason = new Error("enough");
    const work = fetchSnapshot(request({ signal: stop.signal, onProgress: () => stop.abort(reason) }));
    await expect(work).rejects.toBe(reason);
  });
});

test("a branch is the commit that the hub says", async () => {
  const { hub: asked } = request();
  expect(await commitOf(asked, modelName, "main")).toBe(commit);
  expect(await failureOf(commitOf(asked, modelName, "gone"))).toMatchObject({ code: "hub/model-unknown" });
});
