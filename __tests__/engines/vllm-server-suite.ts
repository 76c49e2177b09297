/** A suite whose engine is vLLM's server, with the determinism settings that it has when it says nothing of them. */
import type { EngineSpec, Suite } from "../../src/model/suite.ts";
import { defaultDeterminism } from "../../src/suite/determinism-schema.ts";
import { suiteOf } from "./sample-suite.ts";

export function serverSuite(engine: Partial<EngineSpec> = {}, more: Partial<Suite> = {}): Suite {
  const determinism = { ...defaultDeterminism, multiprocessing: true };
  return suiteOf({ name: "vllm-server", ...engine }, { determinism, ...more });
}
