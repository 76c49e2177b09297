/** Where an engine that speaks HTTP listens. */
import { wrongTransport } from "../../messages/engines-reply.ts";
import type { RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";

/** Without a slash at its end. Throws GateError (`engines/wrong-transport`) for a running engine without an address. */
export function httpAddress(running: RunningEngine, engine: string): string {
  if (running.endpoint.kind === "http") return running.endpoint.baseUrl.replace(/\/+$/, "");
  throw new GateError([wrongTransport({ engine, caseId: null, transport: running.endpoint.kind })]);
}
