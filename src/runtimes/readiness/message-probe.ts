/** Ready when the first line on stdout is a protocol message of a type, or a refusal that its reader will explain; the line is left for whoever reads the protocol. */
import { z } from "zod";
import { GateError, type Problem } from "../../model/problem.ts";
import type { StdioLines } from "../stdio-lines.ts";
import type { Probe } from "./probe.ts";

const typed = z.looseObject({ type: z.string() });

export interface FirstMessage {
  readonly type: string;
  /** Lines that are no message are dropped: something else in the process may print before the protocol begins. */
  readonly skipsPrints: boolean;
  /** The problem for a first line that is something else. */
  readonly unexpected: (line: string) => Problem;
}

export function messageProbe(lines: StdioLines, { type, skipsPrints, unexpected }: FirstMessage): Probe {
  return {
    waitsFor: `a ${JSON.stringify(type)} message as the first line on stdout`,
    async look(signal) {
      try {
        let line = await Promise.race([lines.peek(), endOf(signal)]);
        while (skipsPrints && typeof line === "string" && typeOf(line) === null) {
          await lines[Symbol.asyncIterator]().next();
          line = await Promise.race([lines.peek(), endOf(signal)]);
        }
        if (line === undefined) return { kind: "waiting", seen: "no line on stdout" };
        if (line === null) return { kind: "waiting", seen: "stdout closed without a line" };
        return [type, "refused"].includes(typeOf(line) ?? "")
          ? { kind: "ready" }
          : { kind: "hopeless", problem: unexpected(line) };
      } catch (error) {
        const problem = error instanceof GateError ? error.problems[0] : undefined;
        return problem === undefined ? { kind: "waiting", seen: String(error) } : { kind: "hopeless", problem };
      }
    },
  };
}

function endOf(signal: AbortSignal): Promise<undefined> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve(undefined);
    else signal.addEventListener("abort", () => resolve(undefined), { once: true });
  });
}

function typeOf(line: string): string | null {
  try {
    return typed.safeParse(JSON.parse(line)).data?.type ?? null;
  } catch {
    return null;
  }
}
