/** What `fetch` takes on the command line. */
import type { Command } from "commander";

export interface FetchArguments {
  readonly suite: string;
  /** Instead of the suite's model. */
  readonly model: string | null;
  /** With `model`; `main` when it is not given. */
  readonly revision: string;
  readonly which: "needed" | "all";
}

interface Written {
  readonly suite: string;
  readonly model?: string;
  readonly revision: string;
  readonly allFiles?: true;
}

/** Declares the verb; `run` is called with what was written. */
export function addFetch(program: Command, defaultSuite: string, run: (args: FetchArguments) => Promise<void>): void {
  program
    .command("fetch")
    .description("bring the suite's model into the Hugging Face cache; check and record never download")
    .option("--suite <file>", "the suite", defaultSuite)
    .option("--model <name>", "another model than the suite's, such as org/model")
    .option(
      "--revision <commit>",
      "with --model: its commit; a branch or tag is answered with the commit it is",
      "main",
    )
    .option("--all-files", "also formats of the weights that are passed over, pictures and read-me files")
    .addHelpText(
      "after",
      `
Examples:
  $ inference-gate fetch
  $ inference-gate fetch --model org/model --revision main
  $ HF_ENDPOINT=https://mirror.example HF_HUB_CACHE=/srv/models inference-gate fetch
`,
    )
    .action(({ suite, model, revision, allFiles }: Written) =>
      run({ suite, model: model ?? null, revision, which: allFiles === true ? "all" : "needed" }),
    );
}
