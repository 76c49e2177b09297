import { describe, expect, test } from "@jest/globals";
import type { Gpu } from "../../src/environment/gpu-report.ts";
import { gpuIntent, gpusInUse } from "../../src/environment/gpu-use.ts";
import type { FactValue } from "../../src/model/fingerprint.ts";
import type { Json } from "../../src/model/json.ts";
import type { EngineName } from "../../src/model/suite.ts";

const facts = (values: { [key: string]: FactValue }) =>
  Object.entries(values).map(([key, value]) => ({ key, value, source: "test" }));

function gpu(index: number, more: Partial<Gpu> = {}): Gpu {
  return {
    index,
    name: "NVIDIA H100 80GB HBM3",
    uuid: `GPU-aaaa000${index}-1`,
    computeCapability: "9.0",
    memoryMib: 81559,
    usedMemoryMib: 1,
    freeMemoryMib: 81558,
    faults: { uncorrected: 0, remapPending: false, remapFailed: false },
    migEnabled: false,
    migDevices: [],
    eccEnabled: true,
    processes: [],
    ...more,
  };
}
const slice = (index: number, profile: string) => ({
  index,
  profile,
  multiprocessors: 16,
  memoryMib: 9856,
  uuid: `MIG-bbbb000${index}`,
});

describe("gpuIntent", () => {
  test.each<[string, { [name: string]: Json }, { [key: string]: FactValue }, string | null, string, number | null]>([
    ["says nothing", {}, {}, null, "unsaid", null],
    ["has no layer on the GPU", { n_gpu_layers: 0 }, {}, null, "unused", 0],
    ["has layers on the GPU", { "--n-gpu-layers": 99 }, {}, null, "used", null],
    [
      "says so in a fact that beats the suite",
      { n_gpu_layers: 99 },
      { "engine.flag.n-gpu-layers": 0 },
      null,
      "unused",
      0,
    ],
    ["counts its GPUs", {}, { "engine.gpu.count": 2 }, null, "used", 2],
    ["counts none", { n_gpu_layers: 99 }, { "engine.gpu.count": 0 }, null, "unused", 0],
    ["names its device", {}, { "engine.device": "cuda" }, null, "used", null],
    ["names the CPU as its device", {}, { "engine.device": "CPU" }, null, "unused", 0],
    ["works in a group", { tensor_parallel_size: 4 }, {}, null, "unsaid", 4],
    ["works in several groups", { tp: 4, pipeline_parallel_size: 2 }, {}, null, "unsaid", 8],
    ["tells its groups", {}, { "engine.config.parallel.tensor_parallel_size": 2 }, null, "unsaid", 2],
    ["stays on one GPU", { ngl: "33", split_mode: "none" }, {}, null, "used", 1],
    ["sees no GPU", { n_gpu_layers: 99 }, {}, "", "unused", 0],
    ["sees none by number", {}, {}, "-1", "unused", 0],
  ])("an engine that %s", (_, args, values, visible, use, count) => {
    expect(gpuIntent({ args }, facts(values), visible)).toMatchObject({ use, count });
  });
});

test.each<[EngineName, number | null]>([
  ["vllm", 1],
  ["vllm-server", 1],
  ["sglang", 1],
  ["llama-cpp", null],
  ["openai", null],
])("%s computes on %s GPUs of those it sees, unless an option says more", (name, count) => {
  expect(gpuIntent({ name, args: {} }, [], null).count).toBe(count);
  expect(gpuIntent({ name, args: { tensor_parallel_size: 2 } }, [], null).count).toBe(2);
});

describe("gpusInUse", () => {
  const four = [0, 1, 2, 3].map((index) => gpu(index));
  const indices = (visible: string | null, count: number | null) =>
    gpusInUse(four, visible, count).map((used) => used.gpu.index);

  test.each<[string, string | null, number | null, number[]]>([
    ["all of them", null, null, [0, 1, 2, 3]],
    ["as many as work together", null, 2, [0, 1]],
    ["those that are visible, in their order", "3,1", null, [3, 1]],
    ["one by its UUID", "GPU-aaaa0002", null, [2]],
    ["those before the first unknown word", "1,9,2", null, [1]],
    ["none for a UUID of another machine", "GPU-ffff", null, []],
  ])("%s", (_, visible, count, expected) => {
    expect(indices(visible, count)).toEqual(expected);
  });

  test("one slice, and nothing else, of a GPU in MIG mode", () => {
    const sliced = gpu(1, { migEnabled: true, migDevices: [slice(0, "3g.40gb"), slice(1, "1g.10gb")] });
    expect(gpusInUse([gpu(0), sliced], null, null).map((used) => used.slice?.profile)).toEqual(["3g.40gb"]);
    expect(gpusInUse([gpu(0), sliced], "MIG-bbbb0001", null).map((used) => used.slice?.profile)).toEqual(["1g.10gb"]);
    expect(gpusInUse([gpu(0), sliced], "1:1", null).map((used) => used.slice?.profile)).toEqual(["1g.10gb"]);
    expect(gpusInUse([gpu(0), sliced], "1:7", null)).toEqual([]);
  });

  test("none of a GPU in MIG mode without slices", () => {
    expect(gpusInUse([gpu(0, { migEnabled: true })], null, null)).toEqual([]);
  });
});
