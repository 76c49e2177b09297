/** What each verb does on a real machine: runs the command, prints its report, and keeps it for `explain`. */
import { basename, join, resolve } from "node:path";
import { check } from "../commands/check.ts";
import { demo } from "../commands/demo.ts";
import { demoFolder, demoParts } from "../commands/demo-parts.ts";
import { type Explanation, explain } from "../commands/explain.ts";
import { init } from "../commands/init.ts";
import { record } from "../commands/record.ts";
import { runDetail } from "../commands/run-detail.ts";
import { lastReportPath, transcriptPathFor } from "../commands/work-folder.ts";
import type { Workbench } from "../commands/workbench.ts";
import { noPageOf } from "../messages/commands.ts";
import { GateError } from "../model/problem.ts";
import { shellWord } from "../model/shell-word.ts";
import { renderHtml } from "../report/html/page.ts";
import { renderCloseUp } from "../report/render/close-up.ts";
import { reportText } from "../report/render/json.ts";
import { renderReport } from "../report/render/terminal.ts";
import type { Report } from "../report/report.ts";
import { acceptVerb } from "./accept-verb.ts";
import { ciVariable } from "./ci-variable.ts";
import { demoCloseUp, demoClosing, demoHeading, demoUnexpected } from "./demo-words.ts";
import { environmentVerb } from "./environment-verb.ts";
import { fetchVerb } from "./fetch-verb.ts";
import { defaultSuite, type Verbs } from "./program.ts";
import { publishVerb } from "./publish-verb.ts";
import { type ReportOutputs, writeOutputs } from "./report-outputs.ts";
import { onStage, type RenderLook, type Scene, type StageStreams } from "./stage.ts";

/** On a machine of somebody's own nothing needs to be hidden from them. */
const local = { runUrl: null, mask: (text: string) => text };

export function verbsOn(streams: StageStreams): Verbs {
  const { out, error, env } = streams;

  /** Prints the report, keeps it beside the suite, writes the files that were asked for. Resolves to the exit code. */
  const publish = async (report: Report, suite: string, outputs: ReportOutputs, { bench, look, progress }: Scene) => {
    progress.finish();
    const text = renderReport(report, look);
    if (outputs.json === "-") {
      error.write(text);
      out.write(reportText(report));
    } else {
      out.write(text);
    }
    await keep(report, suite, bench);
    await writeOutputs(report, outputs, bench.files, () => runDetail(report, { ...local, suitePath: suite }, bench));
    return report.exitCode;
  };

  return {
    init: (args, global) =>
      onStage(streams, global, async ({ bench }) => {
        const root = process.cwd();
        const name = args.name ?? basename(root);
        const written = await init({ root, folder: args.folder, engine: args.engine, name }, bench);
        out.write(initText(written));
        return 0;
      }),

    record: (args, global) =>
      onStage(streams, global, async (scene) => {
        const { bench } = scene;
        const refusedBy = args.allowCi ? null : ciVariable(env);
        const transcriptPath = transcriptPathFor(args.suite, "record", bench.clock.now());
        const { suite: suitePath, cases, mode, reason } = args;
        const report = await record({ suitePath, cases, mode, reason, refusedBy, transcriptPath }, bench);
        return publish(report, args.suite, args, scene);
      }),

    check: (args, global) =>
      onStage(streams, global, async (scene) => {
        const { bench } = scene;
        const report = await check(
          {
            suitePath: args.suite,
            cases: args.cases,
            split: args.keepGoing ? "keep-going" : "stop",
            transcriptPath: args.transcript ?? transcriptPathFor(args.suite, "check", bench.clock.now()),
            resume: args.resume,
            base:
              args.base === null
                ? null
                : { ref: args.base, policy: args.acceptChanges, gitHub: null, absent: "refused" },
          },
          bench,
        );
        return publish(report, args.suite, args, scene);
      }),

    accept: acceptVerb(streams),

    publish: publishVerb(streams),
    fetch: fetchVerb(streams),

    environment: environmentVerb(streams),

    explain: (args, global) =>
      onStage(streams, global, async ({ bench, look }) => {
        const suitePath = resolve(args.suite);
        const told = await explain({ target: args.target, suitePath }, bench);
        if (args.html !== null) {
          const report = reportOf(told);
          if (report === null) throw new GateError([noPageOf({ target: args.target })]);
          const suiteOfRun = told.kind === "report" ? (report.suite?.path ?? suitePath) : suitePath;
          const detail = await runDetail(report, { ...local, suitePath: suiteOfRun }, bench);
          await bench.files.writeAtomic(resolve(args.html), renderHtml(report, detail));
        }
        if (told.kind === "report") {
          out.write(renderReport(told.report, look));
          return 0;
        }
        out.write(`${told.lines.join("\n")}\n`);
        if (told.kind === "case" && told.lastRun !== null) out.write(`\n${lastRunText(told.lastRun, look)}`);
        return 0;
      }),

    demo: (args, global) =>
      onStage(streams, global, async ({ bench, look, progress }) => {
        const folder = args.folder === null ? demoFolder(env) : resolve(args.folder);
        let steps = 0;
        const print = (text: string) => {
          progress.print("");
          out.write(text);
        };
        const ended = await demo(
          { folder, goldens: args.fresh ? "forget" : "keep", parts: () => demoParts(env, bench) },
          {
            step: (step) => {
              steps += 1;
              print(demoHeading(steps, step));
            },
            report: (report) => print(renderReport(report, look)),
            closeUp: (report) => print(demoCloseUp(renderCloseUp(report, look))),
          },
          bench,
        );
        print(ended.shown ? demoClosing(join(folder, "suite.yml")) : demoUnexpected(ended.report.verdict));
        return ended.shown ? 0 : 3;
      }),
  };
}

/** Only beside a suite that could be loaded: a mistyped path must not grow folders. */
async function keep(report: Report, suite: string, bench: Workbench): Promise<void> {
  if (report.suite !== null) await bench.files.writeAtomic(lastReportPath(resolve(suite)), reportText(report));
}

/** Null when what is told is about no run. */
function reportOf(told: Explanation): Report | null {
  if (told.kind === "report") return told.report;
  return told.kind === "case" ? told.lastRun : null;
}

/** Of a report that was cut down to one case. */
function lastRunText(report: Report, look: RenderLook): string {
  const at = report.startedAt.replace(/\.\d+Z$/, "Z");
  const [item] = report.cases;
  return item?.verdict === "match" && item.contractChanges.length === 0
    ? `Last run  ${report.command} of ${at}: match\n`
    : `Last run  ${report.command} of ${at}:\n\n${renderReport(report, look)}`;
}

/** `written` begins with the suite. */
function initText(written: readonly string[]): string {
  const [path = defaultSuite] = written;
  const suite = path === defaultSuite ? "" : ` --suite ${shellWord(path)}`;
  return `Written:
${written.map((path) => `  ${path}`).join("\n")}

Next
  1. Edit ${path}: the engine, the model, your prompts.
  2. Record goldens on the hardware that shall check: inference-gate record${suite}
  3. Read the goldens, commit them with the lock.
  4. Check, in every pull request and before every release: inference-gate check${suite}
`;
}
