/** Every runtime by its name in the suite. */
import type { RuntimeName } from "../model/suite.ts";
import { attachedRuntime } from "./attached-runtime.ts";
import { createContainerRuntime } from "./container/container-runtime.ts";
import { processRuntime } from "./process-runtime.ts";
import type { Runtime } from "./runtime.ts";

export const runtimes = {
  process: processRuntime,
  docker: createContainerRuntime("docker"),
  podman: createContainerRuntime("podman"),
  attached: attachedRuntime,
} as const satisfies Record<RuntimeName, Runtime>;
