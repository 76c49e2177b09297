import { describe, expect, test } from "@jest/globals";
import { fingerprint } from "../../src/environment/fingerprint.ts";
import type { HostProbes } from "../../src/environment/host-probes.ts";
import { probeNvidiaSmi } from "../../src/environment/nvidia-smi.ts";
import type { Fact, FactValue } from "../../src/model/fingerprint.ts";
import type { RunningEngine } from "../../src/model/launch-plan.ts";
import { GateError } from "../../src/model/problem.ts";
import type { Suite } from "../../src/model/suite.ts";
import type { CommandRunner } from "../../src/platform/command-runner.ts";
import { ended, fixture, recordedRunner, recordedSmi } from "./recorded-machine.ts";

const factsOf = (values: { [key: string]: FactValue }): readonly Fact[] =>
  Object.entries(values).map(([key, value]) => ({ key, value, source: "test" }));

const source = { file: "suite.yml", line: 1, column: 1 };

function suiteOf(engine: Partial<Suite["engine"]>, more: Partial<Suite> = {}): Suite {
  return {
    name: "test",
    path: "/suite/suite.yml",
    folder: "/suite",
    runtime: "process",
    container: null,
    engine: { name: "llama-cpp", command: null, args: {}, env: {}, url: null, source, ...engine },
    model: null,
    determinism: null,
    dependencies: {},
    compare: { tier: "tokens", maxLogprobDelta: 0, nearTie: 0 },
    record: { launches: 2, repeats: 2 },
    timeouts: { startupMs: 1, caseMs: 1, stallMs: 1, stopMs: 1 },
    driverPolicy: "noted",
    busyGpu: "refuse",
    redact: false,
    cases: [],
    ...more,
  };
}

const running: RunningEngine = {
  endpoint: { kind: "http", baseUrl: "http://127.0.0.1:40123" },
  facts: factsOf({ "launch.pid": 4711, "runtime.name": "process" }),
  logTail: () => [],
  logFile: () => null,
  exited: new Promise(() => {}),
  stop: async () => {},
};

function machine(runner: CommandRunner, more: Partial<HostProbes> = {}): HostProbes {
  return {
    visibleGpus: null,
    gpus: () => probeNvidiaSmi(runner),
    cpu: async () => factsOf({ "cpu.level": "x86-64-v3", "cpu.features": "", "cpu.threads.available": 2 }),
    host: async () => factsOf({ "host.kernel": "Linux 6.1" }),
    modelFiles: async (path) => factsOf({ [`model.file.${path.slice(1)}`]: "sha256:1" }),
    engineFiles: async ({ args }) => factsOf("lora" in args ? { "engine.file.lora.l.gguf": "sha256:3" } : {}),
    ...more,
  };
}
const noGpu = machine(recordedRunner({}));
const h100 = machine(recordedSmi("driver-570-h100.xml", { capabilities: ended("0, 9.0\n") }));
const broken = machine(recordedRunner({ "nvidia-smi -q -x": ended(fixture("nvidia-smi/driver-not-loaded.txt"), 9) }));

const measure = (suite: Suite, host: HostProbes, engine: { [key: string]: FactValue } = {}) =>
  fingerprint({ suite, running, engineFacts: factsOf(engine), host });
const codeOf = async (work: Promise<unknown>) => {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof GateError)) throw new Error("no GateError");
  return error.problems.map(({ code }) => code).join();
};
const keys = (facts: readonly Fact[]) => facts.map(({ key }) => key);

describe("fingerprint", () => {
  test("of an engine on the CPU", async () => {
    const measured = await measure(suiteOf({}), noGpu, { "engine.version": "b4000", "engine.threads": 1 });
    expect(measured.hardwareClass).toBe("cpu-x86-64-v3-t1");
    expect(keys(measured.facts)).toEqual([
      "cpu.features",
      "cpu.level",
      "cpu.threads.available",
      "engine.name",
      "engine.threads",
      "engine.version",
      "host.kernel",
      "runtime.name",
    ]);
  });

  test("of an engine on a GPU", async () => {
    const measured = await measure(suiteOf({}), h100);
    expect(measured.hardwareClass).toBe("cc9.0-sm132-x1");
    expect(measured.facts).toContainEqual({ key: "driver.version", value: "570.86.15", source: "nvidia-smi" });
    expect(measured.facts).toContainEqual({ key: "gpu.0.multiprocessors", value: 132, source: "table of GPU models" });
    expect(keys(measured.facts).join()).not.toMatch(/uuid|serial|pid/);
  });

  test("of an engine whose process tells its GPU needs no nvidia-smi", async () => {
    const seen = {
      "engine.device": "cuda",
      "engine.gpu.count": 2,
      "engine.gpu.count-visible": 4,
      "engine.gpu.0.multiprocessors": 132,
      "engine.gpu.0.compute-capability": "9.0",
      "engine.gpu.1.multiprocessors": 132,
      "engine.gpu.1.compute-capability": "9.0",
      "engine.gpu.2.multiprocessors": 132,
      "engine.package.torch": "2.13.0",
    };
    const measured = await measure(suiteOf({}), noGpu, seen);
    expect(measured.hardwareClass).toBe("cc9.0-sm132-x2");
    expect(keys(measured.facts)).toContain("package.torch");
    expect(keys(measured.facts).join()).not.toMatch(/gpu\.2|visible/);
  });

  test("of an engine on the CPU of a machine with a GPU says nothing of the GPU", async () => {
    const measured = await measure(suiteOf({ args: { n_gpu_layers: 0 } }), h100);
    expect(measured.hardwareClass).toBe("cpu-x86-64-v3-t2");
    expect(keys(measured.facts).join()).not.toMatch(/gpu\.|driver\./);
  });

  test("of a server that somebody else started says nothing of this machine", async () => {
    const suite = suiteOf({ name: "openai", url: "http://gpu-box:8000" }, { runtime: "attached" });
    const measured = await measure(suite, h100, { "engine.version": "0.12.0" });
    expect(measured.hardwareClass).toBe("attached-openai");
    expect(keys(measured.facts)).toEqual(["engine.name", "engine.version", "runtime.name"]);
  });

  test("of software is the same on every machine, until the program says what it computes on", async () => {
    expect((await measure(suiteOf({ name: "scripted" }), h100)).hardwareClass).toBe("software");
    expect((await measure(suiteOf({ name: "command" }), broken)).hardwareClass).toBe("software");
    const onGpu = measure(suiteOf({ name: "command" }), h100, { "engine.device": "cuda" });
    expect((await onGpu).hardwareClass).toBe("cc9.0-sm132-x1");
    const onCpu = measure(suiteOf({ name: "command" }), h100, { "engine.device": "cpu" });
    expect((await onCpu).hardwareClass).toBe("cpu-x86-64-v3-t2");
  });

  test("holds the model's files, name and revision, and what we measured beats what an engine claims", async () => {
    const model = { name: "org/model", revision: "0".repeat(40), path: "/a.gguf", source };
    const measured = await measure(suiteOf({}, { model }), noGpu, {
      "model.file.a.gguf": "sha256:2",
    });
    const values = new Map(measured.facts.map((fact) => [fact.key, fact.value]));
    expect(values.get("model.file.a.gguf")).toBe("sha256:1");
    expect(values.get("model.name")).toBe("org/model");
    expect(values.get("model.revision")).toBe("0".repeat(40));
    expect(values.get("engine.name")).toBe("llama-cpp");
    const served = await measure(suiteOf({}, { model }), noGpu, { "model.name": "b.gguf" });
    expect(served.facts).toContainEqual({ key: "model.name", value: "b.gguf", source: "test" });
  });

  test("holds files of engine options where we start the engine, and not those of a script", async () => {
    const has = async (engine: Partial<Suite["engine"]>, more: Partial<Suite> = {}) =>
      keys((await measure(suiteOf({ args: { lora: "l.gguf" }, ...engine }, more), noGpu)).facts).includes(
        "engine.file.lora.l.gguf",
      );
    expect(await has({})).toBe(true);
    expect(await has({}, { runtime: "attached" })).toBe(false);
    expect(await has({ name: "scripted" })).toBe(false);
  });

  test("has sorted, unique keys and does not differ from launch to launch", async () => {
    const first = await measure(suiteOf({}), h100);
    const again = await fingerprint({
      suite: suiteOf({}),
      running: {
        ...running,
        facts: factsOf({ "runtime.name": "process", "launch.pid": 4712, "launch.log": "/tmp/2" }),
      },
      engineFacts: [],
      host: h100,
    });
    expect(again).toEqual(first);
    expect(keys(first.facts)).toEqual([...new Set(keys(first.facts))].sort());
  });
});

describe("fingerprint refuses to guess", () => {
  test("when the engine uses a GPU and there is no nvidia-smi", async () => {
    expect(await codeOf(measure(suiteOf({ args: { n_gpu_layers: 99 } }), noGpu))).toBe(
      "environment/nvidia-smi-missing",
    );
  });

  test("when the engine uses a GPU and the driver lists none", async () => {
    const none = machine(recordedRunner({ "nvidia-smi -q -x": ended(fixture("nvidia-smi/no-devices.txt"), 6) }));
    expect(await codeOf(measure(suiteOf({ args: { n_gpu_layers: 99 } }), none))).toBe("environment/gpu-expected");
    expect((await measure(suiteOf({}), none)).hardwareClass).toBe("cpu-x86-64-v3-t2");
  });

  test("when the driver does not answer, unless the engine is meant for the CPU", async () => {
    expect(await codeOf(measure(suiteOf({}), broken))).toBe("environment/nvidia-smi-failed");
    const onCpu = await measure(suiteOf({ args: { n_gpu_layers: 0 } }), broken);
    expect(onCpu.hardwareClass).toBe("cpu-x86-64-v3-t2");
  });

  test("when fewer GPUs can be used than work together", async () => {
    expect(await codeOf(measure(suiteOf({ args: { tensor_parallel_size: 2 } }), h100))).toBe(
      "environment/gpu-expected",
    );
    const hidden = { ...h100, visibleGpus: "7" };
    expect(await codeOf(measure(suiteOf({}), hidden))).toBe("environment/gpu-expected");
  });
});
