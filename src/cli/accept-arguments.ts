/** The verb `accept` on the command line: its options, its help, and what it hands on. */
import { type Command, Option } from "commander";
import { reportArtifact } from "../publish/report-artifact.ts";

export interface AcceptArguments {
  readonly suite: string;
  readonly report: string | null;
  /** Number of a run of GitHub's. */
  readonly run: string | null;
  readonly repo: string | null;
  readonly artifact: string | null;
  readonly only: readonly string[];
  readonly interactive: boolean;
  readonly newGeneration: boolean;
  readonly reason: string | null;
  readonly allowCi: boolean;
  /** Take the answers of a run whose code a stranger may have written. */
  readonly allowFork: boolean;
}

const examples = `
Examples:
  $ inference-gate check --keep-going
  $ inference-gate accept --reason "prompt template 4 ends with a blank line"
  $ inference-gate accept --interactive --reason "new kernels"
  $ inference-gate accept --run 17123456789 --reason "new kernels, seen in the pull request"
  $ inference-gate accept --only 'essay-*' --reason "the essays got a new style guide"
`;

/** Declares the verb; `run` gets what was asked for. */
export function addAccept(program: Command, defaultSuite: string, run: (args: AcceptArguments) => Promise<void>): void {
  program
    .command("accept")
    .description("make the answers of the last failed check the new goldens, with a reason, after a look at them")
    .option("--suite <file>", "the suite", defaultSuite)
    .option("--report <path>", "report of the check, or the folder it is in (default: the last run beside the suite)")
    .option("--run <id>", "take the answers of this run at GitHub, from the artifact that it has uploaded")
    .option("--repo <owner/name>", "repository of that run (default: GITHUB_REPOSITORY)")
    .option("--artifact <name>", `name of that artifact (default: ${reportArtifact}, or that of the job of a matrix)`)
    .addOption(
      new Option("--only <patterns...>", "only these cases: ids, or patterns with *").default([], "all that differ"),
    )
    .option("--interactive", "show each difference and ask")
    .option("--reason <sentence>", "why the answers change, for the lock")
    .option("--new-generation", "accept another environment than the goldens were recorded in, all cases at once")
    .option("--allow-ci", "accept although this is CI")
    .option(
      "--allow-fork",
      "with --run: accept although it was a run of a fork, whose author may have made the answers up",
    )
    .addHelpText("after", examples)
    .action(async (options: Partial<AcceptArguments> & Pick<AcceptArguments, "suite" | "only">) => {
      const {
        report = null,
        run: id = null,
        repo = null,
        artifact = null,
        interactive = false,
        reason = null,
        newGeneration = false,
        allowCi = false,
        allowFork = false,
      } = options;
      await run({
        ...options,
        report,
        run: id,
        repo,
        artifact,
        interactive,
        reason,
        newGeneration,
        allowCi,
        allowFork,
      });
    });
}
