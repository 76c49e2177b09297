/** Where an engine keeps what it computes for itself when its image is read-only: below /tmp, gone with the container, so that every launch begins alike. Pure. */
import type { ContainerSpec } from "../../model/container-spec.ts";

type Variables = { readonly [name: string]: string };

/**
 * Each would be a folder below HOME, which is read-only. Only what is made anew when it is missing: models that an image brings stay where they are.
 */
const caches: Variables = {
  VLLM_CACHE_ROOT: "vllm",
  TRITON_CACHE_DIR: "triton",
  // FlashInfer opens a log file there as soon as it is imported; kernels that an image brings lie in packages of their own.
  FLASHINFER_WORKSPACE_BASE: "flashinfer",
  // Code of models that bring their own (`trust_remote_code`) is copied there.
  HF_MODULES_CACHE: "huggingface-modules",
  TVM_FFI_CACHE_DIR: "tvm-ffi",
  TORCH_EXTENSIONS_DIR: "torch-extensions",
  CUTE_DSL_CACHE_DIR: "cute-dsl",
  NUMBA_CACHE_DIR: "numba",
  CUDA_CACHE_PATH: "cuda",
};
const folder = "/tmp/inference-gate-cache";

/** Nothing for a writable image; a variable that image, suite or gate give is theirs. */
export function cacheVariables(
  spec: Pick<ContainerSpec, "root" | "env">,
  ofImage: ReadonlyMap<string, string>,
  given: Variables,
): Variables {
  if (spec.root === "writable") return {};
  const isFree = (name: string) => !ofImage.has(name) && !(name in given) && !spec.env.includes(name);
  return Object.fromEntries(
    Object.entries(caches).flatMap(([name, below]) => (isFree(name) ? [[name, `${folder}/${below}`]] : [])),
  );
}
