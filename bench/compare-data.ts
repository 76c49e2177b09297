/** Made-up cases of the size that the comparison is measured on, the same in every run. */

import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { encodeGolden } from "../src/goldens/golden-codec.ts";
import { type CaseId, parseCaseId } from "../src/model/case.ts";
import type { Completion } from "../src/model/completion.ts";
import { parseDigest } from "../src/model/digest.ts";
import { parseHardwareClass } from "../src/model/fingerprint.ts";
import type { Golden } from "../src/model/golden.ts";
import { completionLine } from "../src/replay/completion-line.ts";
import { openTranscript } from "../src/replay/transcript.ts";

export const tokensPerCase = 4096;

/** Folder of the goldens and path of the transcript below a folder. */
export const placesIn = (folder: string) => ({
  goldens: join(folder, hardwareClassName),
  transcript: join(folder, "transcript.jsonl"),
});

const hardwareClassName = "bench-class";

const required = <T>(value: T | null): T => {
  if (value === null) throw new Error("not a value of its type");
  return value;
};

const hardwareClass = required(parseHardwareClass(hardwareClassName));
const digest = required(parseDigest(`sha256:${"5".repeat(64)}`));

export const caseIdOf = (index: number): CaseId => required(parseCaseId(`case-${String(index).padStart(4, "0")}`));

/** Writes goldens and a transcript with the same completions, by the code that a check uses. */
export async function writeCases(
  folder: string,
  count: number,
  alsoFor: (id: CaseId, completion: Completion) => Promise<void>,
): Promise<void> {
  const places = placesIn(folder);
  await mkdir(places.goldens, { recursive: true });
  const transcript = await openTranscript(places.transcript);
  for (let index = 0; index < count; index += 1) {
    const [caseId, completion] = [caseIdOf(index), completionOf(index)];
    await writeFile(join(places.goldens, `${caseId}.json`), encodeGolden(goldenOf(caseId, completion)));
    await transcript.append(completionLine({ case: caseId, contract: digest, launch: 1, repeat: 1 }, completion));
    await alsoFor(caseId, completion);
  }
  await transcript.close();
}

/** A completion of distinct, reproducible numbers: 4 to 7 characters a token, a new line every 16 tokens. */
export function completionOf(seed: number): Completion {
  const random = pseudoRandom(seed + 1);
  const tokenIds = Uint32Array.from({ length: tokensPerCase }, () => Math.floor(random() * 128_000));
  const words = Array.from(
    tokenIds,
    (id, index) => `${index % 16 === 15 ? "\n" : " "}${id.toString(36).padStart(3, "w")}`,
  );
  let end = 0;
  return {
    promptTokenIds: tokenIds.slice(0, 64),
    tokenIds,
    logprobs: Float32Array.from({ length: tokensPerCase }, () => -3 * random() ** 3),
    margins: Float32Array.from({ length: tokensPerCase }, () => 8 * random()),
    textEnds: Uint32Array.from(words, (word) => {
      end += word.length;
      return end;
    }),
    text: words.join(""),
    outputDigest: null,
    finishReason: "length",
  };
}

function goldenOf(caseId: CaseId, completion: Completion): Golden {
  return {
    caseId,
    hardwareClass,
    generation: 1,
    contract: digest,
    prompt: digest,
    sampling: { temperature: 0, seed: 42, max_tokens: tokensPerCase },
    repeats: { launches: 2, perLaunch: 2, agreed: "bits" },
    content: { kind: "full", completion },
  };
}

/** Numbers in [0, 1): a linear congruential generator with the constants of Numerical Recipes, enough for test data. */
function pseudoRandom(seed: number): () => number {
  let state = (seed * 2_654_435_761) >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 0x1_0000_0000;
  };
}
