/** What the GitHub Action refuses before anything runs: inputs, the event, and machines that strangers could use. */
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

export const inputInvalid = message<{ input: string; found: string; expected: string }>(
  {
    code: "action/input-invalid",
    verdict: "usage",
    explanation:
      "An input under `with:` has a value that it cannot take. All wrong inputs are told at once, each by its name, and nothing " +
      "is started before the last one is mended. docs/action.md lists every input with what it takes.",
    example: { input: "mode", found: "chek", expected: "check or record" },
  },
  ({ input, found, expected }) => ({
    title: `The input ${quoted(input)} cannot take ${quoted(found)}.`,
    found: quoted(found),
    expected,
    help: [`Correct ${input} under with: in the workflow, or leave it out to have its default.`],
  }),
);

export const inputUnknown = message<{ input: string; nearest: string | null }>(
  {
    code: "action/input-unknown",
    verdict: "usage",
    explanation:
      "The workflow gives an input that the action does not have. GitHub itself only warns about that, and a mistyped input would " +
      "have no effect: a check that was meant to be stricter would not be.",
    example: { input: "fail_on", nearest: "fail-on" },
  },
  ({ input, nearest }) => ({
    title: `The action has no input ${quoted(input)}.`,
    found: quoted(input),
    expected: "an input that docs/action.md lists",
    help: [nearest === null ? "Remove it from with: in the workflow." : `Did you mean ${nearest}?`],
  }),
);

export const inputUseless = message<{ input: string; mode: string; wanted: string }>(
  {
    code: "action/input-useless",
    verdict: "usage",
    explanation:
      "The input is right in itself but has no effect in this mode. It is refused, so that nobody relies on it: a reason is " +
      "written into the lock by a recording only, and only a check can go on after a split.",
    example: { input: "reason", mode: "check", wanted: "record" },
  },
  ({ input, mode, wanted }) => ({
    title: `The input ${quoted(input)} has no effect in mode ${mode}.`,
    found: `mode: ${mode}`,
    expected: `mode: ${wanted}, or no ${input}`,
    help: [`Leave ${input} out, or set mode to ${wanted}.`],
  }),
);

export const inputsUnreadable = message<{ variable: string; why: string }>(
  {
    code: "action/inputs-unreadable",
    verdict: "usage",
    explanation:
      "action.yml hands all inputs over as JSON in one environment variable. It is missing or damaged: the bundle was started " +
      "by something else, or action.yml and dist/ are of different releases.",
    example: { variable: "INFERENCE_GATE_INPUTS", why: "it is not set" },
  },
  ({ variable, why }) => ({
    title: "The action did not get its inputs.",
    found: `${variable}: ${why}`,
    expected: "the inputs as JSON, as action.yml hands them over",
    help: ["Use the action by its action.yml, with dist/ of the same release."],
  }),
);

export const eventUnreadable = message<{ variable: string; why: string }>(
  {
    code: "action/event-unreadable",
    verdict: "error",
    explanation:
      "GitHub writes the event that started the workflow into a file. Without it nobody can tell whether the code to be run comes " +
      "from a fork, so nothing is run.",
    example: { variable: "GITHUB_EVENT_PATH", why: "the file is not JSON" },
  },
  ({ variable, why }) => ({
    title: "The event of this workflow run cannot be read.",
    found: `${variable}: ${why}`,
    expected: "the event file that GitHub's runner writes",
    help: ["Run the action in a step of a workflow, and do not change GITHUB_EVENT_PATH."],
  }),
);

export const forkRefused = message<{ head: string; base: string }>(
  {
    code: "action/fork-refused",
    verdict: "usage",
    explanation:
      "The pull request comes from a fork. The gate starts what the suite names, on your machine: anybody who can open a pull " +
      "request could run a program there. So forks are refused unless the workflow says `allow-forks: true`, which is safe only " +
      "where somebody has read the change first (a protected environment with a reviewer) or the machine is thrown away after the job.",
    example: { head: "stranger/project", base: "team/project" },
  },
  ({ head, base }) => ({
    title: "Pull requests from forks are not run on this machine.",
    found: `a pull request from ${quoted(head)}`,
    expected: `a branch of ${quoted(base)}`,
    help: [
      "To check it, push the branch to the repository itself once somebody has read the change.",
      "Or set allow-forks: true, behind an environment that asks for approval (docs/action.md says how).",
    ],
  }),
);

export const dependabotRefused = message<{ head: string }>(
  {
    code: "action/dependabot-refused",
    verdict: "usage",
    explanation:
      "The pull request was opened by Dependabot: it changes what is installed or launched to something that nobody has looked at " +
      "yet. Set `allow-dependabot: true` where the engine runs without network and secrets, or where a reviewer approves first.",
    example: { head: "dependabot/docker/vllm-0.32" },
  },
  ({ head }) => ({
    title: "Pull requests of Dependabot are not run on this machine.",
    found: `the branch ${quoted(head)}`,
    expected: "a change that somebody of the team has pushed",
    help: [
      "To check it, let a person push to the branch or open it anew.",
      "Or set allow-dependabot: true in the workflow.",
    ],
  }),
);

export const foreignHeadRefused = message<{ event: string; found: string; expected: string }>(
  {
    code: "action/foreign-head-refused",
    verdict: "usage",
    explanation:
      "The workflow was started by an event that runs with the rights and secrets of the base repository (`pull_request_target`, " +
      "`workflow_run`, `issue_comment`), and what is checked out is not the commit that belongs to it. That is how a pull " +
      "request gets hold of a repository's secrets. Use the event `pull_request` instead. `allow-forks: true` allows it.",
    example: { event: "pull_request_target", found: "9f2c…", expected: "1a7b…" },
  },
  ({ event, found, expected }) => ({
    title: `Under ${event} only the base repository's own commit is run, and another one is checked out.`,
    found,
    expected,
    help: [
      "Start the workflow by pull_request, which runs the pull request without the repository's secrets.",
      "Or set allow-forks: true if somebody has read what is checked out.",
    ],
  }),
);

export const endedInHaste = message<{ signal: string }>(
  {
    code: "action/ended-in-haste",
    verdict: "error",
    explanation:
      "The job was cancelled, or timed out, and the engine did not end within the few seconds that GitHub's runner gives. It was " +
      "killed; the clean-up step looks after what may be left of it. No golden was touched.",
    example: { signal: "SIGINT" },
  },
  ({ signal }) => ({
    title: `Interrupted by ${signal}; the engine did not end in time and was killed.`,
    help: ["Run the job again."],
  }),
);

export const actionMessages = [
  inputInvalid,
  inputUnknown,
  inputUseless,
  inputsUnreadable,
  eventUnreadable,
  forkRefused,
  dependabotRefused,
  foreignHeadRefused,
  endedInHaste,
];
