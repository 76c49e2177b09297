/** `accept` on a real machine: shows each difference and asks where that is wanted, and says what was written. */
import { dirname, resolve } from "node:path";
import { createInterface } from "node:readline";
import { type Accepted, accept, type Decision } from "../commands/accept.ts";
import { fetchedRun } from "../commands/fetch-run.ts";
import type { Workbench } from "../commands/workbench.ts";
import { noTerminal } from "../messages/accept.ts";
import { GateError } from "../model/problem.ts";
import { shellWord } from "../model/shell-word.ts";
import { type AcceptQuestion, acceptQuestion } from "../report/render/accept-question.ts";
import type { AcceptArguments } from "./accept-arguments.ts";
import { ciVariable } from "./ci-variable.ts";
import { clientFrom, runNumber } from "./github-access.ts";
import { defaultSuite, type Verbs } from "./program.ts";
import { onStage, type StageStreams } from "./stage.ts";

/** Words of the answer, by their first letter. */
const decisions: { readonly [letter: string]: Decision } = { y: "take", n: "skip", a: "take-all", q: "quit" };
const prompt = "Take it? [y]es, [n]o, [a]ll from here, [q]uit without writing: ";

export function acceptVerb(streams: StageStreams): Verbs["accept"] {
  const { out, env } = streams;
  return (args, global) =>
    onStage(streams, global, async ({ bench, look, progress }) => {
      if (args.interactive && !(process.stdin.isTTY && out.isTTY)) throw new GateError([noTerminal({})]);
      // The terminal edits the line and turns Ctrl-C into its signal: readline only tells where lines end.
      const input = args.interactive ? createInterface({ input: process.stdin, terminal: false }) : null;
      // Taken at once: what is typed ahead must not be lost.
      const lines = input?.[Symbol.asyncIterator]() ?? null;
      try {
        const fetched = args.run === null ? null : await fetchedFor(args, args.run, env, bench);
        const accepted = await accept(
          {
            suitePath: args.suite,
            reportPath: fetched?.folder ?? args.report,
            only: args.only,
            reason: args.reason,
            generation: args.newGeneration ? "new" : "same-environment",
            refusedBy: args.allowCi ? null : ciVariable(env),
            run: fetched?.run ?? null,
            decide:
              lines === null
                ? null
                : async ({ item, golden, content, comparison }, at) => {
                    progress.print("");
                    const shown: AcceptQuestion = {
                      caseId: item.id,
                      ...at,
                      comparison,
                      before: golden.content.kind === "full" ? golden.content.completion.text : null,
                      after: content.kind === "full" ? content.completion.text : null,
                    };
                    out.write(acceptQuestion(shown, look));
                    return ask(lines, (text) => out.write(text), bench.signal);
                  },
          },
          bench,
        );
        progress.finish();
        out.write(acceptedText(accepted, args.suite));
        return 0;
      } finally {
        input?.close();
      }
    });
}

/** Report and transcript of a run at GitHub, brought beside the suite. */
function fetchedFor(args: AcceptArguments, run: string, env: NodeJS.ProcessEnv, bench: Workbench) {
  const { suite, repo, artifact } = args;
  const client = clientFrom(env, repo, bench.signal);
  const strangers = args.allowFork ? "trusted" : "refused";
  return fetchedRun({ client, run: runNumber(run), artifact, strangers }, dirname(resolve(suite)), bench);
}

/** Asks until the answer is one of the four; the end of the input is a no to everything. Throws the signal's reason. */
async function ask(
  lines: AsyncIterator<string>,
  print: (text: string) => void,
  signal: AbortSignal,
): Promise<Decision> {
  const ended = new Promise<never>((_, reject) => {
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
  for (;;) {
    signal.throwIfAborted();
    print(prompt);
    const said = await Promise.race([lines.next(), ended]);
    if (said.done === true) return "quit";
    const decision = decisions[said.value.trim().slice(0, 1).toLowerCase()];
    if (decision !== undefined) return decision;
  }
}

function acceptedText({ written, skipped, generation, run }: Accepted, suite: string): string {
  const left = skipped.length === 0 ? "" : `  left as they are: ${skipped.join(", ")}\n`;
  if (generation === null) {
    return skipped.length === 0
      ? `✓ NOTHING TO ACCEPT  no case differs from its golden in ${run.reportFile}\n`
      : `✓ NOTHING ACCEPTED  every golden is as it was\n${left}`;
  }
  const goldens = written.length === 1 ? "1 golden" : `${written.length} goldens`;
  const option = suite === defaultSuite ? "" : ` --suite ${shellWord(suite)}`;
  return `✓ ACCEPTED  ${goldens} written, generation ${generation}
  written  ${written.join(", ")}
${left}
Next
  1. Read the new goldens, then commit them together with the lock.
  2. Then check: inference-gate check${option}
`;
}
