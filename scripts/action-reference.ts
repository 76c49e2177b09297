/** docs/action.md, written from the descriptions of the inputs and outputs. */
import { inputSpecs } from "../src/action/inputs.ts";
import { outputDescriptions } from "../src/action/outputs.ts";

/** The whole page. */
export function actionReference(): string {
  const inputs = Object.entries(inputSpecs).map(([name, { takes, fallback, description }]) => [
    `\`${name}\``,
    takes,
    fallback === "" ? "–" : `\`${fallback}\``,
    description,
  ]);
  const outputs = Object.entries(outputDescriptions).map(([name, description]) => [`\`${name}\``, description]);
  return [
    head,
    "## Inputs\n",
    inputsText,
    table(["input", "takes", "default", "meaning"], inputs),
    "\n## Outputs\n",
    table(["output", "meaning"], outputs),
    tail,
  ].join("\n");
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const line = (cells: readonly string[]) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(head), `|${"---|".repeat(head.length)}`, ...rows.map(line)].join("\n");
}

const head = `<!-- Written by \`npm run generate\` from src/action/inputs.ts and src/action/outputs.ts. Do not edit by hand. -->
# The GitHub Action

A step that replays the suite on the runner's own hardware, compares every completion with its golden, and passes or fails the job.
It works without any input on a repository that has a suite and recorded goldens:

\`\`\`yaml
on: pull_request
permissions: {}
jobs:
  gate:
    runs-on: [self-hosted, gpu]
    timeout-minutes: 60
    permissions:
      contents: read
    steps:
      - uses: actions/checkout@3d3c42e5aac5ba805825da76410c181273ba90b1 # v7.0.1
        with:
          persist-credentials: false
          fetch-depth: 0 # with the base, which goldens that the pull request changes are held against
      - uses: OWNER/inference-gate@COMMIT # the whole commit id of a release
\`\`\`

The runner needs version 2.327.1 or newer, which brings Node 24; Node need not be installed. Give the job a time limit and a \`concurrency\` group for each
GPU: a second engine on the same GPU changes what is measured.
`;

const inputsText = `All inputs are read at once; every wrong one is named, and nothing is started before the last is mended. An input that has no effect in
the chosen mode is refused as well.
`;

const tail = `
## When the job fails

| verdict | job |
|---|---|
| \`match\` | passes |
| \`drift\`, \`unstable\`, \`environment-changed\` | fails, unless \`fail-on\` leaves the verdict out: then it passes with a warning |
| \`error\`, \`usage\` | always fails: what could not run has not been checked |

A recording (\`mode: record\`) fails when any case could not be recorded. [Exit codes](exit-codes.md) tells what each verdict means and what to do.

## What a reviewer sees

Nothing of this needs a permission or a token:

- **Annotations** at the golden's line where the text splits, with expected, actual and the likely cause. GitHub shows ten errors of an action; the most important come
  first, and the last one says how many were left out.
- **The summary of the run**: verdict, counts, likely cause, the first split as expected | actual, what changed in the environment, every case to look at, and what to
  do next with the exact command. It stays far below GitHub's limit of 1 MiB however large the drift is.
- **The log**: the report and the engine's log, each in a group to open.
- **An artifact**: the report in every format and the transcript with every answer. It holds prompts and outputs: set \`upload-report: never\` where those are confidential, or
  \`redact: true\` in the suite.

Everything that comes from a model, an engine or a file is escaped for its place; values of variables that are named like secrets are replaced by \`***\`.

## Whose code runs

A check starts what the suite names, on your machine. So these are refused, with a sentence that says why, before anything is started:

- **pull requests from forks**: whoever can open one could run a program of their own. \`allow-forks: true\` allows them; use it only behind an environment that asks a
  person for approval, or on machines that are thrown away after one job.
- **events with the rights of the base repository** (\`pull_request_target\`, \`workflow_run\`, \`issue_comment\`) while another commit than their own is checked out. \`allow-forks: true\`
  allows this too; better is the event \`pull_request\`.
- **pull requests of Dependabot**, which change what is launched to something that nobody has read yet. \`allow-dependabot: true\` allows them.

The engine gets a short list of variables (PATH, HOME, caches, GPU selection) and what the suite says under \`engine.env\`: no token, and nothing that begins with \`GITHUB_\`,
\`ACTIONS_\` or \`RUNNER_\`.

## When a job is cancelled

GitHub's runner interrupts the step, and kills it ten seconds later. The gate stops the engine at once, kills it after five seconds if it must, and still writes
summary and outputs with the verdict \`error\`. A clean-up step that runs in every path ends what a killed gate has left, and so does the next start on the same machine; what
another job owns is never touched.

## Recording in a workflow

\`mode: record\` writes goldens and lock into the work tree and commits nothing: a later step opens a pull request with them, so that somebody reads the new
outputs before they are trusted.
`;
