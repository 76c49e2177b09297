/** What every place is that shows a report: it gets the report and where the run is at home, and says what came of it. */
import type { Problem } from "../model/problem.ts";
import type { Files } from "../platform/files.ts";
import type { RunDetail } from "../report/detail.ts";
import type { Report } from "../report/report.ts";

/** What all destinations need to know of the run; the hands that one of them needs beside it are given where it is made. */
export interface PublishContext {
  readonly files: Files;
  /** Absolute folder of the files that this run leaves for people: report, transcript, pages. */
  readonly reportFolder: string;
  /** Absolute root of the repository: paths that GitHub shows are relative to it. */
  readonly repositoryRoot: string;
  /** Page of the run; null where there is none. */
  readonly runUrl: string | null;
  /** Gathers the answers of the run, token by token; only the page needs them. */
  readonly detail: () => Promise<RunDetail>;
  /** Aborted when the run is being ended: a destination that waits for a network gives up. */
  readonly signal: AbortSignal;
}

/** It is there. `where` is a path or an address; null when it has none of its own, as a log has not. */
export interface Published {
  readonly kind: "published";
  readonly where: string | null;
}

/** It was not needed or not possible here, and nobody did anything wrong. `reason` is one sentence for the log. */
export interface Skipped {
  readonly kind: "skipped";
  readonly reason: string;
}

export interface Destination {
  /** Such as `step summary`; stands in the log and in problems. */
  readonly name: string;
  /** Throws when it failed; GateError where a user can mend it. */
  publish(report: Report, context: PublishContext): Promise<Published | Skipped>;
}

/** It failed, and this is why. Only the multiplexer says so: destinations throw. */
export interface Failed {
  readonly kind: "failed";
  readonly problems: readonly Problem[];
}
