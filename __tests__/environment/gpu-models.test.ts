import { describe, expect, test } from "@jest/globals";
import { gpuModel } from "../../src/environment/gpu-models.ts";

describe("gpuModel", () => {
  test("tells boards apart that share a chip's name: 114 and 132 multiprocessors of an H100", () => {
    expect(gpuModel("NVIDIA H100 PCIe")?.multiprocessors).toBe(114);
    expect(gpuModel("NVIDIA H100 80GB HBM3")?.multiprocessors).toBe(132);
  });

  test("knows a GPU by the names of old and new drivers", () => {
    expect(gpuModel("A100-SXM4-40GB")).toEqual(gpuModel("NVIDIA A100-SXM4-40GB"));
    expect(gpuModel("Tesla V100-SXM2-16GB")?.computeCapability).toBe("7.0");
  });

  test.each(["NVIDIA GeForce RTX 4090 Laptop GPU", "NVIDIA GeForce RTX 3080", "Graphics Device", "", "NVIDIA"])(
    "does not guess about %j",
    (name) => {
      expect(gpuModel(name)).toBeNull();
    },
  );

  test("names a public source for each figure", () => {
    expect(gpuModel("NVIDIA L4")?.source).toMatch(/^https:\/\//);
  });
});
