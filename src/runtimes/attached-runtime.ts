/** Runtime `attached`: a server that somebody else has started; it is asked, never started and never stopped. */
import { attachedNeedsHttp, attachedNotReady, attachedUrlInvalid, attachedUrlMissing } from "../messages/runtimes.ts";
import type { LaunchPlan, RunningEngine } from "../model/launch-plan.ts";
import { GateError } from "../model/problem.ts";
import { awaitReady, waitsFor } from "./readiness/await-ready.ts";
import { httpProbe } from "./readiness/http-probe.ts";
import type { Probe } from "./readiness/probe.ts";
import type { Runtime, StartOptions } from "./runtime.ts";

export const attachedRuntime: Runtime = {
  name: "attached",
  available: async () => ({ available: true }),
  start,
  sweep: async () => [],
};

/** An aborted start rejects with the signal's reason. */
async function start(plan: LaunchPlan, { signal }: StartOptions): Promise<RunningEngine> {
  signal.throwIfAborted();
  if (plan.transport !== "http") throw new GateError([attachedNeedsHttp(null)]);
  if (plan.attachedUrl === null) throw new GateError([attachedUrlMissing({ hints: plan.hints })]);
  const baseUrl = checkedUrl(plan.attachedUrl);
  const probes = plan.readiness.flatMap((wanted): Probe[] =>
    wanted.kind === "http" ? [httpProbe(baseUrl, wanted.path, wanted.status)] : [],
  );
  const limitMs = plan.startupTimeoutMs;
  const readied = await awaitReady(probes, limitMs, signal);
  if (readied.kind === "hopeless") throw new GateError([readied.problem]);
  if (readied.kind === "late")
    throw new GateError([
      attachedNotReady({ url: baseUrl, limitMs, waitedFor: waitsFor(probes), seen: readied.seen, hints: plan.hints }),
    ]);
  const source = "runtime attached";
  return {
    endpoint: { kind: "http", baseUrl },
    facts: [
      { key: "runtime.name", value: "attached", source },
      { key: "runtime.url", value: baseUrl, source },
    ],
    logTail: () => [],
    logFile: () => null,
    exited: new Promise(() => {}),
    stop: async () => {},
  };
}

/** Without a slash at its end. Throws GateError for what is no plain http or https address; a credential is never repeated. */
function checkedUrl(text: string): string {
  if (!URL.canParse(text)) throw invalid(text.replace(/^.*@/s, "***@"), "it is no absolute URL");
  const url = new URL(text);
  const shown = `${url.protocol}//${url.host}${url.pathname}`;
  if (url.protocol !== "http:" && url.protocol !== "https:")
    throw invalid(shown, `the scheme is ${url.protocol.slice(0, -1)}`);
  if (url.username !== "" || url.password !== "")
    throw invalid(shown, "it holds a user name or password, which would end up in logs and reports");
  if (url.search !== "" || url.hash !== "") throw invalid(shown, "it has a query or a fragment");
  return shown.replace(/\/+$/, "");
}

const invalid = (url: string, reason: string) => new GateError([attachedUrlInvalid({ url, reason })]);
