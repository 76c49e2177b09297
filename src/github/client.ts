/** The one Octokit: patient with GitHub's limits, with an end to its patience, so that a gate never hangs on a report about itself. */
import type { Clock } from "../platform/clock.ts";
import type { getOctokit } from "./octokit.ts";
import { waitBeforeRetry } from "./patience.ts";
import { type Answer, type Refusal, type Reply, refusalOf, replyOf } from "./refusal.ts";

export type Octokit = ReturnType<typeof getOctokit>;

export interface RepositoryName {
  readonly owner: string;
  readonly repo: string;
}

export interface ClientOptions {
  readonly token: string;
  /** Such as `https://api.github.com`; a GitHub Enterprise Server has another. */
  readonly apiUrl: string;
  readonly repository: RepositoryName;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  /** Time for all requests together, waiting included, from the first one on. */
  readonly budgetMs?: number;
  /** Longest time for one answer. */
  readonly requestMs?: number;
  readonly userAgent: string;
}

export interface GitHubClient {
  readonly repository: RepositoryName;
  /** Never throws but for the signal's reason: what GitHub does not do is a refusal. */
  ask<T>(work: (octokit: Octokit, where: RepositoryName) => Promise<T>): Promise<Answer<T>>;
}

const defaultBudgetMs = 120_000;
const defaultRequestMs = 20_000;

/** Opens no connection before the first question. */
export function gitHubClient(options: ClientOptions): GitHubClient {
  let octokit: Promise<Octokit> | null = null;
  return {
    repository: options.repository,
    async ask(work) {
      octokit ??= openOctokit(options);
      try {
        return { ok: true, value: await work(await octokit, options.repository) };
      } catch (error) {
        options.signal.throwIfAborted();
        return { ok: false, refusal: error instanceof OutOfPatience ? error.refusal : refusalOf(error) };
      }
    },
  };
}

/** Thrown within this file only: GitHub asks for a longer wait than there is time. */
class OutOfPatience extends Error {
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.said);
    this.refusal = refusal;
  }
}

type Send = (options: never) => Promise<Reply>;

/** Loaded when it is needed: most runs of the command line never speak to GitHub. */
async function openOctokit(options: ClientOptions): Promise<Octokit> {
  const { getOctokit } = await import("./octokit.ts");
  const { token, apiUrl, userAgent } = options;
  const silent = () => {};
  const log = { debug: silent, info: silent, warn: silent, error: silent };
  const octokit = getOctokit(token, { baseUrl: apiUrl, userAgent, log });
  const patient = patientSend(options);
  octokit.hook.wrap("request", (send, request) => patient(send as unknown as Send, request) as ReturnType<typeof send>);
  return octokit;
}

function patientSend({ clock, signal, budgetMs = defaultBudgetMs, requestMs = defaultRequestMs }: ClientOptions) {
  let deadline: number | null = null;
  return async (send: Send, request: { readonly method: string; readonly request?: object }): Promise<Reply> => {
    deadline ??= clock.now() + budgetMs;
    for (let number = 1; ; number += 1) {
      signal.throwIfAborted();
      const left = deadline - clock.now();
      if (left <= 0) throw new OutOfPatience(outOfTime(budgetMs));
      const limit = requestLimit(Math.min(requestMs, left), signal);
      try {
        const sent = send({ ...request, request: { ...request.request, signal: limit.signal } } as never);
        return whole(await Promise.race([sent, limit.reached]));
      } catch (error) {
        signal.throwIfAborted();
        const reply = replyOf(error);
        const wait = waitBeforeRetry({ method: request.method, reply, number, now: clock.now() });
        if (wait === null) throw error;
        if (clock.now() + wait >= deadline) throw new OutOfPatience(tooLong(refusalOf(error), wait));
        await clock.sleep(wait, signal);
      } finally {
        limit.lift();
      }
    }
  };
}

/** Ends one request after `ms` or with the outer signal. Whoever waits is freed even when the request itself cannot be ended. */
function requestLimit(ms: number, outer: AbortSignal) {
  const controller = new AbortController();
  const reached = new Promise<never>((_, reject) => {
    controller.signal.addEventListener("abort", () => reject(controller.signal.reason), { once: true });
  });
  // It may be rejected when nobody waits any more.
  reached.catch(() => {});
  const onAbort = () => controller.abort(outer.reason);
  outer.addEventListener("abort", onAbort, { once: true });
  // Not AbortSignal.timeout: its timer does not keep a process alive that has nothing else to do.
  const timer = setTimeout(() => controller.abort(new Error(noAnswer(ms))), ms);
  const lift = () => {
    clearTimeout(timer);
    outer.removeEventListener("abort", onAbort);
  };
  return { signal: controller.signal, reached, lift };
}

const noAnswer = (ms: number) => `no answer within ${Math.round(ms / 100) / 10} s`;

/** A page of a proxy in between is no answer of GitHub, whatever its status. */
function whole(reply: Reply): Reply {
  const type = String(reply.headers["content-type"] ?? "");
  if (!/^text\/html/.test(type)) return reply;
  throw Object.assign(new Error("an HTML page"), {
    response: { ...reply, data: { message: "an HTML page, not JSON" } },
  });
}

const outOfTime = (budgetMs: number): Refusal => ({
  ...{ kind: "lost", status: null, needs: null },
  said: `the ${Math.round(budgetMs / 1000)} s for speaking to GitHub are used up`,
});

function tooLong(refusal: Refusal, waitMs: number): Refusal {
  return { ...refusal, said: `${refusal.said} (it asks to wait ${Math.ceil(waitMs / 1000)} s)` };
}
