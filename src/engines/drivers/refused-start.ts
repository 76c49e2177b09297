/** Why a server that our driver runs was not started: one line of its log, as drivers/inference_gate/serve.py writes it. */
import type { Problem } from "../../model/problem.ts";
import type { EngineName } from "../../model/suite.ts";
import { refusalSchema } from "../protocols/json-lines-messages.ts";
import { refusals } from "../protocols/refusals.ts";

const mark = "inference-gate refused: ";

/** Null for a log without such a line. */
export function refusedStart(engine: EngineName, logTail: readonly string[]): Problem | null {
  const line = logTail.findLast((one) => one.startsWith(mark));
  if (line === undefined) return null;
  const read = refusalSchema.safeParse(jsonOrNull(line.slice(mark.length)));
  if (!read.success) return null;
  const { reason, ...refusal } = read.data;
  const rest = logTail.filter((one) => one !== line);
  return refusals[reason]({ ...refusal, engine, logTail: rest, logFile: null });
}

function jsonOrNull(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
