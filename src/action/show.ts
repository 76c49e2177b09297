/** Shows a report everywhere, sets the outputs and decides the exit code. */
import { constants } from "node:os";
import { runDetail } from "../commands/run-detail.ts";
import type { Problem } from "../model/problem.ts";
import { nodeFiles } from "../platform/files.ts";
import { Shutdown } from "../platform/shutdown.ts";
import { publishAll } from "../publish/publish-all.ts";
import { artifactNameOf } from "../publish/report-artifact.ts";
import { renderProblems, renderReport } from "../report/render/terminal.ts";
import type { Report } from "../report/report.ts";
import { destinationsOf } from "./destinations.ts";
import { gitHubScene } from "./github-scene.ts";
import { matrixJobOf } from "./matrix-job.ts";
import { type Outcome, outcomeOf } from "./outcome.ts";
import { outputsOf } from "./outputs.ts";
import type { Scene } from "./scene.ts";
import { masked, maskingFiles } from "./secrets.ts";

const look = { color: "ansi", width: 120, limit: 20 } as const;
/** Their absence is worth a line: somebody may be looking for them. */
const needToken = new Set(["check run", "comment"]);
const plain = { ...look, color: "none" } as const;

/** Resolves to the exit code: 0 when the job may pass, 128 and the signal's number after a signal, else the verdict's. */
export async function show(original: Report, scene: Scene, signal: AbortSignal): Promise<number> {
  const { inputs, runner, log, secrets, reportFolder, env } = scene;
  scene.finishProgress();
  const report = withoutSecrets(original, secrets);
  const outcome = outcomeOf(original, inputs["fail-on"]);
  const upload = inputs["upload-report"] === "always" || (inputs["upload-report"] === "failure" && outcome === "fails");
  log.showEngineLog();
  const text = renderReport(report, look);
  const [first = ""] = text.split("\n");
  log.write(`${first}\n`);
  log.group("Report", text);
  const gitHub = await gitHubScene(inputs["github-token"], env, signal);
  const matrix = matrixJobOf(inputs.matrix, (text) => masked(text, secrets));
  const artifactName = inputs["artifact-name"] || artifactNameOf(matrix);
  const artifact = upload ? artifactName : null;
  const outcomes = await publishAll(
    report,
    destinationsOf({ log, runner, outcome, artifact, secrets, inputs, gitHub, matrix, runUrl: runUrlOf(env) }),
    {
      files: maskingFiles(nodeFiles, secrets),
      detail: () => {
        const about = { suitePath: inputs.suite, runUrl: runUrlOf(env), mask: (text: string) => masked(text, secrets) };
        return runDetail(report, about, { files: nodeFiles });
      },
      reportFolder,
      repositoryRoot: scene.root,
      runUrl: runUrlOf(env),
      signal,
    },
  );
  for (const one of outcomes) {
    if (one.kind === "failed") log.write(renderProblems(one.problems.map(asReported), plain));
    if (one.kind === "skipped" && needToken.has(one.destination)) log.write(`No ${one.destination}: ${one.reason}\n`);
  }
  const outputs = outputsOf(original, { reportFolder, upload, artifactName });
  for (const [name, value] of Object.entries(outputs)) runner.setOutput(name, value);
  log.write(`${ending(original, outcome)}\n`);
  if (signal.aborted && signal.reason instanceof Shutdown) return 128 + constants.signals[signal.reason.signalName];
  return outcome === "fails" ? original.exitCode : 0;
}

/** The report as it may be shown: no text of it holds a secret. */
function withoutSecrets(report: Report, secrets: readonly string[]): Report {
  return JSON.parse(JSON.stringify(report), (_, value) => (typeof value === "string" ? masked(value, secrets) : value));
}

function ending({ verdict, exitCode }: Report, outcome: Outcome): string {
  const said = { passes: "passes the job", fails: "fails the job", tolerated: "does not fail the job (fail-on)" };
  return `The verdict ${verdict} (${exitCode}) ${said[outcome]}.`;
}

function runUrlOf({ GITHUB_SERVER_URL, GITHUB_REPOSITORY, GITHUB_RUN_ID }: NodeJS.ProcessEnv): string | null {
  if (GITHUB_SERVER_URL === undefined || GITHUB_REPOSITORY === undefined || GITHUB_RUN_ID === undefined) return null;
  return `${GITHUB_SERVER_URL}/${GITHUB_REPOSITORY}/actions/runs/${GITHUB_RUN_ID}`;
}

function asReported(problem: Problem) {
  return { ...problem, help: [...problem.help], evidence: [...problem.evidence] };
}
