import { describe, expect, test } from "@jest/globals";
import { parseGpuReport } from "../../src/environment/gpu-report.ts";
import { fixture } from "./recorded-machine.ts";

const read = (name: string) => parseGpuReport(fixture(`nvidia-smi/${name}`));

describe("parseGpuReport on recorded outputs", () => {
  test.each([
    ["driver-418-graphics-device.xml", "418.43", "10.1", "Graphics Device", 5912, null, null],
    ["driver-460-v100s.xml", "460.73.01", "11.2", "Tesla V100S-PCIE-32GB", 32510, true, null],
    ["driver-515-tesla-t4.xml", "515.105.01", "11.7", "Tesla T4", 15360, true, null],
    ["driver-535-a100-mig.xml", "535.54.03", "12.2", "NVIDIA A100-SXM4-80GB", 81920, true, true],
    ["driver-550-gtx-1070.xml", "550.54.14", null, "NVIDIA GeForce GTX 1070", 8192, null, null],
    ["driver-570-h100.xml", "570.86.15", "12.8", "NVIDIA H100 80GB HBM3", 81559, true, false],
    [
      "driver-590-rtx-pro-6000.xml",
      "590.44.01",
      "13.1",
      "NVIDIA RTX PRO 6000 Blackwell Max-Q Workstation Edition",
      97887,
      false,
      null,
    ],
    ["driver-595-rtx-4000-sff-ada.xml", "595.84", "13.2", "NVIDIA RTX 4000 SFF Ada Generation", 20475, false, null],
  ])("%s", (file, driverVersion, cudaVersion, name, memoryMib, eccEnabled, migEnabled) => {
    const report = read(file);
    expect(report).toMatchObject({ driverVersion, cudaVersion });
    expect(report?.gpus).toHaveLength(1);
    expect(report?.gpus[0]).toMatchObject({ index: 0, name, memoryMib, eccEnabled, migEnabled });
  });

  test("reads every GPU of a machine with two", () => {
    expect(read("driver-590-rtx-2080-x2.xml")?.gpus.map((gpu) => [gpu.index, gpu.name])).toEqual([
      [0, "NVIDIA GeForce RTX 2080"],
      [1, "NVIDIA GeForce RTX 2080"],
    ]);
  });

  test("reads the slices of a GPU in MIG mode with their own multiprocessors and memory", () => {
    expect(read("driver-535-a100-mig.xml")?.gpus[0]?.migDevices).toEqual(
      [0, 1, 2, 3].map((index) => ({ index, multiprocessors: 14, memoryMib: 19968, profile: null, uuid: null })),
    );
  });

  test("reads who is using a GPU, and how much of it", () => {
    expect(read("driver-590-rtx-pro-6000.xml")?.gpus[0]).toMatchObject({
      usedMemoryMib: 65720,
      processes: [{ pid: 116860, usedMemoryMib: 65710, kind: "compute", name: expect.stringMatching(/llama-server$/) }],
    });
    expect(read("driver-515-tesla-t4.xml")?.gpus[0]?.processes.map(({ pid, kind }) => [pid, kind])).toEqual([
      [675, "graphics"],
      [5762, "compute"],
    ]);
  });
});

describe("parseGpuReport on damaged outputs", () => {
  const whole = fixture("nvidia-smi/driver-515-tesla-t4.xml");

  test.each([
    "ERR!",
    "N/A",
    "[N/A]",
    "[Not Supported]",
    "Unknown Error",
    "[Unknown Error]",
    "Insufficient Permissions",
    "GPU is lost",
    "",
  ])("takes %j for a value that is not known", (untold) => {
    const edited = ["Tesla T4", "15360 MiB", "515.105.01", "11.7"].reduce(
      (text, value) => text.replace(`>${value}<`, `>${untold}<`),
      whole,
    );
    const report = parseGpuReport(edited);
    expect(report).toMatchObject({ driverVersion: null, cudaVersion: null });
    expect(report?.gpus[0]).toMatchObject({ name: null, memoryMib: null });
  });

  test("accepts a warning of the driver in front of the document", () => {
    expect(parseGpuReport(`WARNING: infoROM is corrupted at gpu 0000:00:1E.0\n${whole}`)?.gpus).toHaveLength(1);
  });

  test("refuses a document cut at any line", () => {
    const lines = whole.trimEnd().split("\n");
    for (let kept = 0; kept < lines.length; kept += 1) {
      expect(parseGpuReport(lines.slice(0, kept).join("\n"))).toBeNull();
    }
  });

  test("refuses XML of something else", () => {
    expect(parseGpuReport('<?xml version="1.0"?><rocm_smi_log></rocm_smi_log>')).toBeNull();
  });
});
