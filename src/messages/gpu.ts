/** Why the engine is not even started on a GPU. */
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

export const gpuFaulty = message<{ gpu: string; index: number; found: readonly string[]; worn: boolean }>(
  {
    code: "environment/gpu-faulty",
    verdict: "error",
    explanation:
      "The GPU's memory has had errors that ECC could not mend since the driver was loaded, or rows of it await their replacement. What is " +
      "computed on it cannot be trusted, and a golden recorded on it would be wrong for ever. A reset of the GPU or a reboot replaces the rows and " +
      "sets the counters back; a row that cannot be replaced means that the board is worn out. Errors that were corrected are no reason to stop.",
    example: {
      gpu: "GPU 0 (NVIDIA A10G)",
      index: 0,
      found: ["2 uncorrected memory errors since the driver was loaded"],
      worn: false,
    },
  },
  ({ gpu, index, found, worn }) => ({
    title: `The memory of ${gpu} is faulty.`,
    found: found.join("; "),
    expected: "no uncorrected error and no row that awaits its replacement",
    help: worn
      ? ["Take this GPU out of service: its spare rows are used up."]
      : [
          `Reset it while nobody uses it: sudo nvidia-smi --gpu-reset -i ${index}; or reboot the machine.`,
          "If the errors come back, have the board replaced.",
        ],
  }),
);

export const gpuBusy = message<{
  gpu: string;
  processes: readonly { readonly pid: number; readonly name: string | null; readonly usedMib: number | null }[];
  hiddenMib: number | null;
}>(
  {
    code: "environment/gpu-busy",
    verdict: "error",
    explanation:
      "Somebody else computes on the GPU that the engine shall use. An engine sizes its caches by the free memory, and one that has less of it " +
      "schedules and batches differently: two such runs need not agree. Memory that belongs to no process to be seen here is most often that of " +
      "another container. `environment: { busy_gpu: noted }` in the suite lets the run go on all the same.",
    example: {
      gpu: "GPU 0 (NVIDIA H100)",
      processes: [{ pid: 4711, name: "python3", usedMib: 65_710 }],
      hiddenMib: null,
    },
  },
  ({ gpu, processes, hiddenMib }) => ({
    title: `${gpu} is in use.`,
    found: [
      ...processes
        .slice(0, 5)
        .map(
          ({ pid, name, usedMib }) =>
            `process ${pid}${name === null ? "" : ` ${quoted(name)}`}${usedMib === null ? "" : ` with ${usedMib} MiB`}`,
        ),
      ...(processes.length > 5 ? [`${processes.length - 5} more`] : []),
      ...(hiddenMib === null ? [] : [`${hiddenMib} MiB that belong to no process to be seen here`]),
    ].join("; "),
    expected: "a GPU that nobody else computes on",
    help: [
      "Wait for it, or end it; with several GPUs, choose a free one by CUDA_VISIBLE_DEVICES in engine.env, or container.gpus.",
      "On a shared runner, let one job at a time have the GPU (a concurrency group, or one runner a GPU).",
      "If sharing is meant: environment: { busy_gpu: noted } in the suite.",
    ],
  }),
);

export const gpuMemoryShort = message<{ gpus: string; haveMib: number; needMib: number; why: string }>(
  {
    code: "environment/gpu-memory-short",
    verdict: "error",
    explanation:
      "The model cannot fit: its weights are larger than the memory of the GPUs that work together, or less memory is free than the engine takes at its " +
      "start. Found before the launch, since an engine says so only after it has loaded for minutes.",
    example: { gpus: "GPU 0 (NVIDIA L4)", haveMib: 23_034, needMib: 30_633, why: "the weights alone" },
  },
  ({ gpus, haveMib, needMib, why }) => ({
    title: "The GPU has too little memory for this model.",
    found: `${haveMib} MiB on ${gpus}`,
    expected: `at least ${needMib} MiB: ${why}`,
    help: [
      "More GPUs that work together (tensor_parallel_size), a smaller or quantised model, or another machine.",
      "If somebody else holds the memory, wait for it, or lower the share (gpu_memory_utilization): it is part of the contract.",
    ],
  }),
);

export const gpuMessages = [gpuFaulty, gpuBusy, gpuMemoryShort];
