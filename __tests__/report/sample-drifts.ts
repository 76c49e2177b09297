/** Drifting cases of every kind. */
import type { ReportedCase } from "../../src/report/build-report.ts";
import { digest, drifting, goldenAt, side, splitAt } from "./sample-parts.ts";

export const ordinaryDrift = drifting(
  "uk-vs-usa",
  12,
  splitAt(57, {
    before:
      "…ce, while in the United States the Supreme Court may strike down a law.\n\nIn England and Wales, the highest court is",
    expected: side(
      " the Supreme Court of the United Kingdom, which took over\nthe judicial functions of the House of Lords in 2009.",
      {
        tokenId: 260,
        logprob: -0.4103,
        margin: 0.8731,
      },
    ),
    actual: side(" called the Court of Appeal, which is divided into two", {
      tokenId: 1217,
      logprob: -1.2021,
      margin: 0.1009,
    }),
  }),
  { logprobDrift: { positions: 58, differing: 41, firstIndex: 0, maxAbs: 0.7918, meanAbs: 0.0532, atFirst: 0.2143 } },
);

export const nearTie = drifting(
  "summary-of-a-contract",
  18,
  splitAt(143, {
    textLine: 9,
    before: "The supplier shall deliver the goods within thirty days of the order, and the buyer",
    expected: side(" shall pay the price within", { tokenId: 3508, logprob: -0.7012, margin: 0.00061 }),
    actual: side(" must pay the price no later", { tokenId: 1838, logprob: -0.7009, margin: 0.00048 }),
  }),
  { logprobDrift: { positions: 144, differing: 88, firstIndex: 3, maxAbs: 0.00091, meanAbs: 0.00021, atFirst: 0 } },
);

export const tooShort = drifting(
  "list-of-capitals",
  24,
  splitAt(112, {
    kind: "length",
    before: "Paris is the capital of France.\nRome is the capital of Italy.\n",
    expected: side("Madrid is the capital of Spain.", { tokenId: 17_893, logprob: -0.0214, margin: 3.412 }),
    actual: side(""),
  }),
  {
    stoppedEarly: false,
    actualLength: 112,
    logprobDrift: { positions: 112, differing: 0, firstIndex: null, maxAbs: 0, meanAbs: 0, atFirst: 0 },
  },
);

export const otherPrompt = drifting(
  "chat-greeting",
  31,
  splitAt(4, {
    kind: "prompt",
    textOffset: null,
    textLine: null,
    expected: side("", { tokenId: 9690 }),
    actual: side("", { tokenId: 198 }),
  }),
  { promptEqual: false, commonPrefix: 0, actualLength: 1 },
  { golden: goldenAt("chat-greeting", null) },
);

export const textTier = drifting(
  "faq",
  37,
  splitAt(null, {
    kind: "text",
    textOffset: 311,
    textLine: 6,
    before: "You can return any item within 30 days.\nTo start a return, open your orders and choose",
    expected: side(" “Return”."),
    actual: side("  “Return”."),
  }),
  {
    tier: "text",
    unit: "characters",
    commonPrefix: 311,
    expectedLength: 1204,
    actualLength: 1206,
    stoppedEarly: false,
  },
  { tokensGenerated: 281 },
);

export const otherReason = drifting(
  "haiku",
  43,
  splitAt(19, {
    kind: "finish-reason",
    before: "old pond\na frog leaps in\nwater’s sound",
    expected: side("stop"),
    actual: side("length"),
  }),
  { expectedLength: 19, actualLength: 19, commonPrefix: 19, stoppedEarly: false },
);

export const silentDrift = drifting(
  "numbers",
  49,
  splitAt(2, {
    kind: "logprob",
    before: "1, 2",
    expected: side(", 3, 4, 5", { tokenId: 28, logprob: -0.00012, margin: 9.1201 }),
    actual: side(", 3, 4, 5", { tokenId: 28, logprob: -0.00014, margin: 9.0003 }),
  }),
  {
    tier: "bits",
    actualLength: 256,
    stoppedEarly: false,
    logprobDrift: { positions: 256, differing: 251, firstIndex: 2, maxAbs: 0.0041, meanAbs: 0.0007, atFirst: 0 },
  },
);

export const redacted = drifting(
  "patient-letter",
  55,
  splitAt(null),
  { commonPrefix: 0, actualLength: 256, stoppedEarly: false, promptEqual: true },
  { golden: goldenAt("patient-letter", null) },
);

export const otherDigest = drifting(
  "image-of-a-cat",
  61,
  splitAt(null, { kind: "output", expected: side(digest("a")), actual: side(digest("7")) }),
  { tier: "text", unit: "characters", commonPrefix: 0, expectedLength: 0, actualLength: 0, stoppedEarly: false },
  { golden: goldenAt("image-of-a-cat", null) },
);

export const hostileModel = drifting(
  "hostile",
  67,
  splitAt(3, {
    textLine: 1,
    before: "</details>\u001b[2J\u001b]0;owned\u0007\n::error file=a.ts,line=1::before",
    expected: side("\n::error file=app.js,line=1::boom\r\n##[error]boom @everyone \u202egnp.exe\u2066", { tokenId: 1 }),
    actual: side(`${"x".repeat(10_240)}\u001b[31m`, { tokenId: 2 }),
  }),
);

export const contractChanged: ReportedCase = { ...ordinaryDrift, contractChanges: ["sampling.seed 42 → 43"] };
