/** The launch of a program that speaks the JSON Lines protocol. */
import type { LaunchPlan } from "../../model/launch-plan.ts";
import type { Suite } from "../../model/suite.ts";

/** Ready when its first line on stdout is a `ready` message. */
export function stdioPlan(suite: Suite, argv: LaunchPlan["argv"], hints: readonly string[]): LaunchPlan {
  return {
    argv,
    env: suite.engine.env,
    workingDirectory: suite.folder,
    transport: "stdio",
    readiness: [{ kind: "message", type: "ready" }],
    startupTimeoutMs: suite.timeouts.startupMs,
    stopTimeoutMs: suite.timeouts.stopMs,
    hints,
    attachedUrl: suite.engine.url,
  };
}
