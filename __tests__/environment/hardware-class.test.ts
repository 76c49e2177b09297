import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { gpuFacts } from "../../src/environment/gpu-facts.ts";
import { gpusInUse } from "../../src/environment/gpu-use.ts";
import { type ComputesOn, hardwareClass } from "../../src/environment/hardware-class.ts";
import { probeNvidiaSmi, withMigProfiles } from "../../src/environment/nvidia-smi.ts";
import type { FactValue } from "../../src/model/fingerprint.ts";
import { hardwareClassPattern } from "../../src/model/fingerprint.ts";
import type { CommandRunner } from "../../src/platform/command-runner.ts";
import { ended, fixture, recordedSmi } from "./recorded-machine.ts";

const facts = (values: { [key: string]: FactValue }) =>
  Object.entries(values).map(([key, value]) => ({ key, value, source: "test" }));
const classOf = (computesOn: ComputesOn, values: { [key: string]: FactValue }) =>
  hardwareClass(computesOn, facts(values));

async function classOfMachine(runner: CommandRunner): Promise<string> {
  const probe = await probeNvidiaSmi(runner);
  if (probe.kind !== "gpus") throw new Error("no GPUs");
  return hardwareClass("gpu", gpuFacts(probe.report, gpusInUse(probe.report.gpus, null, null)));
}

describe("GPU classes of recorded machines", () => {
  test.each([
    ["driver-460-v100s.xml", "cc7.0-sm80-x1"],
    ["driver-515-tesla-t4.xml", "cc7.5-sm40-x1"],
    ["driver-570-h100.xml", "cc9.0-sm132-x1"],
    ["driver-590-rtx-2080-x2.xml", "cc7.5-sm46-x2"],
    ["driver-590-rtx-pro-6000.xml", "cc12.0-sm188-x1"],
    ["driver-595-rtx-4000-sff-ada.xml", "cc8.9-sm48-x1"],
    ["driver-418-graphics-device.xml", "gpu-graphics-device-x1"],
  ])("%s is %s without help of the driver", async (file, expected) => {
    expect(await classOfMachine(recordedSmi(file))).toBe(expected);
  });

  test("a GPU that is not in the table is told by its name", async () => {
    const runner = recordedSmi("driver-550-gtx-1070.xml", { capabilities: ended("0, 6.1\n") });
    expect(await classOfMachine(runner)).toBe("cc6.1-nvidia-geforce-gtx-1070-x1");
  });

  test("a slice has its own multiprocessors and its profile", async () => {
    const probe = await probeNvidiaSmi(recordedSmi("driver-535-a100-mig.xml"));
    if (probe.kind !== "gpus") throw new Error("no GPUs");
    const report = withMigProfiles(probe.report, ended(fixture("nvidia-smi/driver-590-h100-mig-list.txt")));
    const used = gpusInUse(report.gpus, "MIG-00000002-0000-0000-0000-000000000002", null);
    expect(hardwareClass("gpu", gpuFacts(report, used))).toBe("cc8.0-sm14-x1-mig-1g.10gb");
  });
});

describe("hardwareClass", () => {
  test("drivers that call one slice 3g.39gb and 3g.40gb agree", () => {
    const sliced = (profile: string) =>
      classOf("gpu", {
        "gpu.count": 1,
        "gpu.0.compute-capability": "8.0",
        "gpu.0.multiprocessors": 42,
        "gpu.0.mig": profile,
      });
    expect(sliced("3g.39gb")).toBe("cc8.0-sm42-x1-mig-3g.40gb");
    expect(sliced("3g.39gb")).toBe(sliced("3g.40gb"));
  });

  test("unlike GPUs that work together are all named", () => {
    const gpus = {
      "gpu.count": 3,
      "gpu.0.compute-capability": "8.9",
      "gpu.0.multiprocessors": 128,
      "gpu.1.compute-capability": "8.6",
      "gpu.1.multiprocessors": 82,
      "gpu.2.compute-capability": "8.9",
      "gpu.2.multiprocessors": 128,
    };
    expect(classOf("gpu", gpus)).toBe("cc8.6-sm82-x1-cc8.9-sm128-x2");
  });

  test.each<[string, { [key: string]: FactValue }, string]>([
    [
      "level and available threads",
      { "cpu.level": "x86-64-v3", "cpu.features": "", "cpu.threads.available": 2 },
      "cpu-x86-64-v3-t2",
    ],
    [
      "the engine's threads before those available",
      {
        "cpu.level": "x86-64-v3",
        "cpu.features": "",
        "cpu.threads.available": 8,
        "engine.flag.threads": 4,
        "engine.threads": 2,
      },
      "cpu-x86-64-v3-t2",
    ],
    [
      "the threads that the engine was started with",
      { "cpu.level": "x86-64-v3", "cpu.features": "", "cpu.threads.available": 8, "engine.flag.threads": 4 },
      "cpu-x86-64-v3-t4",
    ],
    [
      "features that kernels branch on",
      { "cpu.level": "x86-64-v4", "cpu.features": "avx512vnni amxint8", "cpu.threads.available": 4 },
      "cpu-x86-64-v4-avx512vnni-amxint8-t4",
    ],
    [
      "the length of SVE vectors",
      { "cpu.level": "aarch64", "cpu.features": "asimddp sve", "cpu.sve.bits": 256, "cpu.threads.available": 4 },
      "cpu-aarch64-asimddp-sve-sve256-t4",
    ],
    [
      "the model where features are not known",
      { "cpu.level": "aarch64", "cpu.model": "Apple M2 Pro", "cpu.threads.available": 10 },
      "cpu-aarch64-apple-m2-pro-t10",
    ],
  ])("a CPU class holds %s", (_, values, expected) => {
    expect(classOf("cpu", values)).toBe(expected);
  });

  test("what we cannot see is named by what the server tells, not by its version", () => {
    expect(classOf("attached", { "engine.name": "openai", "engine.version": "0.12.0" })).toBe("attached-openai");
    expect(
      classOf("attached", { "engine.name": "openai", "engine.gpu.name": "NVIDIA L4", "engine.gpu.count": 2 }),
    ).toBe("attached-openai-nvidia-l4-x2");
  });

  test("software has one class", () => {
    expect(classOf("software", { "cpu.level": "x86-64-v4", "gpu.count": 1 })).toBe("software");
  });

  test("whatever the facts say, the class is a valid folder name, and equal facts give equal classes", () => {
    const keys = [
      "gpu.0.name",
      "gpu.0.compute-capability",
      "gpu.0.mig",
      "cpu.level",
      "cpu.model",
      "cpu.features",
      "engine.name",
      "engine.threads",
    ];
    fc.assert(
      fc.property(
        fc.constantFrom<ComputesOn>("gpu", "cpu", "software", "attached"),
        fc.dictionary(
          fc.constantFrom(...keys),
          fc.oneof(fc.string({ unit: "binary", maxLength: 200 }), fc.integer(), fc.boolean()),
        ),
        (computesOn, values) => {
          const named = classOf(computesOn, { "gpu.count": 1, ...values });
          expect(named).toMatch(hardwareClassPattern);
          expect(classOf(computesOn, { "gpu.count": 1, ...values })).toBe(named);
        },
      ),
    );
  });
});
