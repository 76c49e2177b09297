/** Decides whether what an earlier demo recorded is the reason why this one did not go as it should. */
import type { Report } from "../report/report.ts";

/** Problems with goldens that forgetting them would not mend, or must not: somebody else is at work, or the disk is. */
const otherReasons = ["goldens/record-running", "goldens/disk-full", "goldens/not-written"];

/**
 * The reason in words, or null when the goldens are not to blame. `report` is that of a recording or a check in which nothing was
 * planted: the demo wrote the suite itself, so a mistake that keeps it from running is in what was left.
 */
export function leftoverReason({ verdict, problems, counts }: Report): string | null {
  if (problems.some(({ code }) => otherReasons.includes(code))) return null;
  const [problem] = problems.filter(({ code, verdict }) => verdict === "usage" || code.startsWith("goldens/"));
  if (problem !== undefined) return problem.title;
  if (problems.length > 0 || counts.error > 0) return null;
  if (verdict === "environment-changed") return "They were recorded in another environment.";
  if (verdict === "drift") return "They are not what this engine answers.";
  return counts.missing + counts.obsolete > 0 ? "They do not fit the cases." : null;
}
