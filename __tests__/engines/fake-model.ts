/** The tokens that our fake servers answer with. */
export interface FakeToken {
  readonly id: number;
  readonly text: string;
  readonly logprob: number;
  readonly otherId: number;
  readonly otherLogprob: number;
}

const pieces = ["The", " sea", " is", " wide", ",", " Ünï", "cöde", " 🎉", " 日本", " and", " calm", "."];

/** Twelve tokens with characters of one to four bytes; every number is a float32. */
export const fakeTokens: readonly FakeToken[] = pieces.map((text, index) => ({
  id: 100 + index,
  text,
  logprob: Math.fround(-0.1 - index / 7),
  otherId: 300 + index,
  otherLogprob: Math.fround(-2 - index / 3),
}));
