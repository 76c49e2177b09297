/** One launch of a recording: measures the environment, then replays every open case as often as the suite asks. */
import { describeChange, environmentDifference } from "../environment/environment-difference.ts";
import { stateFolderOf } from "../goldens/state-folder.ts";
import { environmentMoved } from "../messages/commands.ts";
import type { Case } from "../model/case.ts";
import type { Fingerprint } from "../model/fingerprint.ts";
import type { Lock } from "../model/lock.ts";
import { GateError } from "../model/problem.ts";
import type { Suite } from "../model/suite.ts";
import { type KeptAnswers, keptAnswers } from "../replay/kept-answers.ts";
import { replayCases } from "../replay/replay-cases.ts";
import { warmUp } from "../replay/warm-up.ts";
import { RecordedAnswers } from "./recorded-answers.ts";
import { assertReason } from "./recording-reason.ts";
import { type RecordingSelection, type RecordMode, recordingSelection } from "./recording-selection.ts";
import type { RunFindings } from "./run-findings.ts";
import { type RunTranscript, startTranscript } from "./run-transcript.ts";
import type { LiveEngine } from "./with-engine.ts";
import type { Workbench } from "./workbench.ts";

export interface RecordingRequest {
  readonly suite: Suite;
  readonly mode: RecordMode;
  readonly chosen: readonly Case[];
  /** Null when none was given. */
  readonly reason: string | null;
  readonly lock: Lock | null;
  readonly lockPath: string;
  /** Where the transcript is appended. */
  readonly transcriptPath: string;
}

/** What the launches of a recording have in common; the first one fills it. */
export class Recording {
  readonly request: RecordingRequest;
  readonly answers: RecordedAnswers;
  readonly #kept: KeptAnswers;
  #transcript: RunTranscript | null = null;
  #first: { readonly fingerprint: Fingerprint; readonly selection: RecordingSelection } | null = null;

  constructor(request: RecordingRequest) {
    this.request = request;
    this.#kept = keptAnswers(stateFolderOf(request.suite.folder));
    this.answers = new RecordedAnswers(this.#kept);
  }

  /** Null before the first launch. */
  get measured(): { readonly fingerprint: Fingerprint; readonly selection: RecordingSelection } | null {
    return this.#first;
  }

  /** True when another launch could not teach anything: no case was chosen, or none is stable any more. */
  get isDone(): boolean {
    return this.#first !== null && !this.#first.selection.cases.some((item) => this.answers.isOpen(item.id));
  }

  /** Throws GateError when the environment is not that of the first launch, a partial recording would mix generations, or a reason is missing. */
  async launch(number: number, live: LiveEngine, findings: RunFindings, bench: Workbench): Promise<void> {
    const { selection } = this.#measure(number, live.fingerprint);
    findings.fingerprint = live.fingerprint;
    const [warm] = selection.cases;
    if (warm === undefined) return;
    this.#transcript ??= await startTranscript(this.request.transcriptPath, { command: "record", ...live }, bench);
    findings.transcript = this.#transcript.path;
    const limits = {
      engine: this.request.suite.engine.name,
      timeouts: this.request.suite.timeouts,
      signal: bench.signal,
    };
    if (number === 1) bench.onProgress({ kind: "planned", ...this.#planned(selection.cases) });
    bench.onProgress({ kind: "warming-up" });
    await warmUp(live.session, warm, { ...limits, onToken: () => "continue" });
    const startedAt = bench.clock.now();
    for (let repeat = 1; repeat <= this.request.suite.record.repeats; repeat += 1) {
      const open = selection.cases.filter((item) => this.answers.isOpen(item.id));
      for await (const outcome of replayCases(live.session, live.running, open, {
        ...limits,
        watch: async (item) => {
          bench.onProgress({ kind: "case-started", caseId: item.id, maxTokens: item.sampling.params.max_tokens });
          const onToken = await this.answers.watch(item.id);
          return (token) => {
            bench.onProgress({ kind: "token" });
            return onToken(token);
          };
        },
      })) {
        const { item } = outcome;
        const at = { launch: number, repeat };
        const isFirst = this.answers.of(item.id) === undefined;
        if ("completion" in outcome) {
          await this.answers.take(item, outcome.completion, at);
          await this.#transcript.completion(item, outcome.completion, at);
        } else {
          this.answers.fail(item.id, outcome.problems);
          await this.#transcript.failure(item, outcome.problems, at);
        }
        bench.onProgress({
          kind: "case-finished",
          caseId: item.id,
          verdict:
            isFirst && "completion" in outcome ? "answered" : caseVerdicts[this.answers.of(item.id)?.kind ?? "failed"],
          tokens: "completion" in outcome ? (outcome.completion.tokenIds?.length ?? 0) : 0,
        });
      }
    }
    findings.replayMs += bench.clock.now() - startedAt;
  }

  /** After it the answers are gone. */
  async close(): Promise<void> {
    await this.#kept.close();
    await this.#transcript?.close();
  }

  /** Completions and tokens to come when every case stays stable, for the time left. */
  #planned(cases: readonly Case[]): { readonly completions: number; readonly maxTokens: number } {
    const { launches, repeats } = this.request.suite.record;
    const tokens = cases.reduce((sum, item) => sum + item.sampling.params.max_tokens, 0);
    return { completions: launches * repeats * cases.length, maxTokens: launches * repeats * tokens };
  }

  #measure(number: number, now: Fingerprint) {
    if (this.#first === null) {
      const { suite, lock } = this.request;
      const locked = lock?.classes.get(now.hardwareClass) ?? null;
      const selection = recordingSelection(suite, this.request, locked, now);
      if (selection.cases.length + selection.obsolete.length > 0) assertReason(this.request.reason, locked);
      this.#first = { fingerprint: now, selection };
      return this.#first;
    }
    const before = Object.fromEntries(this.#first.fingerprint.facts.map((fact) => [fact.key, fact.value]));
    const changes = environmentDifference(before, now, { driver: "strict" })
      .filter((change) => change.weight === "breaking")
      .map(describeChange);
    if (changes.length > 0) throw new GateError([environmentMoved({ launch: number, changes })]);
    return this.#first;
  }
}

const caseVerdicts = { stable: "match", unstable: "unstable", failed: "error" } as const;
