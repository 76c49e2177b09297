/** Looks at the GPUs before an engine is started on them, so that a fault is told at once and not after minutes of loading. */
import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { GateError } from "../model/problem.ts";
import type { EngineName, Suite } from "../model/suite.ts";
import { containerGpus } from "./container-gpus.ts";
import { type GpuNeeds, gpuProblems } from "./gpu-readiness.ts";
import { gpuIntent, gpusInUse } from "./gpu-use.ts";
import type { HostProbes } from "./host-probes.ts";

/** Engines that compute on a GPU wherever there is one. */
const gpuEngines: readonly EngineName[] = ["vllm", "vllm-server", "sglang", "tgi"];
/** Of them those that take a share of the memory at their start, by the option that names it and its default. */
const sharing: { readonly [name in EngineName]?: { readonly option: string; readonly share: number } } = {
  vllm: { option: "gpu_memory_utilization", share: 0.9 },
  "vllm-server": { option: "gpu_memory_utilization", share: 0.9 },
};
/** Options by which weights become smaller, or stay outside of the GPU. */
const shrinking = /^(?:quantization|quantize|load[-_]format|cpu[-_]offload|offload|enable[-_]expert)/;

/** Throws GateError. Says nothing where there is no GPU to be seen: whether one is needed is known when the engine runs. */
export async function assertGpusReady(suite: Suite, host: Pick<HostProbes, "gpus" | "visibleGpus">): Promise<void> {
  const { engine, container, runtime } = suite;
  if (runtime === "attached") return;
  const given = container === null ? host.visibleGpus : containerGpus(container);
  const visible = engine.env.CUDA_VISIBLE_DEVICES ?? given;
  const intent = gpuIntent(engine, [], visible);
  if (intent.use === "unused" || (intent.use === "unsaid" && !gpuEngines.includes(engine.name))) return;
  const probe = await host.gpus();
  if (probe.kind !== "gpus") return;
  const used = gpusInUse(probe.report.gpus, visible, intent.count);
  const problems = gpuProblems(used, await needsOf(suite));
  if (problems.length > 0) throw new GateError(problems);
}

async function needsOf({ engine, model, busyGpu }: Suite): Promise<GpuNeeds> {
  const isWhole = gpuEngines.includes(engine.name) && !Object.keys(engine.args).some((name) => shrinking.test(name));
  const usual = sharing[engine.name] ?? null;
  const written = Number(engine.args.gpu_memory_utilization ?? engine.args["gpu-memory-utilization"] ?? usual?.share);
  return {
    weightBytes: isWhole && model?.path ? await weightBytesOf(model.path) : null,
    memoryShare: usual === null || !(written > 0 && written <= 1) ? null : { ...usual, share: written },
    busy: busyGpu,
  };
}

/** Bytes of the safetensors in a model's folder; null for anything else. */
async function weightBytesOf(path: string): Promise<number | null> {
  const names = await readdir(path).catch((): string[] => []);
  const sizes = await Promise.all(
    names
      .filter((name) => name.endsWith(".safetensors"))
      .map((name) =>
        stat(join(path, name)).then(
          ({ size }) => size,
          () => 0,
        ),
      ),
  );
  return sizes.length === 0 ? null : sizes.reduce((sum, size) => sum + size, 0);
}
