/** What GitHub does when it does not do what it was asked, in its own words (docs.github.com, REST API, as of November 2026). */

export type Fault =
  /** Answers without doing it. */
  | {
      readonly kind: "status";
      readonly status: number;
      readonly body: Record<string, unknown>;
      readonly headers?: { readonly [name: string]: string };
    }
  /** Ends the connection; `done`: after it has done what was asked. */
  | { readonly kind: "cut"; readonly done: "nothing" | "everything" }
  /** Takes the request and never answers, or so slowly that nobody waits for it; `done`: after it has done what was asked. */
  | { readonly kind: "silent"; readonly done: "nothing" | "everything" }
  /** Something that is no JSON, as a proxy in between would say it. */
  | { readonly kind: "page"; readonly status: number };

const docs = "https://docs.github.com/rest";
const status = (code: number, message: string, headers: { readonly [name: string]: string } = {}): Fault => ({
  kind: "status",
  status: code,
  body: { message, documentation_url: docs, ...(code === 422 ? {} : { status: String(code) }) },
  headers,
});

export const faults = {
  badCredentials: status(401, "Bad credentials"),
  readOnly: status(403, "Resource not accessible by integration", { "x-accepted-github-permissions": "checks=write" }),
  notFound: status(404, "Not Found"),
  conflict: status(409, "Conflict"),
  tooManyAnnotations: status(422, "Invalid request.\n\nNo more than 50 items are allowed; 51 were supplied."),
  internal: status(500, "Server Error"),
  unavailable: status(503, "Service unavailable"),
  /** `seconds`: retry-after. */
  tooManyRequests: (seconds: number) => status(429, "Too many requests", { "retry-after": String(seconds) }),
  /** With retry-after, or without one when `seconds` is null. */
  secondaryLimit: (seconds: number | null) =>
    status(
      403,
      "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.",
      seconds === null ? {} : { "retry-after": String(seconds) },
    ),
  /** `resetAt`: seconds since the epoch. */
  primaryLimit: (resetAt: number) =>
    status(403, "API rate limit exceeded for installation ID 1.", {
      "x-ratelimit-remaining": "0",
      "x-ratelimit-reset": String(resetAt),
    }),
  cut: { kind: "cut", done: "nothing" },
  lost: { kind: "cut", done: "everything" },
  silent: { kind: "silent", done: "nothing" },
  slow: { kind: "silent", done: "everything" },
  proxyPage: { kind: "page", status: 502 },
} as const satisfies Record<string, Fault | ((value: never) => Fault)>;
