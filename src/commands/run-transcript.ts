/** The transcript of a check or a recording: opened with what was measured, a line for each completion. */

import { redactCompletion } from "../goldens/redact-completion.ts";
import type { Case } from "../model/case.ts";
import type { Completion } from "../model/completion.ts";
import type { Digest } from "../model/digest.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import type { Problem } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import type { RunVerdict } from "../model/verdict.ts";
import { digestOfJson } from "../platform/hashing.ts";
import { completionLine, redactedLine } from "../replay/completion-line.ts";
import { openTranscript, type Transcript } from "../replay/transcript.ts";
import { caseContract } from "../suite/contract.ts";
import type { Workbench } from "./workbench.ts";

/** Digest of every measured fact: what a completion must have in common with this run to be reused. */
export function environmentDigest(fingerprint: Fingerprint): Digest {
  return digestOfJson(fingerprint.facts.map(({ key, value }) => [key, value]));
}

export interface RunTranscript {
  readonly path: string;
  completion(
    item: Case,
    completion: Completion,
    at: { readonly launch: number; readonly repeat: number },
  ): Promise<void>;
  failure(
    item: Case,
    problems: readonly Problem[],
    at: { readonly launch: number; readonly repeat: number },
  ): Promise<void>;
  close(): Promise<void>;
}

/** Opens the transcript and writes its first line. A redacted suite leaves digests only. Errors: those of the file system. */
export async function startTranscript(
  path: string,
  run: { readonly command: "check" | "record"; readonly suite: Suite; readonly fingerprint: Fingerprint },
  bench: Pick<Workbench, "clock" | "tool">,
): Promise<RunTranscript> {
  const { command, suite, fingerprint } = run;
  const transcript: Transcript = await openTranscript(path);
  await transcript.append({
    type: "run",
    version: 1,
    command,
    suite: suite.name,
    tool: bench.tool,
    started_at: new Date(bench.clock.now()).toISOString(),
    hardware_class: fingerprint.hardwareClass,
    environment: environmentDigest(fingerprint),
  });
  return {
    path,
    completion(item, completion, at) {
      const place = { case: item.id, contract: caseContract(suite, item), ...at };
      return transcript.append(
        suite.redact ? redactedLine(place, redactCompletion(completion)) : completionLine(place, completion),
      );
    },
    failure(item, problems, at) {
      const place = { case: item.id, contract: caseContract(suite, item), ...at };
      return transcript.append({ type: "failure", ...place, problems: problems.map((problem) => problem.code) });
    },
    close: () => transcript.close(),
  };
}

/** Appends the line that tells a finished run from a killed one. Errors: those of the file system. */
export async function endTranscript(path: string, verdict: RunVerdict): Promise<void> {
  const transcript = await openTranscript(path);
  try {
    await transcript.append({ type: "end", verdict });
  } finally {
    await transcript.close();
  }
}
