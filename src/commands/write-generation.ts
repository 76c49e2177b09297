/** Puts agreed answers in place as goldens, with the next lock, at once: the one way in which `record` and `accept` write. */
import { encodeGolden } from "../goldens/golden-codec.ts";
import { goldenStore } from "../goldens/golden-store.ts";
import { commitRecording, type GoldenFile } from "../goldens/recording.ts";
import type { Case, CaseId } from "../model/case.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import type { Golden, GoldenContent, Repeats } from "../model/golden.ts";
import type { Acceptance, Lock, LockedGolden } from "../model/lock.ts";
import type { Suite } from "../model/suite.ts";
import { displayPath } from "../platform/display-path.ts";
import { digestOf } from "../platform/hashing.ts";
import { caseContract, promptDigest, samplingRecord, sharedContract } from "../suite/contract.ts";
import { lockText } from "../suite/lock-text.ts";
import type { Workbench } from "./workbench.ts";

export interface AgreedAnswer {
  readonly item: Case;
  /** Digests where the suite is redacted. Asked for once, when its golden is written, so that memory stays flat. */
  readonly content: () => Promise<GoldenContent>;
  readonly repeats: Repeats;
}

export interface NewGeneration {
  readonly suite: Suite;
  readonly lock: Lock | null;
  readonly lockPath: string;
  readonly fingerprint: Fingerprint;
  readonly reason: string;
  /** Null for a recording. */
  readonly accepted: Acceptance | null;
  readonly answers: readonly AgreedAnswer[];
  /** Goldens whose case is gone. */
  readonly obsolete: readonly CaseId[];
}

/** Resolves to the number of the new generation. To be called with the record lock held. Throws GateError when nothing could be written. */
export async function writeGeneration(next: NewGeneration, bench: Workbench): Promise<number> {
  const { suite, lock, lockPath, fingerprint, reason, accepted, obsolete } = next;
  const { hardwareClass } = fingerprint;
  const locked = lock?.classes.get(hardwareClass) ?? null;
  const generation = (locked?.generations[0].generation ?? 0) + 1;
  const store = goldenStore(suite.folder, bench.files);
  const written = new Map<CaseId, LockedGolden>();
  async function* goldens(): AsyncGenerator<GoldenFile> {
    for (const { item, content, repeats } of next.answers) {
      const golden: Golden = {
        ...{ caseId: item.id, hardwareClass, generation, repeats, content: await content() },
        contract: caseContract(suite, item),
        prompt: promptDigest(item.prompt),
        sampling: samplingRecord(item),
      };
      const text = encodeGolden(golden);
      written.set(item.id, { digest: digestOf(text), contract: golden.contract, generation });
      yield { path: store.pathOf(hardwareClass, item.id), text };
    }
  }
  const recordedAt = new Date(bench.clock.now()).toISOString();
  const gone = new Set(obsolete);
  const kept = [...(locked?.goldens ?? [])].filter(([id]) => !gone.has(id));
  const nextClass = () => ({
    generations: [
      { generation, reason, recordedAt, recordedBy: bench.tool, accepted },
      ...(locked?.generations ?? []),
    ] as const,
    contract: sharedContract(suite),
    environment: Object.fromEntries(fingerprint.facts.map((fact) => [fact.key, fact.value])),
    goldens: new Map([...kept, ...written]),
  });
  const count = next.answers.length;
  bench.onProgress({
    kind: "note",
    text: `Writing ${count === 1 ? "1 golden" : `${count} goldens`} and ${displayPath(lockPath)}`,
  });
  await commitRecording(
    {
      suiteFolder: suite.folder,
      lockPath,
      lockText: () =>
        lockText({
          suite: suite.name,
          classes: new Map([...(lock?.classes ?? []), [hardwareClass, nextClass()]]),
        }),
      goldens: goldens(),
      removed: obsolete.map((id) => store.pathOf(hardwareClass, id)),
    },
    bench.files,
  );
  return generation;
}
