/** `environment`: its place on the command line, and what it prints. */
import type { Command } from "commander";
import { type MeasuredEnvironment, measureEnvironment } from "../commands/environment.ts";
import { digestPattern } from "../model/digest.ts";
import type { FactValue } from "../model/fingerprint.ts";
import { groupTitles } from "../report/change-groups.ts";
import { terminalText } from "../report/escape/terminal-text.ts";
import type { Verbs } from "./program.ts";
import { onStage, type StageStreams } from "./stage.ts";

export interface EnvironmentArguments {
  readonly suite: string;
  readonly json?: true;
}

/** Declares the verb; `run` is called with what was written. */
export function addEnvironment(
  program: Command,
  defaultSuite: string,
  run: (args: EnvironmentArguments) => Promise<void>,
): void {
  program
    .command("environment")
    .description("start the engine, print what a recording would lock of its environment, and stop it")
    .option("--suite <file>", "the suite", defaultSuite)
    .option("--json", "as JSON, every value whole and with the place it was read from")
    .addHelpText(
      "after",
      `
Examples:
  $ inference-gate environment
  $ inference-gate environment --json > here.json
`,
    )
    .action(run);
}

export function environmentVerb(streams: StageStreams): Verbs["environment"] {
  return ({ suite, json }, global) =>
    onStage(streams, global, async ({ bench, progress }) => {
      const measured = await measureEnvironment(suite, bench);
      progress.finish();
      streams.out.write(json === true ? `${JSON.stringify(measured, null, 2)}\n` : environmentText(measured));
      return 0;
    });
}

/** One fact a line, by group; lines that end in `\n`. */
function environmentText({ hardwareClass, groups }: MeasuredEnvironment): string {
  const sections = groups.map(({ group, facts }) => {
    const longest = Math.min(48, Math.max(...facts.map(({ key }) => key.length)));
    const rows = facts.map(({ key, value }) => `  ${terminalText(key).padEnd(longest)}  ${shown(value)}`);
    return `${groupTitles[group]} (${facts.length})\n${rows.join("\n")}\n`;
  });
  return `hardware class  ${hardwareClass}\n\n${sections.join("\n")}`;
}

function shown(value: FactValue): string {
  const text = String(value);
  return digestPattern.test(text) ? `${text.slice(0, "sha256:".length + 12)}…` : terminalText(text);
}
