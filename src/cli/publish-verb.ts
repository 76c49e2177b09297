/** `publish` on a real machine: what was shown where, and why not. */
import type { Command } from "commander";
import { publishRun } from "../commands/publish-run.ts";
import type { Outcome } from "../publish/publish-all.ts";
import { reportArtifact } from "../publish/report-artifact.ts";
import { terminalText } from "../report/escape/terminal-text.ts";
import { renderProblems } from "../report/render/terminal.ts";
import { clientFrom, runNumber } from "./github-access.ts";
import type { GlobalOptions } from "./program.ts";
import { onStage, type RenderLook, type StageStreams } from "./stage.ts";

export interface PublishArguments {
  readonly run: string;
  readonly repo: string | null;
  readonly artifact: string | null;
  readonly checkRun: boolean;
  readonly name: string | null;
  readonly comment: boolean;
}

type Unset = { readonly [name in "repo" | "artifact" | "name"]?: string } & { readonly comment?: boolean };

const examples = `
Examples:
  $ inference-gate publish --run 17123456789 --comment
`;

/** Declares the verb; `run` gets what was asked for. */
export function addPublish(program: Command, run: (args: PublishArguments) => Promise<void>): void {
  program
    .command("publish")
    .description("show what an unprivileged run has uploaded as check run and comment, with the rights of this one")
    .requiredOption("--run <id>", "number of the run")
    .option("--repo <owner/name>", "repository of that run (default: GITHUB_REPOSITORY)")
    .option(
      "--artifact <name>",
      `artifact that it has uploaded (default: ${reportArtifact}, or that of each job of a matrix)`,
    )
    .option("--no-check-run", "write no check run")
    .option("--name <name>", "name of the check run (default: made of the suite's)")
    .option("--comment", "keep one comment on the pull request")
    .addHelpText("after", examples)
    .action(async (options: Unset & Pick<PublishArguments, "run" | "checkRun">) => {
      const { repo = null, artifact = null, name = null, comment = false } = options;
      await run({ ...options, repo, artifact, name, comment });
    });
}

/** The exit code is 0 when everything was shown or need not be, 3 when a place failed; the run's own verdict is not this one's. */
export function publishVerb(streams: StageStreams) {
  return (args: PublishArguments, global: GlobalOptions): Promise<number> =>
    onStage(streams, global, async ({ bench, look, env }) => {
      const { run, published } = await publishRun(
        {
          client: clientFrom(env, args.repo, bench.signal),
          run: runNumber(args.run),
          artifact: args.artifact,
          checkRun: args.checkRun ? "write" : "leave",
          comment: args.comment ? "write" : "leave",
          name: args.name,
          root: process.cwd(),
        },
        bench,
      );
      for (const { artifact, report, outcomes } of published) {
        const of = published.length > 1 ? `, ${terminalText(artifact)}` : "";
        streams.out.write(`Run ${run.id}, commit ${run.headSha.slice(0, 12)}${of}: ${report.verdict}\n`);
        for (const one of outcomes) tell(one, streams, look);
      }
      const all = published.flatMap(({ outcomes }) => outcomes);
      return all.some(({ kind }) => kind === "failed") ? 3 : 0;
    });
}

function tell(one: Outcome, { out, error }: StageStreams, look: RenderLook): void {
  if (one.kind === "published") out.write(`  ${one.destination}: ${one.where ?? "written"}\n`);
  else if (one.kind === "skipped") out.write(`  no ${one.destination}: ${one.reason}\n`);
  else
    error.write(
      renderProblems(
        one.problems.map((problem) => ({ ...problem, help: [...problem.help], evidence: [...problem.evidence] })),
        look,
      ),
    );
}
