import { existsSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { realParts } from "../../src/demo/real-parts.ts";
import { GateError, type Problem } from "../../src/model/problem.ts";
import { type FakeMachine, fakeMachine, installerProgram } from "./fake-machine.ts";

let machine: FakeMachine;
beforeEach(() => {
  machine = fakeMachine();
});
afterEach(() => machine.remove());

const bring = () => realParts(machine.options, machine.pinned);
const whole = ["model-1.0", "server-1.0-linux-x64"];

async function refusal(work: Promise<unknown>): Promise<Problem> {
  const failure = await work.catch((error: unknown) => error);
  if (!(failure instanceof GateError) || failure.problems[0] === undefined) throw new Error(`not refused: ${failure}`);
  return failure.problems[0];
}

describe("realParts", () => {
  test("fetches both parts into an empty cache and says so", async () => {
    const parts = await bring();
    expect(readFileSync(parts.modelPath, "utf8")).toBe("weights");
    expect(existsSync(parts.serverCommand[1])).toBe(true);
    expect(readFileSync(join(parts.env.PYTHONPATH ?? "", "xllamacpp/__init__.py"), "utf8")).toBe("real");
    expect(parts.version).toBe("server 1.0");
    expect(machine.parts()).toEqual(whole);
    expect(machine.progress).toEqual(["Fetching the server with pip", "Fetching the model with pip"]);
  });

  test("works offline and in silence when the cache is filled", async () => {
    const first = await bring();
    machine.put("offline");
    machine.progress.length = 0;
    expect(await bring()).toEqual(first);
    expect([machine.installed(), machine.progress]).toEqual([["server", "model"], []]);
  });

  test("fetches a damaged model anew, and only that", async () => {
    const { modelPath } = await bring();
    writeFileSync(modelPath, "weight");
    await bring();
    expect(readFileSync(modelPath, "utf8")).toBe("weights");
    expect(machine.installed()).toEqual(["server", "model", "model"]);
  });

  test("is safe when two runs fill the cache at once", async () => {
    const [one, two] = await Promise.all([bring(), bring()]);
    expect(one).toEqual(two);
    expect(readFileSync(one.modelPath, "utf8")).toBe("weights");
    expect(machine.parts()).toEqual(whole);
  });

  test("removes what a killed run left a day ago, and leaves a newer one to its owner", async () => {
    for (const name of [".new-old", ".new-young"]) machine.put(`../cache/parts/${name}/half`);
    const twoDaysAgo = new Date(Date.now() - 2 * 86_400_000);
    utimesSync(join(machine.options.cache, "parts/.new-old"), twoDaysAgo, twoDaysAgo);
    await bring();
    expect(machine.parts()).toEqual([".new-young", ...whole]);
  });

  test("refuses a model that is not the pinned one, and keeps nothing of it", async () => {
    machine.put("wheels/model/model.gguf", "poison!");
    expect(await refusal(bring())).toMatchObject({
      code: "demo/part-damaged",
      found: expect.stringMatching(/^sha256:[0-9a-f]{64} \(7 bytes\)$/),
      expected: `sha256:${machine.pinned.model.fileDigest}`,
    });
    expect(machine.parts()).toEqual(["server-1.0-linux-x64"]);
  });

  test("shows the installer's last lines when it fails, and keeps nothing", async () => {
    machine.put("offline");
    expect(await refusal(bring())).toMatchObject({
      code: "demo/install-failed",
      evidence: ["WARNING: Retrying", "ERROR: No matching distribution found for server"],
    });
    expect(machine.parts()).toEqual([]);
  });

  test("stops the installer when it is told to, and keeps nothing", async () => {
    const stop = new AbortController();
    machine.remove();
    machine = fakeMachine(stop.signal);
    machine.put("hang");
    const options = { ...machine.options, onProgress: () => stop.abort(new Error("enough")) };
    await expect(realParts(options, machine.pinned)).rejects.toThrow("enough");
    expect(machine.parts()).toEqual([]);
  });

  test("names the platforms when there is none for this one", async () => {
    const refused = await refusal(realParts({ ...machine.options, platform: "win32-x64" }, machine.pinned));
    expect(refused).toMatchObject({ code: "demo/unsupported-platform", found: "win32-x64" });
  });
});

describe("a machine that lacks something", () => {
  test("no Python", async () => {
    machine.without("python3");
    expect(await refusal(bring())).toMatchObject({ code: "demo/no-python", found: "no python3 on PATH" });
  });

  test("an old Python beside a new one", async () => {
    machine.put(
      "python3.12",
      readFileSync(join(machine.options.env.PATH ?? "", "python3"), "utf8").replace(
        '$(cat "$here/python-version")',
        "3.12",
      ),
    );
    machine.put("python-version", "3.9");
    expect((await bring()).serverCommand[0]).toMatch(/python3\.12$/);
  });

  test("only an old Python", async () => {
    machine.put("python-version", "3.9");
    expect(await refusal(bring())).toMatchObject({ code: "demo/no-python", found: "python3 is Python 3.9" });
  });

  test.each(["uv", "pip3"])("no pip, but %s", async (name) => {
    machine.without("python3-pip");
    machine.put(name, installerProgram);
    await bring();
    expect([machine.parts(), machine.progress[0]]).toEqual([whole, `Fetching the server with ${name}`]);
  });

  test("no installer, and not root: it says what to install and touches nothing", async () => {
    machine.without("python3-pip");
    const refused = await refusal(bring());
    expect(refused.code).toBe("demo/no-installer");
    expect(refused.help.join("\n")).toContain("apt-get install -y python3 python3-pip");
    expect(machine.parts()).toEqual([]);
  });

  test("no pip, but root on Debian: it is installed, and said", async () => {
    machine.without("python3-pip");
    machine.becomeRootOnDebian();
    await bring();
    expect(machine.progress[0]).toMatch(/^Installing python3-pip with apt-get/);
    expect(machine.parts()).toEqual(whole);
  });

  test("no Python at all, but root on Debian", async () => {
    machine.without("python3");
    machine.without("python3-pip");
    machine.becomeRootOnDebian();
    await bring();
    expect(machine.parts()).toEqual(whole);
  });

  test("no libgomp: the library that cannot be loaded is shown", async () => {
    machine.without("libgomp1");
    expect(await refusal(bring())).toMatchObject({
      code: "demo/server-does-not-load",
      found: expect.stringContaining("libgomp.so.1"),
    });
  });

  test("no libgomp, but root on Debian", async () => {
    machine.without("libgomp1");
    machine.becomeRootOnDebian();
    await bring();
    expect(machine.progress.at(-1)).toMatch(/^Installing libgomp1 with apt-get/);
  });
});
