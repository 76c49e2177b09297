/** What is wrong with what another run has uploaded. It was written by that run, and so perhaps by a stranger. */
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

export const noArtifact = message<{ run: number; name: string; expired: boolean }>(
  {
    code: "artifacts/none",
    verdict: "error",
    explanation:
      "A run leaves its report as an artifact (`upload-report`), which GitHub keeps for some days. This run has none of that name, or not any more.",
    example: { run: 17, name: "inference-gate-report", expired: false },
  },
  ({ run, name, expired }) => ({
    title: `Run ${run} has no artifact ${quoted(name)}${expired ? " any more: it has expired" : ""}.`,
    found: expired ? "an artifact that has expired" : "no artifact of that name",
    expected: "the report that the gate has uploaded",
    help: [
      "Look at the page of the run for the artifact's name, and give it: --artifact <name>",
      "Run the gate again when the artifact has expired.",
    ],
  }),
);

export const severalReports = message<{ run: number; names: readonly string[] }>(
  {
    code: "artifacts/several",
    verdict: "usage",
    explanation:
      "Each job of a matrix uploads a report of its own, under a name that ends with the values of its matrix. `accept` takes the answers of one " +
      "check; `publish` shows all of them, up to a number that people still look at.",
    example: { run: 17, names: ["inference-gate-report-gpu-a,2", "inference-gate-report-gpu-b,2"] },
  },
  ({ run, names }) => ({
    title: `Run ${run} has uploaded ${names.length} reports, so one must be named.`,
    found: `${names.slice(0, 8).map(quoted).join(", ")}${names.length > 8 ? `, and ${names.length - 8} more` : ""}`,
    expected: "one report",
    help: ["Name the one that is meant: --artifact <name>"],
  }),
);

export const runOfFork = message<{ run: number; head: string | null; base: string; event: string }>(
  {
    code: "artifacts/from-a-fork",
    verdict: "usage",
    explanation:
      "Whoever wrote the code of a run also wrote what it uploaded. Of a pull request from a fork that is a stranger, who can upload answers that no " +
      "engine has ever given; as goldens, later checks would trust them. The same holds for events that run with the rights of the base whoever caused " +
      "them (`pull_request_target`, `workflow_run`, `issue_comment`): nobody can tell whose code ran.",
    example: { run: 17, head: "stranger/model", base: "team/model", event: "pull_request" },
  },
  ({ run, head, base, event }) => {
    const isOther = head?.toLowerCase() !== base.toLowerCase();
    return {
      title: isOther
        ? `Run ${run} was one of ${head ?? "a repository that is gone"}, so its answers are the word of whoever wrote that.`
        : `Run ${run} was started by an event that may run anybody's code, so its answers are nobody's word.`,
      found: isOther ? `a run of the event ${event}, of another repository` : `a run of the event ${event}`,
      expected: `a run of ${base} itself`,
      help: [
        "Bring the change to a branch of the repository, check it there, and accept that run.",
        "Or read every answer first, and say that you trust them: inference-gate accept --allow-fork …",
      ],
    };
  },
);

export const artifactTooLarge = message<{ what: string; bytes: number; limitBytes: number }>(
  {
    code: "artifacts/too-large",
    verdict: "error",
    explanation:
      "What another run has uploaded is read into memory, so its size has a limit: of the archive, and of each file in it, whatever the archive " +
      "itself claims.",
    example: { what: "the archive", bytes: 900_000_000, limitBytes: 268_435_456 },
  },
  ({ what, bytes, limitBytes }) => ({
    title: `${what} is too large to be read.`,
    found: `${bytes} bytes or more`,
    expected: `at most ${limitBytes} bytes`,
    help: [
      "Check fewer cases at once, with shorter outputs, or accept from the report folder itself: --report <folder>",
    ],
  }),
);

export const artifactBroken = message<{ why: string }>(
  {
    code: "artifacts/broken",
    verdict: "error",
    explanation:
      "The archive is not what the gate uploads: it cannot be read, it holds files under names that lead out of their folder, or it lacks the " +
      "report. It is not used at all.",
    example: { why: "invalid relative path: ../../.bashrc" },
  },
  ({ why }) => ({
    title: "The artifact is not one that the gate has uploaded.",
    found: quoted(why),
    expected: "an archive with report.json",
    help: ["Look into the artifact on the page of the run; do not accept what you did not expect there."],
  }),
);

export const runNotThis = message<{ run: number; found: string; expected: string }>(
  {
    code: "artifacts/another-commit",
    verdict: "error",
    explanation:
      "Answers are accepted for the commit that they were given to. GitHub says which commit a run was of, whatever its artifact says.",
    example: { run: 17, found: "commit 0a1b2c3d4e5f", expected: "commit 1f2e3d4c5b6a, which is checked out" },
  },
  ({ run, found, expected }) => ({
    title: `Run ${run} was not of the commit that is checked out.`,
    found,
    expected,
    help: ["Check out the commit of the run, or accept a run of this commit."],
  }),
);

export const tokenNeeded = message<{ variable: string }>(
  {
    code: "artifacts/no-token",
    verdict: "usage",
    explanation:
      "Runs and artifacts are asked for with a token that may read them: `actions: read`, and `contents: read` in a private repository.",
    example: { variable: "GITHUB_TOKEN" },
  },
  ({ variable }) => ({
    title: "GitHub is asked with a token, and a repository, and one of them is missing.",
    found: `no ${variable}`,
    expected: "a token in GITHUB_TOKEN, and owner/name in GITHUB_REPOSITORY or --repo",
    help: ["On a machine of your own: GITHUB_TOKEN=$(gh auth token) inference-gate …"],
  }),
);

export const artifactsMessages = [
  noArtifact,
  severalReports,
  runOfFork,
  artifactTooLarge,
  artifactBroken,
  runNotThis,
  tokenNeeded,
];
