/** A refusal as a problem for people. */
import { gitHubLost, gitHubRefused, limitReached, mayNot, notThere, tokenRefused } from "../messages/github.ts";
import { GateError, type Problem } from "../model/problem.ts";
import type { Answer, Refusal } from "./refusal.ts";

/** `what` follows "could not", such as `write the check run`. */
export function refusalProblem({ kind, said, needs }: Refusal, what: string): Problem {
  const asked = { what, said };
  switch (kind) {
    case "credentials":
      return tokenRefused(asked);
    case "forbidden":
      return mayNot({ ...asked, needs });
    case "not-found":
    case "gone":
      return notThere(asked);
    case "limited":
      return limitReached(asked);
    case "invalid":
      return gitHubRefused(asked);
    case "lost":
      return gitHubLost(asked);
  }
}

/** The value. Throws GateError for a refusal. */
export function answered<T>(answer: Answer<T>, what: string): T {
  if (answer.ok) return answer.value;
  throw new GateError([refusalProblem(answer.refusal, what)]);
}
