/** What a failed start throws: why it did not start, and that it could not be ended either. */
import { GateError } from "../model/problem.ts";

/** Ends what was started and throws `error`, together with what the ending threw. */
export async function endAndThrow(error: unknown, end: () => Promise<void>): Promise<never> {
  await end().catch((alsoFailed: unknown) => {
    throw together(error, alsoFailed);
  });
  throw error;
}

function together(first: unknown, second: unknown): unknown {
  if (!(first instanceof GateError) || !(second instanceof GateError) || first === second) return second;
  return new GateError([...first.problems, ...second.problems], { cause: second });
}
