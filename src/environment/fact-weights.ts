/** What each fact is called in plain words, whether a change of it breaks the comparison, and how likely it changes outputs. */
import type { ChangeWeight, FactGroup } from "../model/fingerprint.ts";
import { packagePlace, packagePlaces } from "./computing-packages.ts";

/**
 * `driver`: as the suite's driver policy says. `cpu-class`: breaking for engines that compute on the CPU, else noted. `package`: by
 * what the package does.
 */
type Weight = ChangeWeight | "driver" | "cpu-class" | "package";

/** Room between two rows for the ranks within one: packages differ among themselves. */
const ranksPerRow = 100;

/** `*` in a pattern stands for the rest of a key at its end, and for one part of it elsewhere; in a label for what that was. */
type Row = readonly [pattern: string, label: string, weight: Weight];

/** Most likely first: the row's place is the rank of a change. The first row that fits a key counts. */
const table: readonly (readonly [FactGroup, readonly Row[]])[] = [
  [
    "model",
    [
      ["model.file.*", "model file *", "breaking"],
      ["engine.file.*", "file of engine option *", "breaking"],
      ["model.chat-template", "chat template", "breaking"],
      ["model.chat_template", "chat template", "breaking"],
      ["engine.chat-template", "chat template", "breaking"],
      ["model.chat-template.*", "chat template *", "breaking"],
      ["model.tokenizer", "tokenizer", "breaking"],
      ["model.tokenizer.*", "tokenizer *", "breaking"],
      ["model.revision", "model revision", "breaking"],
      ["model.name", "model name", "breaking"],
      ["model.rows", "rows of the model's embedding", "breaking"],
      ["model.bytes.*", "size of model file *", "noted"],
      ["model.*", "model *", "breaking"],
    ],
  ],
  [
    "image",
    [
      ["engine.image", "container image", "breaking"],
      ["image.*", "container image *", "breaking"],
    ],
  ],
  [
    "engine",
    [
      ["engine.name", "engine", "breaking"],
      ["engine.version", "engine version", "breaking"],
      ["engine.build", "engine build", "breaking"],
      ["engine.device", "device of the engine", "breaking"],
      ["engine.version.*", "engine version *", "noted"],
      ["engine.distribution", "package of the engine", "noted"],
    ],
  ],
  [
    "packages",
    [
      ["package.*", "package *", "package"],
      ["torch.version", "torch", "breaking"],
      ["torch.cuda", "CUDA of torch", "breaking"],
      ["torch.cudnn", "cuDNN of torch", "breaking"],
      ["torch.nccl", "NCCL of torch", "breaking"],
      ["torch.cpu-capability", "CPU kernels of torch", "cpu-class"],
      ["torch.threads", "threads of torch", "cpu-class"],
      ["torch.*", "torch *", "breaking"],
      ["python.version", "Python", "breaking"],
      ["python.*", "Python *", "noted"],
    ],
  ],
  [
    "settings",
    [
      ["engine.flag.*", "engine flag *", "breaking"],
      // These follow from the memory that was free.
      ["engine.config.cache.num_gpu_blocks", "engine setting cache.num_gpu_blocks", "noted"],
      ["engine.config.cache.num_cpu_blocks", "engine setting cache.num_cpu_blocks", "noted"],
      ["engine.config.cache.kv_cache_size_tokens", "engine setting cache.kv_cache_size_tokens", "noted"],
      ["engine.config.cache.kv_cache_max_concurrency", "engine setting cache.kv_cache_max_concurrency", "noted"],
      ["engine.config.*", "engine setting *", "breaking"],
      ["engine.determinism.*", "determinism setting *", "breaking"],
    ],
  ],
  [
    "variables",
    [
      ["engine.env.CUDA_VISIBLE_DEVICES", "environment variable CUDA_VISIBLE_DEVICES", "noted"],
      ["engine.env.*", "environment variable *", "breaking"],
    ],
  ],
  [
    "settings",
    [
      ["engine.threads", "engine threads", "breaking"],
      ["engine.gpu.count", "number of GPUs in use", "breaking"],
      ["engine.*", "engine *", "breaking"],
    ],
  ],
  [
    "hardware",
    [
      ["hardware-class", "hardware class", "breaking"],
      ["gpu.count", "number of GPUs", "breaking"],
      ["gpu.*.compute-capability", "compute capability of GPU *", "breaking"],
      ["gpu.*.multiprocessors", "multiprocessors of GPU *", "breaking"],
      ["gpu.*.mig", "MIG profile of GPU *", "breaking"],
      ["cpu.level", "CPU instruction-set level", "cpu-class"],
      ["cpu.features", "CPU features", "cpu-class"],
      ["cpu.sve.bits", "CPU vector length in bits", "cpu-class"],
      ["driver.version", "GPU driver version", "driver"],
      ["driver.cuda", "CUDA version of the driver", "driver"],
      ["driver.*", "GPU driver *", "driver"],
      ["gpu.*.name", "name of GPU *", "noted"],
      ["gpu.*.memory.mib", "memory of GPU * in MiB", "noted"],
      ["gpu.*.ecc", "ECC of GPU *", "noted"],
      ["gpu.*", "GPU *", "noted"],
      ["cpu.model", "CPU model", "noted"],
      ["cpu.threads.available", "CPU threads available", "noted"],
      ["cpu.*", "CPU *", "noted"],
    ],
  ],
  [
    "machine",
    [
      ["runtime.*", "runtime *", "noted"],
      ["process.*", "process *", "noted"],
      ["host.os", "operating system", "noted"],
      ["host.kernel", "kernel", "noted"],
      ["host.memory.mib", "memory of the host in MiB", "noted"],
      ["host.*", "host *", "noted"],
    ],
  ],
  // Unknown to us: better a needless re-record than a silent change.
  ["settings", [["*", "*", "breaking"]]],
];

interface Matcher {
  readonly regex: RegExp;
  readonly group: FactGroup;
  readonly label: string;
  readonly weight: Weight;
  readonly rank: number;
}

const matchers: readonly Matcher[] = table
  .flatMap(([group, rows]) =>
    rows.map(([pattern, label, weight]) => ({ group, label, weight, regex: regexOf(pattern) })),
  )
  .map((row, index) => ({ ...row, rank: (index + 1) * ranksPerRow }));

export interface FactWeight {
  readonly group: FactGroup;
  readonly label: string;
  readonly weight: Exclude<Weight, "package">;
  /** 1 is the most likely to change outputs. */
  readonly rank: number;
}

/** Group, label, weight and rank of a key; every key has one. */
export function factWeight(key: string): FactWeight {
  for (const { regex, group, label, weight, rank } of matchers) {
    const match = regex.exec(key);
    if (match === null) continue;
    const named = { group, label: label.replace("*", () => match[1] ?? "") };
    if (weight !== "package") return { ...named, weight, rank };
    const place = packagePlace(match[1] ?? "");
    return {
      ...named,
      weight: place === null ? "noted" : "breaking",
      rank: rank - ranksPerRow + 1 + (place ?? packagePlaces),
    };
  }
  return { group: "settings", label: key, weight: "breaking", rank: (matchers.length + 1) * ranksPerRow };
}

function regexOf(pattern: string): RegExp {
  const [before = "", after] = pattern.split("*");
  const escaped = (text: string) => text.replaceAll(".", "\\.");
  if (after === undefined) return new RegExp(`^${escaped(before)}$`);
  return new RegExp(after === "" ? `^${escaped(before)}([^]+)$` : `^${escaped(before)}([^.]+)${escaped(after)}$`);
}
