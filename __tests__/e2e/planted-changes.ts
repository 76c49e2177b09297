/** What must hold of each engine that a driver of ours runs, wherever it runs: what agrees matches in every bit, and each planted change is named. */
import { cpSync, mkdirSync, readdirSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Report } from "../../src/report/report.ts";
import {
  changes,
  changeText,
  type DriverSuite,
  type DriverWords,
  driverSuite,
  negateTensor,
  verdicts,
} from "./driver-suite.ts";
import { realVllmForTests } from "./real-vllm.ts";

/** Where the engine runs. */
export interface EnginePlace {
  readonly words: Pick<DriverWords, "runtime" | "command">;
  /** Has what it runs from installed again, with another version of jinja2; resolves to the words for that, and what puts it back. */
  moved(): Promise<{ readonly words: EnginePlace["words"]; back(): void }>;
  /** Exactly how that is told. */
  readonly toldOfMoved: readonly string[];
  /** Facts of the recording. */
  readonly facts: { readonly [key: string]: string };
  /** What is left of any launch. */
  left(): readonly string[];
}

/** One engine, and the changes that are planted on it; each with how it is told, in the contract and as what is in force. */
export interface Subject {
  readonly engine: "vllm" | "vllm-server" | "transformers";
  readonly words: Pick<DriverWords, "args" | "env">;
  /** A sampling field of the engine's own. */
  readonly field: readonly [given: object, told: string];
  readonly args: readonly [changed: object, told: readonly string[]];
  /** What belongs to another number of threads. */
  readonly compiled: readonly [args: object, determinism: object, told: readonly string[]];
}

/** A launch of the server takes a minute on a busy machine, and an image of 7 GB is unpacked before the first. */
export const patienceMs = 900_000;

const long = 512;
/** Commits of the model in the suite's own cache. */
export const revisions = { recorded: "1".repeat(40), other: "2".repeat(40) };
const ofVllm = {
  words: { args: { dtype: "bfloat16", max_model_len: 1024 }, env: { VLLM_CPU_KVCACHE_SPACE: "1" } },
  field: [{ bad_words: ["the"] }, 'chat: sampling.bad_words (absent) → ["the"]'],
  args: [
    { dtype: "float32", enable_prefix_caching: true, max_num_seqs: 2 },
    [
      'engine.args.dtype "bfloat16" → "float32"',
      "engine.config.model.dtype",
      "engine.args.enable_prefix_caching (absent) → true",
      "engine.config.cache.enable_prefix_caching",
      "engine.args.max_num_seqs (absent) → 2",
      "engine.config.scheduler.max_num_seqs",
    ],
  ],
  compiled: [
    { enforce_eager: false },
    { compile: true },
    [
      "engine.args.enforce_eager (absent) → false",
      "engine.config.model.enforce_eager",
      "determinism.compile false → true",
      "engine.determinism.compile",
    ],
  ],
} as const;

export const vllmSubject: Subject = { engine: "vllm", ...ofVllm };
export const vllmServerSubject: Subject = { engine: "vllm-server", ...ofVllm };
export const transformersSubject: Subject = {
  engine: "transformers",
  words: { args: { dtype: "bfloat16" }, env: {} },
  field: [{ min_p: 0.3 }, "chat: sampling.min_p 0 → 0.3"],
  args: [{ dtype: "float32" }, ['engine.args.dtype "bfloat16" → "float32"', "engine.config.dtype"]],
  compiled: [{}, {}, []],
};

/** The model at a revision as the hub's own cache has it: links from the snapshot into a folder of contents. */
function cached(suite: DriverSuite, revision: string): void {
  const snapshot = suite.snapshot(revision);
  const blobs = join(snapshot, "..", "..", "blobs");
  mkdirSync(snapshot, { recursive: true });
  mkdirSync(blobs, { recursive: true });
  for (const name of readdirSync(suite.model)) {
    cpSync(join(suite.model, name), join(blobs, `${revision}-${name}`));
    symlinkSync(`../../blobs/${revision}-${name}`, join(snapshot, name));
  }
}

/** `more` adds tests that need the recording. */
export function describePlantedChanges(
  { engine, words, field, args, compiled }: Subject,
  where: (folder: string) => Promise<EnginePlace>,
  more: (checked: (changed?: Partial<DriverWords>) => Promise<Report>, suite: () => DriverSuite) => void = () => {},
): void {
  describe(`engine ${engine}`, () => {
    let suite: DriverSuite;
    let place: EnginePlace;
    let recorded: Report;
    const own = { drawn: { max_tokens: long }, likeliest: { temperature: 0, max_tokens: long } };
    const checked = async (changed: Partial<DriverWords> = {}) => {
      suite.write({ ...place.words, ...changed });
      const report = await suite.check();
      suite.write(place.words);
      return report;
    };
    const found = (report: Report) => {
      expect([report.exitCode, report.problems]).toEqual([5, []]);
      return changes(report);
    };

    beforeAll(async () => {
      suite = driverSuite(engine, await realVllmForTests(), {
        ...words,
        revision: revisions.recorded,
        determinism: {},
        sampling: { temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: 32, ignore_eos: true },
        own,
        stopSeconds: 20,
      });
      cached(suite, revisions.recorded);
      negateTensor(join(suite.model, "model.safetensors"), "model.layers.1.mlp.down_proj.weight");
      changeText(join(suite.model, "tokenizer.json"), '"add_prefix_space":', '"add_prefix_space" :');
      changeText(join(suite.model, "chat_template.jinja"), "assistant", "helper");
      cached(suite, revisions.other);
      place = await where(suite.folder);
      suite.write(place.words);
      recorded = await suite.record();
    }, patienceMs);
    afterEach(() => expect(place.left()).toEqual([]));
    afterAll(() => suite.remove());

    test("two launches and two repeats agree in every token id and log-probability bit, drawn and likeliest, over 512 tokens", () => {
      expect([recorded.verdict, recorded.problems]).toEqual(["match", []]);
      expect(recorded.tokens.generated).toBe(2 * 2 * (2 * long + 2 * 32));
      const facts = Object.fromEntries(recorded.environment.facts.map(({ key, value }) => [key, value]));
      expect(facts).toMatchObject({ ...place.facts, "model.revision": revisions.recorded });
    });

    test(
      "a package, a seed and a sampling field are named, each alone; every other case of that third launch matches in every bit",
      async () => {
        const moved = await place.moved();
        const report = await checked({ ...moved.words, own: { ...own, short: { seed: 43 }, chat: field[0] } });
        moved.back();
        expect(found(report)).toEqual([...place.toldOfMoved, "short: sampling.seed 42 → 43", field[1]]);
        expect(verdicts(report).slice(0, 3)).toEqual(["drawn match", "likeliest match", "short drift"]);
      },
      patienceMs,
    );

    test(
      "another revision of the model is named by each file that differs in it, and the engine's arguments; outputs drift",
      async () => {
        const report = await checked({ revision: revisions.other, args: { ...words.args, ...args[0] } });
        expect(found(report)).toEqual(
          expect.arrayContaining([
            "model.file.model.safetensors",
            "model.file.tokenizer.json",
            "model.file.chat_template.jinja",
            "model.chat_template",
            "model.revision",
            `model.revision "${revisions.recorded}" → "${revisions.other}"`,
            ...args[1],
          ]),
        );
        expect(verdicts(report).slice(0, 2)).toEqual(["drawn drift", "likeliest drift"]);
        expect(report.cases.find(({ id }) => id === "chat")?.divergence?.kind).toBe("prompt");
        expect(report.tokens.saved).toBeGreaterThan(0);
      },
      patienceMs,
    );

    test(
      "threads are another hardware class, and what is compiled is named beside them",
      async () => {
        const report = await checked({
          args: { ...words.args, ...compiled[0] },
          determinism: { threads: 2, ...compiled[1] },
        });
        expect(found(report)).toEqual(
          expect.arrayContaining([
            "hardware-class",
            "engine.threads",
            "engine.determinism.threads",
            "determinism.threads 1 → 2",
            ...compiled[2],
          ]),
        );
        // The goldens are those of another class.
        expect(verdicts(report)).toEqual(["drawn missing", "likeliest missing", "short missing", "chat missing"]);
      },
      patienceMs,
    );

    more(checked, () => suite);
  });
}
