import { describe, expect, test } from "@jest/globals";
import { attestedFacts, gpusFromBoth, gpusFromInside, tellsGpus } from "../../src/environment/attested-facts.ts";
import { hardwareClass } from "../../src/environment/hardware-class.ts";
import type { Fact, FactValue } from "../../src/model/fingerprint.ts";

const factsOf = (values: { [key: string]: FactValue }): readonly Fact[] =>
  Object.entries(values).map(([key, value]) => ({ key, value, source: "test" }));
const valuesOf = (facts: readonly Fact[]) => Object.fromEntries(facts.map(({ key, value }) => [key, value]));

const gpu = (index: number, name: string, capability: string, sm: number) => ({
  [`gpu.${index}.name`]: name,
  [`gpu.${index}.compute-capability`]: capability,
  [`gpu.${index}.multiprocessors`]: sm,
  [`gpu.${index}.memory.mib`]: 81_000,
});

test("facts of packages, Python, torch, driver and GPUs stand under their own names", () => {
  const told = factsOf({
    "engine.package.torch": "2.13.0",
    "engine.python.version": "3.12",
    "engine.torch.cuda": "13.0",
    "engine.driver.version": "580.65.06",
    "engine.gpu.0.name": "NVIDIA H100 80GB HBM3",
    "engine.gpu.count-visible": 8,
    "engine.gpu.count": 2,
    "engine.flag.package.x": "1",
    "model.tokenizer": "sha256:1",
  });
  expect(attestedFacts(told).map(({ key }) => key)).toEqual([
    "package.torch",
    "python.version",
    "torch.cuda",
    "driver.version",
    "gpu.0.name",
    "gpu.count-visible",
    "engine.gpu.count",
    "engine.flag.package.x",
    "model.tokenizer",
  ]);
});

describe("GPUs that only the process sees", () => {
  const inside = factsOf({
    ...gpu(0, "NVIDIA H100 80GB HBM3", "9.0", 132),
    ...gpu(1, "NVIDIA H100 80GB HBM3", "9.0", 132),
    "gpu.count-visible": 2,
    "package.torch": "2.13.0",
  });

  test("are those that work together, by the engine's word, else all that are visible", () => {
    expect(hardwareClass("gpu", gpusFromInside(inside, 1))).toBe("cc9.0-sm132-x1");
    expect(hardwareClass("gpu", gpusFromInside(inside, null))).toBe("cc9.0-sm132-x2");
    expect(Object.keys(valuesOf(gpusFromInside(inside, 1))).join()).not.toMatch(/gpu\.1|visible|package/);
  });

  test("may be a slice", () => {
    const slice = factsOf({ ...gpu(0, "NVIDIA A100-SXM4-80GB", "8.0", 14), "gpu.0.mig": "1g.10gb" });
    expect(hardwareClass("gpu", gpusFromInside(slice, 1))).toBe("cc8.0-sm14-x1-mig-1g.10gb");
  });

  test("are told by their multiprocessors", () => {
    expect(tellsGpus(inside)).toBe(true);
    expect(tellsGpus(factsOf({ "gpu.count-visible": 1 }))).toBe(false);
  });
});

describe("GPUs that host and process see", () => {
  const host = (name: string) =>
    factsOf({
      "gpu.count": 1,
      "gpu.0.name": name,
      "gpu.0.memory.mib": 81_559,
      "gpu.0.ecc": true,
      "driver.version": "580",
    });

  test("a card that the table does not know gets its multiprocessors from the process", () => {
    const both = gpusFromBoth(host("NVIDIA X900"), factsOf(gpu(0, "NVIDIA X900", "12.5", 200)));
    expect(hardwareClass("gpu", both)).toBe("cc12.5-sm200-x1");
    expect(valuesOf(both)).toMatchObject({ "gpu.0.memory.mib": 81_559, "gpu.0.ecc": true, "driver.version": "580" });
  });

  test("the table gives way to what the process computes with", () => {
    const listed = [...host("NVIDIA H100 PCIe"), ...factsOf({ "gpu.0.multiprocessors": 132 })];
    expect(hardwareClass("gpu", gpusFromBoth(listed, factsOf(gpu(0, "NVIDIA H100 PCIe", "9.0", 114))))).toBe(
      "cc9.0-sm114-x1",
    );
  });

  test("of unlike cards in another order, the one that computes counts, and nothing of the other is kept", () => {
    const both = gpusFromBoth(host("NVIDIA GeForce RTX 2080"), factsOf(gpu(0, "NVIDIA H100 80GB HBM3", "9.0", 132)));
    expect(valuesOf(both)).toEqual({
      "gpu.count": 1,
      "driver.version": "580",
      ...gpu(0, "NVIDIA H100 80GB HBM3", "9.0", 132),
    });
  });

  test("a GPU that is visible and not in use adds nothing", () => {
    const two = factsOf({ ...gpu(0, "NVIDIA L4", "8.9", 58), ...gpu(1, "NVIDIA L4", "8.9", 58) });
    expect(Object.keys(valuesOf(gpusFromBoth(host("NVIDIA L4"), two))).join()).not.toMatch(/gpu\.1/);
  });
});
