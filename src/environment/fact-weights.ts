/** What each fact is called in plain words, whether a change of it breaks the comparison, and how likely it changes outputs. */
import type { ChangeWeight } from "../model/fingerprint.ts";

/** `driver`: as the suite's driver policy says. `cpu-class`: breaking for engines that compute on the CPU, else noted. */
type Weight = ChangeWeight | "driver" | "cpu-class";

interface Row {
  /** `*` stands for the rest of a key at its end, and for one part of it elsewhere. */
  readonly pattern: string;
  /** `*` is replaced by what the star stood for. */
  readonly label: string;
  readonly weight: Weight;
}

/** Most likely first: the row's place is the rank of a change. The first row that fits a key counts. */
const rows: readonly Row[] = [
  { pattern: "model.file.*", label: "model file *", weight: "breaking" },
  { pattern: "engine.file.*", label: "file of engine option *", weight: "breaking" },
  { pattern: "model.chat-template", label: "chat template", weight: "breaking" },
  { pattern: "model.chat_template", label: "chat template", weight: "breaking" },
  { pattern: "engine.chat-template", label: "chat template", weight: "breaking" },
  { pattern: "model.chat-template.*", label: "chat template *", weight: "breaking" },
  { pattern: "model.revision", label: "model revision", weight: "breaking" },
  { pattern: "model.name", label: "model name", weight: "breaking" },
  { pattern: "model.bytes.*", label: "size of model file *", weight: "noted" },
  { pattern: "model.*", label: "model *", weight: "breaking" },
  { pattern: "engine.name", label: "engine", weight: "breaking" },
  { pattern: "engine.version", label: "engine version", weight: "breaking" },
  { pattern: "engine.build", label: "engine build", weight: "breaking" },
  { pattern: "engine.image", label: "container image", weight: "breaking" },
  { pattern: "image.*", label: "container image *", weight: "breaking" },
  { pattern: "engine.flag.*", label: "engine flag *", weight: "breaking" },
  { pattern: "engine.env.*", label: "environment variable *", weight: "breaking" },
  { pattern: "engine.package.*", label: "package *", weight: "breaking" },
  { pattern: "package.*", label: "package *", weight: "breaking" },
  { pattern: "engine.threads", label: "engine threads", weight: "breaking" },
  { pattern: "engine.gpu.count", label: "number of GPUs in use", weight: "breaking" },
  { pattern: "engine.*", label: "engine *", weight: "breaking" },
  { pattern: "gpu.count", label: "number of GPUs", weight: "breaking" },
  { pattern: "gpu.*.compute-capability", label: "compute capability of GPU *", weight: "breaking" },
  { pattern: "gpu.*.multiprocessors", label: "multiprocessors of GPU *", weight: "breaking" },
  { pattern: "gpu.*.mig", label: "MIG profile of GPU *", weight: "breaking" },
  { pattern: "cpu.level", label: "CPU instruction-set level", weight: "cpu-class" },
  { pattern: "cpu.features", label: "CPU features", weight: "cpu-class" },
  { pattern: "cpu.sve.bits", label: "CPU vector length in bits", weight: "cpu-class" },
  { pattern: "driver.version", label: "GPU driver version", weight: "driver" },
  { pattern: "driver.cuda", label: "CUDA version of the driver", weight: "driver" },
  { pattern: "driver.*", label: "GPU driver *", weight: "driver" },
  { pattern: "gpu.*.name", label: "name of GPU *", weight: "noted" },
  { pattern: "gpu.*.memory.mib", label: "memory of GPU * in MiB", weight: "noted" },
  { pattern: "gpu.*.ecc", label: "ECC of GPU *", weight: "noted" },
  { pattern: "gpu.*", label: "GPU *", weight: "noted" },
  { pattern: "cpu.model", label: "CPU model", weight: "noted" },
  { pattern: "cpu.threads.available", label: "CPU threads available", weight: "noted" },
  { pattern: "cpu.*", label: "CPU *", weight: "noted" },
  { pattern: "runtime.*", label: "runtime *", weight: "noted" },
  { pattern: "process.*", label: "process *", weight: "noted" },
  { pattern: "host.os", label: "operating system", weight: "noted" },
  { pattern: "host.kernel", label: "kernel", weight: "noted" },
  { pattern: "host.memory.mib", label: "memory of the host in MiB", weight: "noted" },
  { pattern: "host.*", label: "host *", weight: "noted" },
  // Unknown to us: better a needless re-record than a silent change.
  { pattern: "*", label: "*", weight: "breaking" },
];

const matchers = rows.map((row, index) => ({ ...row, rank: index + 1, regex: regexOf(row.pattern) }));

export interface FactWeight {
  readonly label: string;
  readonly weight: Weight;
  /** 1 is the most likely to change outputs. */
  readonly rank: number;
}

/** Label, weight and rank of a key; every key has one. */
export function factWeight(key: string): FactWeight {
  for (const { regex, label, weight, rank } of matchers) {
    const match = regex.exec(key);
    if (match !== null) return { label: label.replace("*", () => match[1] ?? ""), weight, rank };
  }
  return { label: key, weight: "breaking", rank: rows.length };
}

function regexOf(pattern: string): RegExp {
  const [before = "", after] = pattern.split("*");
  const escaped = (text: string) => text.replaceAll(".", "\\.");
  if (after === undefined) return new RegExp(`^${escaped(before)}$`);
  return new RegExp(after === "" ? `^${escaped(before)}([^]+)$` : `^${escaped(before)}([^.]+)${escaped(after)}$`);
}
