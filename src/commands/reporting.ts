/** Turns a run into its report in every path: success, mistakes of the user, a lost engine, a signal, a defect of ours. */
import { fileNotWritten, unexpected } from "../messages/commands.ts";
import { interrupted } from "../messages/replay.ts";
import { GateError, type Problem } from "../model/problem.ts";
import { displayPath } from "../platform/display-path.ts";
import { Shutdown } from "../platform/shutdown.ts";
import { codeOf, reasonOf } from "../platform/thrown.ts";
import { buildReport } from "../report/build-report.ts";
import type { Report } from "../report/report.ts";
import { noFindings, type RunFindings } from "./run-findings.ts";
import { endTranscript } from "./run-transcript.ts";
import type { Workbench } from "./workbench.ts";

/** Runs `work` and reports what it found, whatever happens. Never throws. */
export async function reporting(
  { command, suitePath }: { readonly command: Report["command"]; readonly suitePath: string },
  bench: Workbench,
  work: (findings: RunFindings) => Promise<void>,
): Promise<Report> {
  const startedAt = bench.clock.now();
  const findings = noFindings();
  try {
    await work(findings);
  } catch (error) {
    findings.problems.push(...problemsOf(error, command, findings, bench));
  }
  const build = (): Report =>
    buildReport({
      ...findings,
      command,
      suitePath: displayPath(suitePath),
      tool: bench.tool,
      startedAt: new Date(startedAt).toISOString(),
      durationMs: bench.clock.now() - startedAt,
    });
  const report = build();
  try {
    if (findings.transcript !== null) await endTranscript(findings.transcript, report.verdict);
    return report;
  } catch (error) {
    findings.problems.push(...asProblems(error, bench.onProgress));
    return build();
  }
}

function problemsOf(
  error: unknown,
  command: Report["command"],
  findings: RunFindings,
  bench: Workbench,
): readonly Problem[] {
  if (bench.signal.aborted) {
    const completed = findings.results.filter((result) => result.verdict !== "error").length;
    const cases = findings.suite?.cases.length ?? 0;
    return [interrupted({ signal: signalName(bench.signal.reason), command, completed, cases })];
  }
  return asProblems(error, bench.onProgress);
}

/** What was thrown as problems: ours as they are, a failing file by its name, anything else as a defect of ours. */
export function asProblems(error: unknown, onProgress: Workbench["onProgress"]): readonly Problem[] {
  if (error instanceof GateError) return error.problems;
  const path = typeof error === "object" && error !== null ? Reflect.get(error, "path") : null;
  if (codeOf(error) !== null && typeof path === "string") {
    return [fileNotWritten({ file: displayPath(path), why: reasonOf(error) })];
  }
  onProgress({ kind: "defect", error });
  return [unexpected({ what: reasonOf(error) })];
}

const signalName = (reason: unknown) => (reason instanceof Shutdown ? reason.signalName : "a signal");
