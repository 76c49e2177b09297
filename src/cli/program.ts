/** The command line: options, help and examples; each verb is handed to `run`, which does the work and returns the exit code. */
import { Command, CommanderError, Option } from "commander";
import { type StarterEngine, starterEngineNames } from "../commands/init.ts";
import { recordModes } from "../commands/recording-selection.ts";
import { type AcceptPolicy, acceptPolicies } from "../model/golden-change.ts";
import { type AcceptArguments, addAccept } from "./accept-arguments.ts";
import { addEnvironment, type EnvironmentArguments } from "./environment-verb.ts";
import { addFetch, type FetchArguments } from "./fetch-arguments.ts";
import { addPublish, type PublishArguments } from "./publish-verb.ts";
import type { ReportOutputs } from "./report-outputs.ts";

export interface GlobalOptions {
  readonly color: "auto" | "always" | "never";
}

export interface CheckArguments extends ReportOutputs {
  readonly suite: string;
  readonly cases: readonly string[];
  readonly keepGoing: boolean;
  readonly resume: string | null;
  readonly transcript: string | null;
  readonly base: string | null;
  readonly acceptChanges: AcceptPolicy;
}

export interface RecordArguments extends ReportOutputs {
  readonly suite: string;
  readonly cases: readonly string[];
  readonly mode: (typeof recordModes)[number];
  readonly reason: string | null;
  readonly allowCi: boolean;
}

export interface InitArguments {
  readonly folder: string;
  readonly engine: StarterEngine;
  readonly name: string | null;
}

export interface ExplainArguments {
  readonly target: string;
  readonly suite: string;
  /** Where the page of the report, or of the case in the last run, is written; null when nobody asked for it. */
  readonly html: string | null;
}

export interface DemoArguments {
  readonly folder: string | null;
  readonly fresh: boolean;
}

/** What each verb does; resolves to the exit code. */
export interface Verbs {
  init(args: InitArguments, global: GlobalOptions): Promise<number>;
  record(args: RecordArguments, global: GlobalOptions): Promise<number>;
  check(args: CheckArguments, global: GlobalOptions): Promise<number>;
  publish(args: PublishArguments, global: GlobalOptions): Promise<number>;
  accept(args: AcceptArguments, global: GlobalOptions): Promise<number>;
  fetch(args: FetchArguments, global: GlobalOptions): Promise<number>;
  environment(args: EnvironmentArguments, global: GlobalOptions): Promise<number>;
  explain(args: ExplainArguments, global: GlobalOptions): Promise<number>;
  demo(args: DemoArguments, global: GlobalOptions): Promise<number>;
}

/** What commander gives: options that were not written are not there. */
type Unset<Arguments, Names extends keyof Arguments> = Omit<Arguments, Names> & {
  readonly [name in Names]?: Exclude<Arguments[name], null>;
};
type UnsetOutputs = { readonly [name in keyof ReportOutputs]?: string };

/** Where `init` writes it. */
export const defaultSuite = "inference-gate/suite.yml";

const overview = `
Exit codes:
  0  match                every case equals its golden on the tier asked for
  1  drift                an output differs, and nothing else explains it
  2  usage                suite, lock, golden or option invalid: nothing ran
  3  error                could not run
  4  unstable             the engine disagrees with itself
  5  environment-changed  engine, model, hardware or contract differ from the lock

Start here:
  $ inference-gate demo                see it work on a small real model, no GPU needed
  $ inference-gate init                write a starter suite
  $ inference-gate fetch               bring the model where the network is, if it is from the Hugging Face hub
  $ inference-gate record              record goldens on this hardware
  $ inference-gate check               compare with them, in every pull request
`;

/**
 * Parses `argv` (without node and script) and runs the verb. Resolves to the exit code; help and version are 0, a wrong option is 2.
 * `print` receives help and errors of usage.
 */
export async function runProgram(
  argv: readonly string[],
  about: { readonly version: string },
  verbs: Verbs,
  print: { out(text: string): void; error(text: string): void },
): Promise<number> {
  let exitCode = 2;
  const program = new Command("inference-gate")
    .description("Exact, explained regression gating of model inference.")
    .version(about.version)
    .addOption(
      new Option("--color <when>", "colours in the output").choices(["auto", "always", "never"]).default("auto"),
    )
    .addHelpText("after", overview)
    .showHelpAfterError("(see inference-gate --help)")
    .exitOverride()
    .configureOutput({ writeOut: print.out, writeErr: print.error });
  const global = (): GlobalOptions => program.opts<GlobalOptions>();

  program
    .command("init")
    .description("write a starter suite, prompts that make long outputs, and a workflow; never overwrites")
    .option("--folder <folder>", "folder of the suite", "inference-gate")
    .addOption(
      new Option("--engine <name>", "engine of the suite").choices([...starterEngineNames]).default("llama-cpp"),
    )
    .option("--name <name>", "name of the suite (default: the name of this folder)")
    .addHelpText("after", examples("inference-gate init", "inference-gate init --engine vllm --folder gates/chat"))
    .action(async (options: Unset<InitArguments, "name">) => {
      exitCode = await verbs.init({ ...options, name: options.name ?? null }, global());
    });

  program
    .command("record")
    .description("replay every case in several launches and write goldens where all answers agree")
    .option("--suite <file>", "the suite", defaultSuite)
    .addOption(casesOption())
    .addOption(
      new Option("--mode <mode>", "missing: cases without a golden; changed: also changed ones; all: every case")
        .choices([...recordModes])
        .default("missing"),
    )
    .option("--reason <sentence>", "why the goldens change, for the lock (needed after the first time)")
    .option("--allow-ci", "record although this is CI")
    .option("--json <file>", "also write the report as JSON (- for standard output)")
    .option("--junit <file>", "also write it as JUnit XML")
    .option("--sarif <file>", "also write it as SARIF")
    .option("--html <file>", "also write it as one HTML page, token by token")
    .addHelpText(
      "after",
      examples(
        "inference-gate record",
        'inference-gate record --mode all --reason "vLLM 0.32: new attention kernels"',
        "inference-gate record --mode missing --cases 'essay-*' --reason \"three new prompts\"",
      ),
    )
    .action(async (options: Unset<RecordArguments, "allowCi" | "reason" | keyof ReportOutputs>) => {
      const { allowCi = false, reason = null } = options;
      exitCode = await verbs.record({ ...options, allowCi, reason, ...outputsOf(options) }, global());
    });

  program
    .command("check")
    .description("replay every case and compare it with its golden; never writes a golden")
    .option("--suite <file>", "the suite", defaultSuite)
    .addOption(casesOption())
    .option("--keep-going", "finish a case after it has split from its golden")
    .option("--resume <transcript>", "reuse what a killed run has completed")
    .option("--base <ref>", "also compare the goldens with those of the branch or commit this is to be merged into")
    .addOption(
      new Option("--accept-changes <policy>", "with --base: whether goldens that differ from the base's may pass")
        .choices([...acceptPolicies])
        .default("with-reason"),
    )
    .option("--transcript <file>", "where to write the transcript (default: beside the suite, in .inference-gate/)")
    .option("--json <file>", "also write the report as JSON (- for standard output)")
    .option("--junit <file>", "also write it as JUnit XML")
    .option("--sarif <file>", "also write it as SARIF")
    .option("--statement <file>", "also write the verdict as an in-toto statement, to be signed")
    .option("--html <file>", "also write it as one HTML page, token by token")
    .addHelpText(
      "after",
      examples(
        "inference-gate check",
        "inference-gate check --cases intro 'essay-*' --keep-going",
        "inference-gate check --html report.html --json report.json --junit junit.xml --sarif report.sarif",
        "inference-gate check --base origin/main --accept-changes with-reason",
        "inference-gate check --resume inference-gate/.inference-gate/transcripts/check-….jsonl",
      ),
    )
    .action(
      async (options: Unset<CheckArguments, "keepGoing" | "resume" | "transcript" | "base" | keyof ReportOutputs>) => {
        const { keepGoing = false, resume = null, transcript = null, base = null } = options;
        const chosen = { ...options, keepGoing, resume, transcript, base, ...outputsOf(options) };
        exitCode = await verbs.check(chosen, global());
      },
    );

  addPublish(program, async (args) => {
    exitCode = await verbs.publish(args, global());
  });

  addAccept(program, defaultSuite, async (args) => {
    exitCode = await verbs.accept(args, global());
  });

  addEnvironment(program, defaultSuite, async (args) => {
    exitCode = await verbs.environment(args, global());
  });

  addFetch(program, defaultSuite, async (args) => {
    exitCode = await verbs.fetch(args, global());
  });

  program
    .command("explain")
    .description("tell more about a case, a problem code, a verdict, an exit code or a report")
    .argument("<target>", "case id, code such as suite/unknown-field, verdict, exit code, or the path of a report")
    .option("--suite <file>", "the suite", defaultSuite)
    .option("--html <file>", "also write the report, or the case in the last run, as one HTML page")
    .addHelpText(
      "after",
      examples(
        "inference-gate explain essay",
        "inference-gate explain suite/duplicate-case-id",
        "inference-gate explain 5",
        "inference-gate explain report.json",
        "inference-gate explain inference-gate/.inference-gate/report.json --html report.html",
      ),
    )
    .action(async (target: string, options: Unset<Omit<ExplainArguments, "target">, "html">) => {
      exitCode = await verbs.explain({ target, suite: options.suite, html: options.html ?? null }, global());
    });

  program
    .command("demo")
    .description("record, check and plant three drifts on a small real model; no GPU, no Docker, no account")
    .option("--folder <folder>", "where the demo's suite is written (default: a folder in the cache)")
    .option("--fresh", "forget the demo's goldens and record them again")
    .addHelpText("after", examples("inference-gate demo", "inference-gate demo --folder /tmp/gate-demo --fresh"))
    .action(async (options: Unset<DemoArguments, "folder" | "fresh">) => {
      const { folder = null, fresh = false } = options;
      exitCode = await verbs.demo({ folder, fresh }, global());
    });

  try {
    await program.parseAsync([...argv], { from: "user" });
  } catch (error) {
    if (!(error instanceof CommanderError)) throw error;
    return error.exitCode === 0 ? 0 : 2;
  }
  return exitCode;
}

const outputsOf = ({ json, junit, sarif, html, statement }: UnsetOutputs): ReportOutputs => ({
  json: json ?? null,
  junit: junit ?? null,
  sarif: sarif ?? null,
  html: html ?? null,
  statement: statement ?? null,
});

const casesOption = () =>
  new Option("--cases <patterns...>", "only these cases: ids, or patterns with *").default([], "all");

const examples = (...lines: readonly string[]) => `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}\n`;
