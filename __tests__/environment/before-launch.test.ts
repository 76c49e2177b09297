import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { assertGpusReady } from "../../src/environment/before-launch.ts";
import { parseGpuReport } from "../../src/environment/gpu-report.ts";
import { GateError, type Problem } from "../../src/model/problem.ts";
import type { EngineName, Suite } from "../../src/model/suite.ts";
import { suiteOf } from "../engines/sample-suite.ts";
import { fixture } from "./recorded-machine.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "before-launch-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Problems before a launch on this recorded GPU; `edits` are made in the XML, in the manner of nvidia-smi. */
async function problemsOn(xml: string, suite: Suite, edits: readonly (readonly [string, string])[] = []) {
  let text = fixture(`nvidia-smi/${xml}`);
  for (const [from, to] of edits) {
    if (!text.includes(from)) throw new Error(`${xml} has no ${from}`);
    text = text.replace(from, to);
  }
  const report = parseGpuReport(text);
  if (report === null) throw new Error(`${xml} cannot be read`);
  const host = { visibleGpus: null, gpus: async () => ({ kind: "gpus", report }) as const };
  return assertGpusReady(suite, host).then(
    (): readonly Problem[] => [],
    (error: unknown) => {
      if (error instanceof GateError) return error.problems;
      throw error;
    },
  );
}
const codes = (problems: readonly Problem[]) => problems.map(({ code }) => code.replace("environment/gpu-", ""));

function suiteFor(name: EngineName, more: Partial<Suite["engine"]> = {}, rest: Partial<Suite> = {}): Suite {
  const suite = suiteOf({ name, args: {}, ...more });
  return { ...suite, model: null, ...rest };
}
const vllm = suiteFor("vllm");

test("a sound GPU with nothing but a display server is ready", async () => {
  expect(await problemsOn("driver-515-a10g.xml", vllm)).toEqual([]);
});

describe("a busy GPU", () => {
  test("is named with who uses it", async () => {
    const problems = await problemsOn("driver-590-rtx-pro-6000.xml", vllm);
    expect(codes(problems)).toEqual(["busy", "memory-short"]);
    expect(problems[0]?.title).toMatch(/^GPU 0 \(NVIDIA RTX PRO 6000 .*\) is in use\.$/);
    expect(problems[0]?.found).toMatch(/^process 116860 ".*llama-server" with 65710 MiB$/);
  });

  test("may be taken all the same where the suite says so, and a display server beside a computation is not named", async () => {
    expect(codes(await problemsOn("driver-515-tesla-t4.xml", vllm))).toEqual(["busy"]);
    const [problem] = await problemsOn("driver-515-tesla-t4.xml", vllm);
    expect(problem?.found).not.toContain("Xorg");
    const noted = suiteFor("vllm", {}, { busyGpu: "noted" });
    expect(await problemsOn("driver-515-tesla-t4.xml", noted)).toEqual([]);
  });

  test("is known by its memory where the process is in another container", async () => {
    const hidden = [
      ["<used>22 MiB</used>", "<used>9000 MiB</used>"],
      ["<free>22569 MiB</free>", "<free>13569 MiB</free>"],
    ] as const;
    const problems = await problemsOn("driver-515-a10g.xml", vllm, hidden);
    expect(codes(problems)).toEqual(["busy", "memory-short"]);
    expect(problems[0]?.found).toBe("8978 MiB that belong to no process to be seen here");
  });
});

describe("a faulty GPU", () => {
  test.each<[string, string, string]>([
    ["<dram_uncorrectable>0<", "<dram_uncorrectable>2<", "2 uncorrected memory errors"],
    [
      "<sram_uncorrectable>0<",
      "<sram_uncorrectable_secded>1</sram_uncorrectable_secded><x>0</x><sram_x>0<",
      "1 uncorrected",
    ],
    ["<remapped_row_pending>No", "<remapped_row_pending>Yes", "awaits a reset"],
    ["<remapped_row_failure>No", "<remapped_row_failure>Yes", "could not be replaced"],
  ])("with %s as %s is not computed on", async (from, to, found) => {
    const closing = to.endsWith("<sram_x>0<") ? ([["</sram_uncorrectable>", "</sram_x>"]] as const) : [];
    const problems = await problemsOn("driver-515-a10g.xml", vllm, [[from, to], ...closing]);
    expect(codes(problems)).toEqual(["faulty"]);
    expect(problems[0]?.found).toContain(found);
  });

  test("with corrected errors is", async () => {
    const edits = [["<dram_correctable>0<", "<dram_correctable>7<"]] as const;
    expect(await problemsOn("driver-515-a10g.xml", vllm, edits)).toEqual([]);
  });
});

describe("a model", () => {
  function modelOf(gibibytes: number): NonNullable<Suite["model"]> {
    const path = mkdtempSync(join(folder, "model-"));
    mkdirSync(path, { recursive: true });
    for (const part of ["1", "2"]) {
      writeFileSync(join(path, `model-${part}.safetensors`), "");
      truncateSync(join(path, `model-${part}.safetensors`), (gibibytes / 2) * 2 ** 30);
    }
    return { name: "m", revision: null, path, source: vllm.engine.source };
  }

  test("larger than the memory is named before minutes of loading", async () => {
    const problems = await problemsOn("driver-515-a10g.xml", suiteFor("vllm", {}, { model: modelOf(30) }));
    expect(codes(problems)).toEqual(["memory-short"]);
    expect(problems[0]).toMatchObject({ found: "23028 MiB on GPU 0 (NVIDIA A10G)" });
    expect(problems[0]?.expected).toBe("at least 30720 MiB: the weights alone");
  });

  test("that fits, or is made smaller while it is loaded, is not", async () => {
    expect(await problemsOn("driver-515-a10g.xml", suiteFor("vllm", {}, { model: modelOf(20) }))).toEqual([]);
    const args = { quantization: "fp8" };
    expect(await problemsOn("driver-515-a10g.xml", suiteFor("vllm", { args }, { model: modelOf(30) }))).toEqual([]);
  });

  test("is measured against all GPUs that work together", async () => {
    const args = { tensor_parallel_size: 2 };
    const two = suiteFor("vllm", { args }, { model: modelOf(12), busyGpu: "noted" });
    expect(codes(await problemsOn("driver-590-rtx-2080-x2.xml", two))).not.toContain("memory-short");
    const one = suiteFor("vllm", {}, { model: modelOf(12), busyGpu: "noted" });
    expect(codes(await problemsOn("driver-590-rtx-2080-x2.xml", one))).toContain("memory-short");
  });

  test("whose engine takes a share of the memory needs that share free", async () => {
    const share = suiteFor("vllm-server", { args: { gpu_memory_utilization: 0.99 } });
    const [problem] = await problemsOn("driver-515-a10g.xml", share);
    expect(problem?.expected).toBe("at least 22797 MiB: gpu_memory_utilization 0.99 of 23028 MiB");
  });
});

describe("nobody looks at the GPU for", () => {
  test.each<[string, Suite]>([
    ["an engine on the CPU", suiteFor("llama-cpp", { args: { n_gpu_layers: 0 } })],
    ["an engine that may or may not use it", suiteFor("llama-cpp")],
    ["an engine from which it is hidden", suiteFor("vllm", { env: { CUDA_VISIBLE_DEVICES: "" } })],
    ["a server that somebody else started", suiteFor("vllm-server", {}, { runtime: "attached" })],
    ["a script", suiteFor("scripted")],
  ])("%s", async (_, suite) => {
    expect(await problemsOn("driver-590-rtx-pro-6000.xml", suite)).toEqual([]);
  });
});

test("a slice of a GPU is judged by its size alone", async () => {
  expect(await problemsOn("driver-535-a100-mig.xml", vllm)).toEqual([]);
});

test("where no GPU can be seen, the engine says what it needs", async () => {
  const host = { visibleGpus: null, gpus: async () => ({ kind: "none", installed: false, reason: "" }) as const };
  await expect(assertGpusReady(vllm, host)).resolves.toBeUndefined();
});
