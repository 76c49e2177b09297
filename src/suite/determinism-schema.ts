/** The schema of `determinism:`; each setting has a default, and all of them are part of the contract. */
import { z } from "zod";
import { algorithmModes, cublasWorkspaces, type Determinism } from "../model/determinism.ts";
import { oneOf } from "./schema-words.ts";

const whole = (fallback: number, minimum: number, maximum: number, meaning: string) => {
  const expected = `a whole number from ${minimum} to ${maximum}`;
  return z.int(expected).min(minimum, expected).max(maximum, expected).default(fallback).describe(meaning);
};
const yesOrNo = (meaning: string) => z.boolean("true or false").default(false).describe(meaning);
const largest = 2 ** 32 - 1;

export const determinismSchema = z.strictObject(
  {
    seed: whole(
      0,
      0,
      largest,
      "Seed of the global random numbers of Python, NumPy, torch and all its devices, set anew before each request. A request's own numbers come from `sampling.seed`.",
    ),
    hash_seed: whole(0, 0, largest, "Seed of Python's hashes (`PYTHONHASHSEED`): the order of sets."),
    deterministic_algorithms: oneOf(algorithmModes)
      .default("warn")
      .describe(
        "torch's deterministic algorithms. `strict`: an operation that has none fails, as the cumulative sum of vLLM's `top_p` does on a GPU; `warn`: the log names it.",
      ),
    fill_uninitialized_memory: yesOrNo("torch fills new memory with NaN, so that reading it before writing shows."),
    cublas_workspace: oneOf(cublasWorkspaces)
      .default(":4096:8")
      .describe("`CUBLAS_WORKSPACE_CONFIG`: fixed buffers for cuBLAS, without which two streams may differ."),
    cudnn_deterministic: z
      .boolean("true or false")
      .default(true)
      .describe("cuDNN chooses among deterministic algorithms only."),
    cudnn_benchmark: yesOrNo("cuDNN times its algorithms at each start and takes the fastest."),
    tf32: yesOrNo("Matrix products of float32 with the 10 bits of TF32."),
    compile: yesOrNo(
      "`torch.compile` and CUDA graphs. Off sets vLLM's `enforce_eager`. On, what is compiled may differ from start to start.",
    ),
    autotune: yesOrNo("Inductor, Triton and FlashInfer time kernels at the start and take the fastest."),
    threads: whole(
      1,
      1,
      4096,
      "Threads within an operation on the CPU. On a CPU it shapes the last bits; every runner of the suite must have as many.",
    ),
    interop_threads: whole(1, 1, 4096, "Threads between operations on the CPU."),
    multiprocessing: yesOrNo(
      "vLLM's engine in a process of its own (`VLLM_ENABLE_V1_MULTIPROCESSING`), where its scheduling depends on time.",
    ),
    batch_invariant: yesOrNo(
      "vLLM's batch-invariant kernels (`VLLM_BATCH_INVARIANT`): other kernels, so other goldens. Compute capability 8.0 or newer.",
    ),
  },
  "a mapping such as { threads: 4 }",
);

/** What holds where the suite says nothing. */
export const defaultDeterminism: Determinism = determinismSchema.parse({});
