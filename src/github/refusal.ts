/** Why GitHub did not do what it was asked, read from its answer or from the lack of one. */

export type RefusalKind =
  /** 401. */
  | "credentials"
  /** 403: the token may not do this. */
  | "forbidden"
  /** 404: not there, or not to be seen by this token. */
  | "not-found"
  /** 410: an artifact that has expired, comments that are locked away. */
  | "gone"
  /** 409, 422 and other 4xx: GitHub finds the request wrong. */
  | "invalid"
  /** 429, or 403 of a rate limit, beyond the time that may be waited. */
  | "limited"
  /** 5xx, a page of something in between, a cut connection, silence: it may have been done all the same. */
  | "lost";

export interface Refusal {
  readonly kind: RefusalKind;
  /** HTTP status; null when no answer came. */
  readonly status: number | null;
  /** GitHub's own words or those of the network, on one line; to be escaped by whoever shows them. */
  readonly said: string;
  /** Rights that would do, such as `checks=write`, where GitHub names them. */
  readonly needs: string | null;
}

export type Answer<T> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: Refusal };

export interface Reply {
  readonly status: number;
  readonly headers: { readonly [name: string]: unknown };
  readonly data: unknown;
}

/** Longest part of GitHub's words that is kept. */
const saidLimit = 300;

/** What was thrown by Octokit: its RequestError when an answer came, anything else when none did. */
export function refusalOf(error: unknown): Refusal {
  const reply = replyOf(error);
  if (reply === null) return { kind: "lost", status: null, said: oneLine(wordsOf(error)), needs: null };
  const needs = reply.headers["x-accepted-github-permissions"];
  return {
    kind: kindOf(reply),
    status: reply.status,
    said: oneLine(messageOf(reply) ?? `HTTP status ${reply.status}`),
    needs: typeof needs === "string" && needs !== "" ? oneLine(needs) : null,
  };
}

/** Null when no answer came. */
export function replyOf(error: unknown): Reply | null {
  const response: unknown = typeof error === "object" && error !== null ? Reflect.get(error, "response") : null;
  if (typeof response !== "object" || response === null) return null;
  const { status, headers, data } = response as Partial<Reply>;
  return typeof status === "number" ? { status, headers: headers ?? {}, data } : null;
}

/** Whether the answer is one of GitHub's rate limits: https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api */
export function isRateLimit({ status, headers, data }: Reply): boolean {
  if (status === 429) return true;
  if (status !== 403) return false;
  const said = messageOf({ data }) ?? "";
  return headers["retry-after"] != null || headers["x-ratelimit-remaining"] === "0" || /rate limit/i.test(said);
}

function kindOf(reply: Reply): RefusalKind {
  if (isRateLimit(reply)) return "limited";
  const { status } = reply;
  if (status >= 500 || status < 400) return "lost";
  const known: { readonly [status: number]: RefusalKind } = {
    401: "credentials",
    403: "forbidden",
    404: "not-found",
    410: "gone",
  };
  return known[status] ?? "invalid";
}

function messageOf({ data }: Pick<Reply, "data">): string | null {
  const message: unknown = typeof data === "object" && data !== null ? Reflect.get(data, "message") : null;
  return typeof message === "string" ? message : null;
}

/** `fetch failed` says nothing: the cause does. */
function wordsOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const { cause } = error;
  return cause instanceof Error && cause.message !== "" ? wordsOf(cause) : error.message;
}

function oneLine(text: string): string {
  const line = text.replace(/\s+/g, " ").trim();
  return line.length > saidLimit ? `${line.slice(0, saidLimit - 1)}…` : line;
}
