/** The discarded first request of a launch: kernels compile and caches fill before anything is compared. */
import type { EngineSession } from "../engines/engine.ts";
import type { Case } from "../model/case.ts";
import { type ReplayOptions, replayCase } from "./replay-case.ts";

/** Tokens after which a warm-up has done its work. */
const warmUpTokens = 16;

/**
 * Replays `item` for at most 16 tokens and throws the answer away; record and check do the same, so both meet a warm engine.
 * Throws GateError as `replayCase` does.
 */
export async function warmUp(session: EngineSession, item: Case, options: ReplayOptions): Promise<void> {
  await replayCase(session, item, {
    ...options,
    onToken: (token) => (token.index + 1 >= warmUpTokens ? "stop" : "continue"),
  });
}
