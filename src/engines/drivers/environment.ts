/** The part of the determinism prelude that must be there before an interpreter starts: its environment variables. */
import { variableContradicts } from "../../messages/engines-driver-suite.ts";
import type { Determinism } from "../../model/determinism.ts";
import { GateError } from "../../model/problem.ts";
import type { EngineSpec } from "../../model/suite.ts";

type Variables = { readonly [name: string]: string };

/** Nothing of a replay comes from the network, and nothing is told to anybody. */
const offline: Variables = {
  HF_HUB_OFFLINE: "1",
  TRANSFORMERS_OFFLINE: "1",
  HF_HUB_DISABLE_TELEMETRY: "1",
  DO_NOT_TRACK: "1",
  VLLM_NO_USAGE_STATS: "1",
};

const bit = (value: boolean) => (value ? "1" : "0");

interface Row {
  readonly setting: keyof Determinism;
  readonly variables: Variables;
}

/** Variables of each setting; a setting that frameworks read only from within has none. */
function rows(settings: Determinism): readonly Row[] {
  const threads = String(settings.threads);
  const { cublas_workspace: workspace } = settings;
  return [
    { setting: "hash_seed", variables: { PYTHONHASHSEED: String(settings.hash_seed) } },
    { setting: "cublas_workspace", variables: workspace === "default" ? {} : { CUBLAS_WORKSPACE_CONFIG: workspace } },
    { setting: "tf32", variables: settings.tf32 ? {} : { NVIDIA_TF32_OVERRIDE: "0" } },
    {
      setting: "compile",
      variables: settings.compile ? {} : { TORCH_COMPILE_DISABLE: "1", TORCHDYNAMO_DISABLE: "1" },
    },
    {
      setting: "autotune",
      variables: settings.autotune
        ? {}
        : {
            TORCHINDUCTOR_MAX_AUTOTUNE: "0",
            TORCHINDUCTOR_MAX_AUTOTUNE_GEMM: "0",
            VLLM_ENABLE_INDUCTOR_MAX_AUTOTUNE: "0",
            VLLM_TRITON_FORCE_FIRST_CONFIG: "1",
          },
    },
    {
      setting: "threads",
      variables: {
        OMP_NUM_THREADS: threads,
        MKL_NUM_THREADS: threads,
        OPENBLAS_NUM_THREADS: threads,
        TOKENIZERS_PARALLELISM: "false",
      },
    },
    {
      setting: "multiprocessing",
      variables: {
        VLLM_ENABLE_V1_MULTIPROCESSING: bit(settings.multiprocessing),
        // The driver sends a function of its own to the processes that compute, to read back what is in force there.
        ...(settings.multiprocessing ? { VLLM_ALLOW_INSECURE_SERIALIZATION: "1" } : {}),
      },
    },
    { setting: "batch_invariant", variables: { VLLM_BATCH_INVARIANT: bit(settings.batch_invariant) } },
  ];
}

/** Environment of a driver: the suite's variables and the prelude's. Throws GateError naming every variable that contradicts a setting. */
export function preludeEnvironment(engine: Pick<EngineSpec, "env" | "source">, settings: Determinism): Variables {
  const { env, source } = engine;
  const decided = rows(settings);
  const problems = decided.flatMap(({ setting, variables }) =>
    Object.entries(variables).flatMap(([name, wanted]) => {
      const given = env[name];
      if (given === undefined || given === wanted) return [];
      return [variableContradicts({ source, name, given, setting, wanted })];
    }),
  );
  if (problems.length > 0) throw new GateError(problems);
  return { ...offline, ...env, ...Object.assign({}, ...decided.map(({ variables }) => variables)) };
}
