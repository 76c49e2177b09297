/** A golden to start from, and a way to say "this case id" in tests. */
import { type CaseId, parseCaseId } from "../../src/model/case.ts";
import type { Completion } from "../../src/model/completion.ts";
import { type HardwareClass, parseHardwareClass } from "../../src/model/fingerprint.ts";
import type { Golden } from "../../src/model/golden.ts";
import { digestOf } from "../../src/platform/hashing.ts";

export function caseId(text: string): CaseId {
  const id = parseCaseId(text);
  if (id === null) throw new Error(`${text} is no case id`);
  return id;
}

export function hardwareClass(text: string): HardwareClass {
  const found = parseHardwareClass(text);
  if (found === null) throw new Error(`${text} is no hardware class`);
  return found;
}

export const cpuClass = hardwareClass("cpu-x86-64-v3-t2");

/** A completion of `tokenCount` tokens, each with a text of its own. */
export function completionOf(tokenCount: number): Completion {
  const words = Array.from({ length: tokenCount }, (_, index) => (index % 7 === 6 ? "end.\n" : `w${index} `));
  let end = 0;
  return {
    promptTokenIds: Uint32Array.of(1, 15043, 4_294_967_295),
    tokenIds: Uint32Array.from(words, (_, index) => (index * 7919) % 151_936),
    logprobs: Float32Array.from(words, (_, index) => -index / 17),
    margins: Float32Array.from(words, (_, index) => (index % 5 === 0 ? Number.NaN : index / 3)),
    textEnds: Uint32Array.from(words, (word) => {
      end += word.length;
      return end;
    }),
    text: words.join(""),
    outputDigest: null,
    finishReason: "length",
  };
}

export function goldenOf(id: string, completion: Completion): Golden {
  return {
    caseId: caseId(id),
    hardwareClass: cpuClass,
    generation: 3,
    contract: digestOf("contract"),
    prompt: digestOf("prompt"),
    sampling: { temperature: 0, seed: 42, stop: ["\n\n"], extra: { mirostat: 0 } },
    repeats: { launches: 2, perLaunch: 2, agreed: "bits" },
    content: { kind: "full", completion },
  };
}

export const fileOf = (id: string) => `goldens/${cpuClass}/${id}.json`;

/** The bits of an array, since NaN equals nothing. */
export function bitsOf(array: Float32Array | Uint32Array | null): string | null {
  return array === null ? null : Buffer.from(array.buffer, array.byteOffset, array.byteLength).toString("hex");
}
