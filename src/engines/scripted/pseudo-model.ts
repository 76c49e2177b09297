/** A model that is none: tokens drawn from a hash of everything that was asked, so that any change of the question changes the answer. */
import { createHash } from "node:crypto";
import { canonicalJson, type Json } from "../../model/json.ts";
import type { CompleteLine } from "../protocols/json-lines-messages.ts";

export interface ScriptedToken {
  readonly id: number;
  readonly text: string;
  /** Nats; null when it is not told. */
  readonly logprob: number | null;
  /** Nats; null when it is not told. */
  readonly margin: number | null;
}

export interface Generation {
  readonly count: number;
  readonly salt: string;
  readonly changeAt: number | null;
  /** Nats. */
  readonly logprobShift: number;
}

const syllables = ["ba", "de", "fi", "go", "hu", "ka", "le", "mi", "no", "pu", "ra", "se", "ti", "vo", "wu", "ze"];
const vocabularySize = syllables.length ** 2;

/** The same question and the same generation give the same tokens, on every machine. */
export function* pseudoModel(asked: CompleteLine, generation: Generation): Generator<ScriptedToken, void> {
  const { prompt, sampling, extra } = asked;
  const question: Json = { prompt, sampling, extra, salt: generation.salt };
  const seed = createHash("sha256").update(canonicalJson(question)).digest("hex");
  for (let index = 0; index < generation.count; index += 1) {
    const isChanged = generation.changeAt !== null && index >= generation.changeAt;
    const draw = createHash("sha256")
      .update(`${seed} ${index}${isChanged ? " changed" : ""}`)
      .digest();
    yield wordOf(draw.readUInt32LE(0), draw.readUInt32LE(4), draw.readUInt32LE(8), index, generation.logprobShift);
  }
}

/** A fixed text as tokens: a word with the space before it each; ids and numbers come from the word. */
export function tokensOfText(text: string): readonly ScriptedToken[] {
  const pieces = text.match(/\s*\S+|\s+$/gu) ?? [];
  return pieces.map((piece) => {
    const draw = createHash("sha256").update(piece).digest();
    return {
      id: vocabularySize + (draw.readUInt32LE(0) % 50_000),
      text: piece,
      logprob: -Math.fround(draw.readUInt32LE(4) / 2 ** 31),
      margin: Math.fround(draw.readUInt32LE(8) / 2 ** 31),
    };
  });
}

function wordOf(word: number, chance: number, gap: number, index: number, logprobShift: number): ScriptedToken {
  const id = word % vocabularySize;
  const first = syllables[Math.floor(id / syllables.length)] ?? "";
  const second = syllables[id % syllables.length] ?? "";
  // A line of twelve words reads well in a diff.
  const before = index === 0 ? "" : index % 12 === 0 ? "\n" : " ";
  return {
    id,
    text: `${before}${first}${second}`,
    logprob: Math.fround(-chance / 2 ** 31 + logprobShift),
    margin: Math.fround(gap / 2 ** 31),
  };
}
