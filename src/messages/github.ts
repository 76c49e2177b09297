/** What GitHub refuses while something is asked of its API. */
import { message } from "./message.ts";

/** What was to be done, such as `write the check run`, and GitHub's or the network's own words. */
interface Asked {
  readonly what: string;
  readonly said: string;
}

const example: Asked = { what: "write the check run", said: "Bad credentials" };

export const tokenRefused = message<Asked>(
  {
    code: "github/token-refused",
    verdict: "error",
    explanation:
      "GitHub does not know the token that was given: it has expired, was revoked, or belongs to another server. The token of a job " +
      "ends with the job.",
    example,
  },
  ({ what, said }) => ({
    title: `GitHub refused the token, so it could not ${what}.`,
    found: said,
    expected: "a token that GitHub knows",
    help: ["Give the job's own token, `github.token`, or a new one."],
  }),
);

export const mayNot = message<Asked & { readonly needs: string | null }>(
  {
    code: "github/may-not",
    verdict: "error",
    explanation:
      "The token is known but may not do this. A workflow grants rights under `permissions:`; pull requests from forks and those of " +
      "Dependabot get a token that may only read, whatever the workflow says.",
    example: {
      what: "read the artifacts of run 17",
      said: "Resource not accessible by integration",
      needs: "actions=read",
    },
  },
  ({ what, said, needs }) => ({
    title: `The token may not ${what}.`,
    found: said,
    expected: needs === null ? "a token with the right to do it" : `a token with ${needs}`,
    help: [`Grant it in the workflow, for the job: permissions: { ${(needs ?? "checks=write").replace("=", ": ")} }`],
  }),
);

export const notThere = message<Asked>(
  {
    code: "github/not-there",
    verdict: "error",
    explanation:
      "GitHub says that it is not there. It says the same of what a token may not see, such as another private repository, and of " +
      "artifacts that have expired.",
    example: { what: "read run 17", said: "Not Found" },
  },
  ({ what, said }) => ({
    title: `GitHub could not ${what}: it is not there, or not to be seen by this token.`,
    found: said,
    expected: "something that exists and that the token may see",
    help: ["Look whether number and repository are right, and whether the token is of that repository."],
  }),
);

export const limitReached = message<Asked>(
  {
    code: "github/limit-reached",
    verdict: "error",
    explanation:
      "GitHub limits how much a token may ask in an hour, and how fast. The gate waits as long as GitHub asks it to, within two " +
      "minutes; this limit lasts longer. The verdict is not touched by it.",
    example: { what: "write the comment", said: "API rate limit exceeded (it asks to wait 1801 s)" },
  },
  ({ what, said }) => ({
    title: `A rate limit of GitHub kept it from being able to ${what}.`,
    found: said,
    expected: "an answer within two minutes",
    help: ["Run the job again later, or use fewer jobs with one token at a time."],
  }),
);

export const gitHubRefused = message<Asked>(
  {
    code: "github/refused",
    verdict: "error",
    explanation: "GitHub finds the request wrong. What it says stands behind `found`.",
    example: { what: "write the check run", said: "No commit found for SHA: 0a1b2c" },
  },
  ({ what, said }) => ({
    title: `GitHub would not ${what}.`,
    found: said,
    expected: "a request that GitHub takes",
    help: ["If what it says does not help, please report it with this message."],
  }),
);

export const gitHubLost = message<Asked>(
  {
    code: "github/no-answer",
    verdict: "error",
    explanation:
      "GitHub gave no usable answer: the connection ended, it took too long, or a server in between answered. Reading was tried four times.",
    example: { what: "read run 17", said: "no answer within 20 s" },
  },
  ({ what, said }) => ({
    title: `GitHub gave no usable answer to the request to ${what}.`,
    found: said,
    expected: "an answer of GitHub's API",
    help: ["Look at githubstatus.com and at the proxy in between, then run the job again."],
  }),
);

export const gitHubMessages = [tokenRefused, mayNot, notThere, limitReached, gitHubRefused, gitHubLost];
