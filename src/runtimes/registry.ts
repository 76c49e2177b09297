/** Every runtime by its name in the suite. */
import type { RuntimeName } from "../model/suite.ts";
import { attachedRuntime } from "./attached-runtime.ts";
import { processRuntime } from "./process-runtime.ts";
import type { Runtime } from "./runtime.ts";

export const runtimes = {
  process: processRuntime,
  attached: attachedRuntime,
} as const satisfies Record<RuntimeName, Runtime>;
