import { arch, availableParallelism } from "node:os";
import { describe, expect, test } from "@jest/globals";
import { availableThreads, cgroupPaths, parseCpuMax } from "../../src/environment/available-threads.ts";
import { cpuFacts } from "../../src/environment/cpu.ts";
import { kernelFeatures, x86Level } from "../../src/environment/cpu-features.ts";
import { parseCpuinfo } from "../../src/environment/cpuinfo.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { fixture, recordedFiles } from "./recorded-machine.ts";

const sapphireRapids = new Set(fixture("cpuinfo/intel-xeon-8480-flags.txt").trim().split(" "));

describe("parseCpuinfo on recorded machines", () => {
  test("AMD EPYC (Zen 3): level 3 and nothing beyond that kernels branch on", () => {
    expect(parseCpuinfo(fixture("cpuinfo/amd-epyc-zen3-vm.txt"))).toEqual({
      model: "AMD EPYC",
      vendor: "AuthenticAMD",
      level: "x86-64-v3",
      features: [],
      physicalCores: 2,
    });
  });

  test("Intel Xeon E5520 (Nehalem): level 2", () => {
    expect(parseCpuinfo(fixture("cpuinfo/intel-xeon-e5520.txt"))).toMatchObject({
      vendor: "GenuineIntel",
      level: "x86-64-v2",
      features: [],
      physicalCores: 2,
    });
  });

  test("AWS Graviton3: no model line, so the core is named; features of arm64", () => {
    expect(parseCpuinfo(fixture("cpuinfo/aws-graviton3.txt"))).toEqual({
      model: "Neoverse-V1",
      vendor: "ARM",
      level: "aarch64",
      features: ["asimddp", "asimdhp", "i8mm", "bf16", "sve", "svei8mm", "svebf16"],
      physicalCores: null,
    });
  });

  test("a text that is no cpuinfo tells nothing", () => {
    expect(parseCpuinfo("hello: world\n")).toEqual({
      model: null,
      vendor: null,
      level: null,
      features: null,
      physicalCores: null,
    });
  });

  test("of unlike CPUs only what all of them can do counts", () => {
    const two =
      "processor: 0\nCPU implementer: 0x41\nCPU part: 0xd82\nFeatures: asimddp sve\n\nprocessor: 1\nCPU implementer: 0x41\nCPU part: 0xd80\nFeatures: asimddp\n";
    expect(parseCpuinfo(two).features).toEqual(["asimddp"]);
  });
});

describe("instruction sets", () => {
  test("Sapphire Rapids is level 4 with the features by which llama.cpp tells it from Skylake-X", () => {
    expect(x86Level(sapphireRapids)).toBe("x86-64-v4");
    expect(kernelFeatures("x86-64", sapphireRapids)).toEqual([
      "avx512vbmi",
      "avx512vnni",
      "avx512bf16",
      "avx512fp16",
      "avxvnni",
      "amxtile",
      "amxint8",
      "amxbf16",
    ]);
  });

  test.each([
    ["movbe", "x86-64-v2"],
    ["avx512vl", "x86-64-v3"],
    ["ssse3", "x86-64"],
  ])("a CPU without %s is %s, however new the rest", (missing, level) => {
    expect(x86Level(new Set([...sapphireRapids].filter((flag) => flag !== missing)))).toBe(level);
  });

  test("AVX below level 3 (Sandy Bridge) is told, since llama.cpp has a build for it", () => {
    const flags = new Set("cx16 lahf_lm popcnt pni sse4_1 sse4_2 ssse3 avx xsave".split(" "));
    expect(x86Level(flags)).toBe("x86-64-v2");
    expect(kernelFeatures("x86-64", flags)).toEqual(["avx"]);
  });
});

describe("availableThreads", () => {
  const threads = (texts: { [path: string]: string }) => availableThreads(recordedFiles(texts));

  test("follows the affinity where no quota is set", async () => {
    expect(await threads({})).toBe(availableParallelism());
    expect(await threads({ "/sys/fs/cgroup/cpu.max": "max 100000\n" })).toBe(availableParallelism());
  });

  test("obeys a quota of the container, of a level above, and of control groups of version 1", async () => {
    expect(await threads({ "/sys/fs/cgroup/cpu.max": "100000 100000\n" })).toBe(1);
    expect(await threads({ "/proc/self/cgroup": "0::/a/b\n", "/sys/fs/cgroup/a/cpu.max": "50000 100000\n" })).toBe(1);
    expect(
      await threads({
        "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "100000\n",
        "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
      }),
    ).toBe(1);
    const unlimited = {
      "/sys/fs/cgroup/cpu/cpu.cfs_quota_us": "-1\n",
      "/sys/fs/cgroup/cpu/cpu.cfs_period_us": "100000\n",
    };
    expect(await threads(unlimited)).toBe(availableParallelism());
  });

  test.each([
    ["200000 100000\n", 2],
    ["150000 100000", 1.5],
    ["max 100000\n", null],
    ["100000 0", null],
    ["", null],
  ])("cpu.max %j grants %j CPUs", (text, expected) => {
    expect(parseCpuMax(text)).toBe(expected);
  });

  test("finds its own groups", () => {
    expect(cgroupPaths("12:cpuset:/x\n4:cpu,cpuacct:/docker/1:2\n0::/user.slice\n")).toEqual({
      v2: "/user.slice",
      cpu: "/docker/1:2",
    });
  });
});

describe("cpuFacts", () => {
  test("tells of this machine at least how many threads there are", async () => {
    const facts = new Map((await cpuFacts(nodeFiles)).map((fact) => [fact.key, fact.value]));
    expect(facts.get("cpu.threads.available")).toBeGreaterThanOrEqual(1);
    expect(facts.get("cpu.level")).toMatch(/^(?:x86-64|aarch64)/);
  });

  test("tells the vector length where the kernel does", async () => {
    const files = recordedFiles({
      "/proc/cpuinfo": fixture("cpuinfo/aws-graviton3.txt"),
      "/proc/sys/abi/sve_default_vector_length": "32\n",
    });
    expect(await cpuFacts(files)).toContainEqual({
      key: "cpu.sve.bits",
      value: 256,
      source: "/proc/sys/abi/sve_default_vector_length",
    });
  });

  test("asks Node where there is no /proc, and then knows no features", async () => {
    const facts = await cpuFacts(recordedFiles({}));
    expect(facts.map(({ key }) => key)).not.toContain("cpu.features");
    expect(facts.find(({ key }) => key === "cpu.level")).toEqual({
      key: "cpu.level",
      value: { arm64: "aarch64", x64: "x86-64" }[arch() as string] ?? arch(),
      source: "node:os",
    });
  });
});
