/** The cases that a reader must look at: what differs and where, then what is missing, obsolete or could not run. */
import { cutEnd } from "../escape/columns.ts";
import { terminalText } from "../escape/terminal-text.ts";
import type { CaseReport, Report } from "../report.ts";
import { divergenceSides } from "./divergence-sides.ts";
import { divergenceInWords } from "./divergence-words.ts";
import { paint, type RenderOptions, type Tone } from "./paint.ts";
import { problemBlocks } from "./problem-section.ts";
import { counted, cutList, labelled, moreInJson, paragraph, place, plural } from "./rows.ts";

const tones = { drift: "bad", unstable: "warn", error: "bad", close: "good" } as const satisfies Record<string, Tone>;
type ToldVerdict = keyof typeof tones;

/** One block for each case of this verdict, with an empty line between two; nothing when there is none. */
export function caseBlocks(report: Report, verdict: ToldVerdict, options: RenderOptions): readonly string[] {
  const { shown, more } = cutList(
    report.cases.filter((item) => item.verdict === verdict),
    options.limit,
  );
  return [
    ...shown.flatMap((item, index) => [...(index === 0 ? [] : [""]), ...caseBlock(item, tones[verdict], options)]),
    ...(more === 0 ? [] : ["", ...moreInJson(more, 0)]),
  ];
}

/** Cases of a verdict that needs no block of its own: one row each; the next steps tell what to do about all of them. */
export function caseRows(
  report: Report,
  verdict: "missing" | "obsolete",
  heading: string,
  options: RenderOptions,
): readonly string[] {
  const items = report.cases.filter((item) => item.verdict === verdict);
  if (items.length === 0) return [];
  const { shown, more } = cutList(items, options.limit);
  return [
    `${paint("bad", verdict, options)}  ${heading}`,
    ...labelled(
      2,
      shown.map((item) => [cutEnd(terminalText(item.id), 40), place(item.source ?? item.golden) ?? "–"] as const),
      options.width,
    ),
    ...moreInJson(more, 2),
  ];
}

/** Cases whose own contract changed although their output did not: nothing else would tell of them. */
export function changedMatches(report: Report, options: RenderOptions): readonly string[] {
  const items = report.cases.filter((item) => item.verdict === "match" && item.contractChanges.length > 0);
  if (items.length === 0) return [];
  const { shown, more } = cutList(items, options.limit);
  return [
    paint("heading", "Asked otherwise than recorded, with the same output", options),
    ...shown.flatMap((item) =>
      paragraph(`  ${cutEnd(terminalText(item.id), 40)}  `, item.contractChanges.join("; "), options.width),
    ),
    ...moreInJson(more, 2),
  ];
}

function caseBlock(item: CaseReport, tone: Tone, options: RenderOptions): readonly string[] {
  const { divergence } = item;
  const { width } = options;
  const id = paint("heading", cutEnd(terminalText(item.id), width - 26), options);
  return [
    `${paint(tone, item.verdict, options)}  ${id}${divergence === null || item.tier === null ? "" : ` · tier ${item.tier}`}`,
    ...labelled(
      2,
      [
        ["differs", divergence === null ? null : divergenceInWords(item, divergence)],
        ["case", place(item.source)],
        ["golden", place(item.golden)],
        ["changed", item.contractChanges.length === 0 ? null : item.contractChanges.join("; ")],
      ],
      width,
    ),
    ...(divergence === null ? [] : divergenceSides(divergence, options)),
    ...labelled(
      2,
      [
        ["logprobs", logprobs(item)],
        ["saved", saved(item)],
      ],
      width,
    ),
    ...problemBlocks(item.problems.map(withoutPlace(item)), 2, options),
  ];
}

/** The case's own place is told already. */
function withoutPlace({ source }: CaseReport) {
  const told = place(source);
  return (problem: CaseReport["problems"][number]) =>
    place(problem.location) === told ? { ...problem, location: null } : problem;
}

function logprobs({ logprobDrift: drift, divergence }: CaseReport): string | null {
  if (drift === null || drift.positions === 0) return null;
  const until = divergence?.kind === "token" ? " up to the split" : "";
  if (drift.differing === 0) return `all ${counted(drift.positions)} equal, bit for bit${until}`;
  const first = drift.firstIndex === null ? "" : `, first at token ${counted(drift.firstIndex)}`;
  return (
    `${counted(drift.differing)} of ${counted(drift.positions)} differ${until}${first}; ` +
    `largest ${short(drift.maxAbs)}, mean ${short(drift.meanAbs)} nats`
  );
}

function saved({ tokensSaved }: CaseReport): string | null {
  return tokensSaved === 0 ? null : `${plural(tokensSaved, "token")}, by stopping at the split`;
}

const short = (value: number) => String(Number(value.toPrecision(3)));
