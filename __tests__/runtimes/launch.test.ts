/** What a launch is made of: environment, program, shown command line, state folder. */
import { chmod, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { homedir, tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { findProgram } from "../../src/runtimes/find-program.ts";
import { launchEnvironment } from "../../src/runtimes/launch-environment.ts";
import { maskedCommand } from "../../src/runtimes/masked-command.ts";
import { stateFolder } from "../../src/runtimes/state-folder.ts";

describe("launchEnvironment", () => {
  test("passes on what programs need to be found, and nothing of a runner", () => {
    const ours = {
      PATH: "/bin",
      LC_ALL: "C",
      CUDA_VISIBLE_DEVICES: "1",
      GITHUB_TOKEN: "x",
      ACTIONS_RUNTIME_TOKEN: "x",
      RUNNER_TEMP: "x",
      INPUT_SUITE: "x",
      HF_TOKEN: "x",
      OMP_NUM_THREADS: "x",
      NODE_OPTIONS: "x",
      INFERENCE_GATE_LAUNCH: "an outer launch",
    };
    expect(launchEnvironment(ours, {}, "id")).toEqual({
      PATH: "/bin",
      LC_ALL: "C",
      CUDA_VISIBLE_DEVICES: "1",
      INFERENCE_GATE_LAUNCH: "id",
    });
  });

  test("the plan's own variables win, except over the launch id", () => {
    const planned = { PATH: "/opt/bin", OMP_NUM_THREADS: "2", INFERENCE_GATE_LAUNCH: "forged" };
    expect(launchEnvironment({ PATH: "/bin" }, planned, "id")).toEqual({
      PATH: "/opt/bin",
      OMP_NUM_THREADS: "2",
      INFERENCE_GATE_LAUNCH: "id",
    });
  });
});

describe("findProgram", () => {
  let folder: string;
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "gate-programs-"));
    for (const name of ["first", "second"]) await mkdir(join(folder, name));
    await writeFile(join(folder, "first", "blocked"), "");
    await writeFile(join(folder, "second", "engine"), "");
    await chmod(join(folder, "second", "engine"), 0o755);
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  test("looks through PATH in order and ignores relative entries", async () => {
    const path = `${folder}/first::relative:${folder}/second`;
    expect(await findProgram("engine", "/", path)).toEqual({ kind: "found", path: `${folder}/second/engine` });
    expect(await findProgram("blocked", "/", path)).toEqual({
      kind: "not-executable",
      path: `${folder}/first/blocked`,
    });
    expect(await findProgram("other", "/", path)).toEqual({
      kind: "missing",
      searched: [`${folder}/first`, `${folder}/second`],
    });
  });

  test("takes a word with a slash as a path, relative to the folder", async () => {
    expect(await findProgram("./engine", `${folder}/second`, "")).toEqual({
      kind: "found",
      path: `${folder}/second/engine`,
    });
    expect(await findProgram(`${folder}/second/engine`, "/", "")).toMatchObject({ kind: "found" });
    expect(await findProgram("./second", folder, "")).toMatchObject({ kind: "not-executable" });
    expect(await findProgram("./other", folder, "")).toEqual({ kind: "missing", searched: [] });
    expect(await findProgram("", folder, folder)).toMatchObject({ kind: "not-executable" });
  });
});

describe("maskedCommand", () => {
  test.each([
    [["server", "--api-key", "s3cret"], "server --api-key ***"],
    [["server", "--api-key=s3cret"], "server --api-key=***"],
    [["server", "--hf-token", "s3cret"], "server --hf-token ***"],
    [["server", "--max-tokens", "512", "--tokenizer", "x"], "server --max-tokens 512 --tokenizer x"],
    [["server", "two words", "it's"], "server 'two words' 'it'\\''s'"],
    [["server", "--port", "<port>"], "server --port <port>"],
  ])("%j is shown as %s", (argv, shown) => {
    expect(maskedCommand(argv)).toBe(shown);
  });
});

describe("stateFolder", () => {
  test.each([
    [{ INFERENCE_GATE_STATE: "/own", XDG_STATE_HOME: "/xdg" }, "/own"],
    [{ INFERENCE_GATE_STATE: "", XDG_STATE_HOME: "/xdg" }, "/xdg/inference-gate"],
    [{ XDG_STATE_HOME: "relative" }, join(homedir(), ".local/state/inference-gate")],
    [{}, join(homedir(), ".local/state/inference-gate")],
  ])("%j is %s", (env, folder) => {
    expect(stateFolder(env)).toBe(folder);
  });
});
