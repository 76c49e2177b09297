/** The instruction sets of a CPU as inference kernels see them: the x86-64 level, and the features beyond it that kernels branch on. */

// https://gitlab.com/x86-psABIs/x86-64-ABI, table "Micro-Architecture Levels", under Linux' names for the flags.
const levels: readonly (readonly [string, readonly string[]])[] = [
  ["x86-64-v2", ["cx16", "lahf_lm", "popcnt", "pni", "sse4_1", "sse4_2", "ssse3"]],
  ["x86-64-v3", ["avx", "avx2", "bmi1", "bmi2", "f16c", "fma", "abm", "movbe", "xsave"]],
  ["x86-64-v4", ["avx512f", "avx512bw", "avx512cd", "avx512dq", "avx512vl"]],
];

// The flags by which llama.cpp chooses among the builds of its CPU back end, and oneDNN among its kernels:
// https://github.com/ggml-org/llama.cpp/blob/master/ggml/src/CMakeLists.txt (ggml_add_cpu_backend_variant),
// https://uxlfoundation.github.io/oneDNN/dev_guide_cpu_dispatcher_control.html
const x86Kernels = [
  "avx",
  "f16c",
  "fma",
  "avx2",
  "bmi2",
  "avx512f",
  "avx512vbmi",
  "avx512_vnni",
  "avx512_bf16",
  "avx512_fp16",
  "avx_vnni",
  "avx_vnni_int8",
  "amx_tile",
  "amx_int8",
  "amx_bf16",
  "amx_fp16",
];

// arm64 hwcap names: https://docs.kernel.org/arch/arm64/elf_hwcaps.html
const armKernels = ["asimddp", "asimdhp", "i8mm", "bf16", "sve", "sve2", "svei8mm", "svebf16", "sme", "sme2"];

/** `x86-64` to `x86-64-v4`: the highest level whose flags are all there. */
export function x86Level(flags: ReadonlySet<string>): string {
  let reached = "x86-64";
  for (const [level, needed] of levels) {
    if (!needed.every((flag) => flags.has(flag))) break;
    reached = level;
  }
  return reached;
}

/** Features that kernels branch on and that the level does not imply, without underscores, in a fixed order. */
export function kernelFeatures(architecture: "x86-64" | "aarch64", flags: ReadonlySet<string>): readonly string[] {
  if (architecture === "aarch64") return armKernels.filter((flag) => flags.has(flag));
  const implied = new Set(levels.slice(0, levelNumber(x86Level(flags)) - 1).flatMap(([, needed]) => needed));
  return x86Kernels.filter((flag) => flags.has(flag) && !implied.has(flag)).map((flag) => flag.replaceAll("_", ""));
}

const levelNumber = (level: string) => Number(/-v(\d)$/.exec(level)?.[1] ?? 1);
