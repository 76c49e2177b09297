/** Record and check with real vLLM and transformers inside a locked image that contains them, without a network: what agrees matches in every bit, and each planted change is named. */
import { cpSync, mkdirSync, readdirSync, renameSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "@jest/globals";
import type { Report } from "../../src/report/report.ts";
import { type ContainerMachine, containerMachine } from "./container-machine.ts";
import {
  changes,
  changeText,
  type DriverSuite,
  type DriverWords,
  driverSuite,
  negateTensor,
  verdicts,
} from "./driver-suite.ts";
import { leftOnMachine } from "./left-on-machine.ts";
import { type RealVllm, realVllmForTests } from "./real-vllm.ts";
import { type VllmImages, vllmImages } from "./vllm-image.ts";

/** An image of 7 GB is made and unpacked on a new machine, and a launch of the server takes a minute. */
const patienceMs = 900_000;
const long = 512;
const revisions = { recorded: "1".repeat(40), other: "2".repeat(40) };

let machine: ContainerMachine;
let vllm: RealVllm;
let images: VllmImages;
beforeAll(async () => {
  vllm = await realVllmForTests();
  machine = await containerMachine();
  Object.assign(process.env, machine.env);
  images = await vllmImages(machine, vllm);
}, patienceMs);
afterAll(() => machine.stop());

interface Subject {
  readonly engine: "vllm" | "vllm-server" | "transformers";
  readonly args: DriverWords["args"];
  readonly env: DriverWords["env"];
  /** A sampling field of the engine's own, and how its change is told. */
  readonly field: readonly [given: object, told: string];
  /** Arguments and settings that change, and how each is told: in the contract, and as what is in force. */
  readonly changedArgs: object;
  readonly changedDeterminism: object;
  readonly toldArgs: readonly string[];
}

const ofVllm = {
  args: { dtype: "bfloat16", max_model_len: 1024 },
  env: { VLLM_CPU_KVCACHE_SPACE: "1" },
  field: [{ bad_words: ["the"] }, 'chat: sampling.bad_words (absent) → ["the"]'],
  changedArgs: { dtype: "float32", enable_prefix_caching: true, max_num_seqs: 2, enforce_eager: false },
  changedDeterminism: { threads: 2, compile: true },
  toldArgs: [
    'engine.args.dtype "bfloat16" → "float32"',
    "engine.config.model.dtype",
    "engine.args.enable_prefix_caching (absent) → true",
    "engine.config.cache.enable_prefix_caching",
    "engine.args.max_num_seqs (absent) → 2",
    "engine.config.scheduler.max_num_seqs",
    "engine.args.enforce_eager (absent) → false",
    "engine.config.model.enforce_eager",
    "determinism.compile false → true",
    "engine.determinism.compile",
  ],
} as const;
const subjects: readonly Subject[] = [
  { engine: "vllm", ...ofVllm },
  { engine: "vllm-server", ...ofVllm },
  {
    engine: "transformers",
    args: { dtype: "bfloat16" },
    env: {},
    field: [{ min_p: 0.3 }, "chat: sampling.min_p 0 → 0.3"],
    changedArgs: { dtype: "float32" },
    changedDeterminism: { threads: 2 },
    toldArgs: ['engine.args.dtype "bfloat16" → "float32"', "engine.config.dtype"],
  },
];

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

describe.each(subjects)(
  "engine $engine in an image that contains it",
  ({ engine, field, changedArgs, changedDeterminism, toldArgs, ...own }) => {
    let suite: DriverSuite;
    let recorded: Report;
    const runtime = (digest: string) => ["runtime: docker", `image: ${images.name}:v1@${digest}`];
    const words = (): DriverWords => ({
      runtime: runtime(images.digest),
      revision: revisions.recorded,
      command: ["python3"],
      ...own,
      determinism: {},
      sampling: { temperature: 0.8, top_p: 0.95, seed: 42, max_tokens: 32, ignore_eos: true },
      own: { drawn: { max_tokens: long }, likeliest: { temperature: 0, max_tokens: long } },
      stopSeconds: 20,
    });
    const checked = async (changed: Partial<DriverWords> = {}) => {
      suite.write(changed);
      const report = await suite.check();
      suite.write();
      return report;
    };

    beforeAll(async () => {
      suite = driverSuite(engine, vllm, words());
      cached(suite, revisions.recorded);
      negateTensor(join(suite.model, "model.safetensors"), "model.layers.1.mlp.down_proj.weight");
      changeText(join(suite.model, "tokenizer.json"), '"add_prefix_space":', '"add_prefix_space" :');
      changeText(join(suite.model, "chat_template.jinja"), "assistant", "helper");
      cached(suite, revisions.other);
      renameSync(suite.model, `${suite.model}.gone`);
      recorded = await suite.record();
    }, patienceMs);
    afterEach(() => expect(leftOnMachine(machine, "docker")).toEqual([]));
    afterAll(() => suite.remove());

    test("two launches and two repeats agree in every token id and log-probability bit over 512 tokens, with no way out", () => {
      expect([recorded.verdict, recorded.problems]).toEqual(["match", []]);
      expect(recorded.tokens.generated).toBe(2 * 2 * (2 * long + 2 * 32));
      const fact = (key: string) => recorded.environment.facts.find((one) => one.key === key)?.value;
      expect([fact("image.digest"), fact("runtime.network")]).toEqual([images.digest, "none-out"]);
      expect(fact("model.revision")).toBe(revisions.recorded);
      expect(fact("package.jinja2")).toBe(images.jinja2.from);
    });

    test(
      "the same tag with another digest, the package that differs in it, a seed and a sampling field; the rest still matches",
      async () => {
        const report = await checked({
          runtime: runtime(images.movedDigest),
          own: { ...words().own, short: { seed: 43 }, chat: field[0] },
        });
        expect([report.exitCode, report.problems]).toEqual([5, []]);
        expect(changes(report)).toEqual([
          "image.digest",
          "package.jinja2",
          `image "${images.digest}" → "${images.movedDigest}"`,
          "short: sampling.seed 42 → 43",
          field[1],
        ]);
        expect(verdicts(report).slice(0, 3)).toEqual(["drawn match", "likeliest match", "short drift"]);
      },
      patienceMs,
    );

    test(
      "another revision of the model, by each file that differs in it, the engine's arguments, and threads, which are another hardware class",
      async () => {
        const report = await checked({
          revision: revisions.other,
          args: { ...own.args, ...changedArgs },
          determinism: changedDeterminism,
        });
        expect([report.exitCode, report.problems]).toEqual([5, []]);
        expect(changes(report)).toEqual(
          expect.arrayContaining([
            "model.file.model.safetensors",
            "model.file.tokenizer.json",
            "model.file.chat_template.jinja",
            "model.chat_template",
            "model.revision",
            `model.revision "${revisions.recorded}" → "${revisions.other}"`,
            "hardware-class",
            "engine.threads",
            "engine.determinism.threads",
            "determinism.threads 1 → 2",
            ...toldArgs,
          ]),
        );
        // The goldens are those of another class.
        expect(verdicts(report)).toEqual(["drawn missing", "likeliest missing", "short missing", "chat missing"]);
      },
      patienceMs,
    );
  },
);
