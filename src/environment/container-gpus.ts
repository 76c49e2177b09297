/** The GPUs that a container is given, in the words of CUDA_VISIBLE_DEVICES. Pure. */
import type { ContainerSpec } from "../model/container-spec.ts";

/** Null for all; empty for none. A slice of a GPU in MIG mode is `GPU:slice`. */
export function containerGpus({ gpus }: Pick<ContainerSpec, "gpus">): string | null {
  if (gpus.kind === "all") return null;
  if (gpus.kind === "none") return "";
  if (gpus.kind === "devices") return gpus.ids.join(",");
  return Array.from({ length: gpus.count }, (_, index) => index).join(",");
}
