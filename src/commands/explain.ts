/** `explain`: tells more about a report, a problem code, a verdict or exit code, or a case of the suite. */
import { resolve } from "node:path";
import { codesLike, explanationOf } from "../messages/catalogue.ts";
import { nothingToExplain } from "../messages/commands.ts";
import { exitCodeExplanation } from "../messages/exit-code-explanations.ts";
import { GateError } from "../model/problem.ts";
import { parseReport } from "../report/parse-report.ts";
import type { Report } from "../report/report.ts";
import { explainCase } from "./explain-case.ts";
import type { Workbench } from "./workbench.ts";

export interface ExplainOptions {
  readonly target: string;
  readonly suitePath: string;
}

/** Lines are ours and hold hostile text already made safe; a report is rendered by whoever shows it. */
export type Explanation =
  | { readonly kind: "text"; readonly lines: readonly string[] }
  | { readonly kind: "case"; readonly lines: readonly string[]; readonly lastRun: Report | null }
  | { readonly kind: "report"; readonly report: Report };

/** Throws GateError when the target is none of these, or the report or suite cannot be read. */
export async function explain(
  { target, suitePath }: ExplainOptions,
  bench: Pick<Workbench, "files" | "engines">,
): Promise<Explanation> {
  const told = exitCodeExplanation(target) ?? explanationOf(target);
  if (told !== null) return { kind: "text", lines: told };
  const path = resolve(target);
  const found = await bench.files.stat(path);
  if (found !== null && !found.isFolder) {
    return { kind: "report", report: parseReport((await bench.files.readText(path)) ?? "", target) };
  }
  const aboutCase = await explainCase(target, suitePath, bench);
  if (aboutCase !== null) return aboutCase;
  throw new GateError([nothingToExplain({ target, codes: codesLike(target) })]);
}
