/** What our part of the server says: facts measured in its workers, or why what was asked is not in force. */
import { z } from "zod";
import type { Fact } from "../../model/fingerprint.ts";
import { GateError } from "../../model/problem.ts";
import { type Ask, jsonAnswer } from "../protocols/ask.ts";
import { driverFact } from "../protocols/driver-fact.ts";
import { refusalSchema } from "../protocols/json-lines-messages.ts";
import { settledLogOf } from "../protocols/log-of.ts";
import { refusals } from "../protocols/refusals.ts";

/** Answered by drivers/inference_gate/serve_facts.py. */
export const factsPath = "/inference-gate/facts";

const attested = z.union([
  z.object({ facts: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])) }),
  z.object({ refused: refusalSchema }),
]);

/** Throws GateError for a setting or option that is not in force, and for a server without our part. */
export async function attestedFacts(ask: Ask): Promise<readonly Fact[]> {
  const answer = await jsonAnswer(ask, attested);
  if ("refused" in answer) {
    const { reason, ...refused } = answer.refused;
    throw new GateError([refusals[reason]({ ...refused, engine: ask.engine, ...(await settledLogOf(ask.running)) })]);
  }
  return Object.entries(answer.facts).map(([key, value]) => driverFact(key, value, `GET ${factsPath}`));
}
