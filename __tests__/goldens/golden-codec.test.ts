import { describe, expect, test } from "@jest/globals";
import { Ajv2020 } from "ajv/dist/2020.js";
import fc from "fast-check";
import { z } from "zod";
import { decodeGolden, decodeGoldenBytes, encodeGolden } from "../../src/goldens/golden-codec.ts";
import { parseOwnLayout } from "../../src/goldens/golden-layout.ts";
import { goldenFileSchema } from "../../src/goldens/golden-schema.ts";
import { goldenTextLine } from "../../src/goldens/golden-text-line.ts";
import { redactCompletion } from "../../src/goldens/redact-completion.ts";
import type { Completion } from "../../src/model/completion.ts";
import type { Golden } from "../../src/model/golden.ts";
import { GateError, type Problem } from "../../src/model/problem.ts";
import { digestOf } from "../../src/platform/hashing.ts";
import { bitsOf, completionOf, cpuClass, fileOf, goldenOf } from "./sample-golden.ts";

const file = fileOf("essay");

/** Everything of a golden as plain values whose equality is equality of bits. */
function exactly(golden: Golden): unknown {
  const { content } = golden;
  if (content.kind === "redacted") return golden;
  const { promptTokenIds, tokenIds, logprobs, margins, textEnds } = content.completion;
  const bits = [promptTokenIds, tokenIds, logprobs, margins, textEnds].map(bitsOf);
  return { ...golden, content: { ...content.completion, bits, arrays: null } };
}

function problemsOf(work: () => unknown): readonly Problem[] {
  try {
    work();
  } catch (error) {
    if (error instanceof GateError) return error.problems;
    throw error;
  }
  throw new Error("nothing was thrown");
}

const problemsIn = (text: string, at = file) => problemsOf(() => decodeGolden(text, at));

const withText = (text: string): Completion => ({ ...completionOf(0), text, textEnds: null });

const exactlyBack = (golden: Golden) => {
  const text = encodeGolden(golden);
  const bytes = Buffer.from(text);
  expect(bytes.toString("utf8")).toBe(text);
  const slow = decodeGolden(text, fileOf(golden.caseId));
  const fast = decodeGoldenBytes(bytes, fileOf(golden.caseId));
  expect(exactly(slow)).toEqual(exactly(golden));
  expect(exactly(fast)).toEqual(exactly(golden));
  return text;
};

const anyText = fc.oneof(
  fc.string({ unit: "binary" }),
  fc.string({
    unit: fc.constantFrom("a", "\n", "\r", "\u2028", "\ud800", "\udc00", "\0", "\u001b", "é", "😀", '"', "\\"),
  }),
);
const anyUint32 = fc.nat({ max: 0xffff_ffff });
const anyBits = fc.array(anyUint32, { maxLength: 40 });

describe("the golden codec", () => {
  test("every golden comes back with every bit, by both ways of reading", () => {
    fc.assert(
      fc.property(anyText, anyBits, fc.option(anyBits), fc.boolean(), (text, bits, prompt, hasNumbers) => {
        const floats = () => new Float32Array(Uint32Array.from(bits).buffer);
        exactlyBack(
          goldenOf("essay", {
            promptTokenIds: prompt === null ? null : Uint32Array.from(prompt),
            tokenIds: Uint32Array.from(bits),
            logprobs: hasNumbers ? floats() : null,
            margins: hasNumbers ? floats() : null,
            textEnds: hasNumbers ? Uint32Array.from(bits, () => text.length) : null,
            text,
            outputDigest: null,
            finishReason: "stop",
          }),
        );
      }),
    );
  });

  test("NaN with its payload, infinities and negative zero keep their bits", () => {
    const bits = Uint32Array.of(0x7fc0_0001, 0xffc0_0000, 0xff80_0000, 0x7f80_0000, 0x8000_0000, 1);
    const logprobs = new Float32Array(bits.buffer);
    const text = exactlyBack(goldenOf("essay", { ...completionOf(6), logprobs, margins: logprobs }));
    const back = decodeGolden(text, file).content;
    expect(back.kind === "full" && bitsOf(back.completion.logprobs)).toBe(bitsOf(bits));
  });

  test.each([
    ["Windows line ends", "a\r\nb\r\n"],
    ["lone carriage returns", "a\rb\r"],
    ["no final line feed", "a\nb"],
    ["only line feeds", "\n\n\n"],
    ["nothing", ""],
    ["other line separators", "a\u2028b\u2029c\u0085d\n"],
    ["half a surrogate pair", "\ud83d|\ude00\n"],
    ["NUL and ANSI escapes", "\0\u001b[31mred\u001b[0m\u009b1m"],
    ["direction marks and tags", "a\u202eb\u2066c\u{e0041}d\ufeff"],
    ["a line of 1 MB", `${"word ".repeat(200_000)}\nend`],
    ["what looks like the file itself", '"\n  "token_ids": [\n    1\n  ],\n    "token_ids": [\n'],
  ])("text with %s comes back exactly", (_, text) => {
    exactlyBack(goldenOf("essay", withText(text)));
  });

  test("a redacted golden comes back and holds none of the text", () => {
    const completion = { ...completionOf(9), text: "a secret" };
    const golden: Golden = {
      ...goldenOf("essay", completion),
      content: { kind: "redacted", completion: redactCompletion(completion) },
    };
    const text = exactlyBack(golden);
    expect(text).not.toContain("secret");
    expect(text).not.toContain("15043");
  });

  test("an answer that did not finish is refused", () => {
    expect(() => encodeGolden(goldenOf("essay", { ...completionOf(3), finishReason: "abort" }))).toThrow(RangeError);
  });

  test("an engine without ids leaves null, and an output that is no text its digest", () => {
    const none = { promptTokenIds: null, tokenIds: null, logprobs: null, margins: null, textEnds: null };
    exactlyBack(goldenOf("essay", { ...completionOf(0), ...none, text: "a\n" }));
    exactlyBack(goldenOf("essay", { ...completionOf(0), ...none, outputDigest: digestOf("image") }));
  });

  test("what a diff would hide is written as an escape, joiners of words are not", () => {
    const text = encodeGolden(goldenOf("essay", withText("a\u202eb\u200bc\u200dd\u{e0041}")));
    expect(text).toContain('"a\\u202eb\\u200bc\u200dd\\udb40\\udc41"');
  });

  test("the layout is kept: one text line a file line, sixteen ids a row", () => {
    const lines = encodeGolden(goldenOf("essay", completionOf(20))).split("\n");
    const from = lines.indexOf('  "text": [');
    expect(lines.slice(from, from + 10)).toEqual([
      '  "text": [',
      '    "w0 w1 w2 w3 w4 w5 end.\\n",',
      '    "w7 w8 w9 w10 w11 w12 end.\\n",',
      '    "w14 w15 w16 w17 w18 w19 "',
      "  ],",
      '  "output_digest": null,',
      '  "token_ids": [',
      "    0, 7919, 15838, 23757, 31676, 39595, 47514, 55433, 63352, 71271, 79190, 87109, 95028, 102947, 110866, 118785,",
      "    126704, 134623, 142542, 150461",
      "  ],",
    ]);
    expect(Object.keys(JSON.parse(lines.join("\n"))).slice(0, 4)).toEqual([
      "$schema",
      "version",
      "case",
      "hardware_class",
    ]);
  });

  test("the fast way of reading knows the codec's own layout", () => {
    expect(parseOwnLayout(Buffer.from(encodeGolden(goldenOf("essay", completionOf(20)))))).not.toBeNull();
  });

  test("another layout of the same golden is read all the same", () => {
    const golden = goldenOf("essay", completionOf(40));
    const text = JSON.stringify(JSON.parse(encodeGolden(golden)));
    expect(JSON.stringify(exactly(decodeGoldenBytes(Buffer.from(text), file)))).toBe(JSON.stringify(exactly(golden)));
  });

  test("a text behind the ids, in whatever layout, is decoded as UTF-8", () => {
    const lines = encodeGolden(goldenOf("essay", { ...completionOf(1), text: "wörter …\n" })).split("\n");
    const [from, to] = [lines.indexOf('  "text": ['), lines.indexOf('  "output_digest": null,')];
    const text = lines.splice(from, to - from);
    const moved = [...lines.slice(0, -3), ...text, ...lines.slice(-3)].join("\n");
    const { content } = decodeGoldenBytes(Buffer.from(moved), file);
    expect(content.kind === "full" && content.completion.text).toBe("wörter …\n");
  });

  test("both ways of reading say the same of a golden with a changed byte", () => {
    const bytes = Buffer.from(encodeGolden(goldenOf("essay", completionOf(20))));
    fc.assert(
      fc.property(fc.nat({ max: bytes.length - 1 }), fc.integer({ min: 9, max: 126 }), (at, byte) => {
        const changed = Buffer.from(bytes);
        changed[at] = byte;
        const outcome = (work: () => Golden) => {
          try {
            return JSON.stringify(exactly(work()));
          } catch (error) {
            if (error instanceof GateError) return JSON.stringify(error.problems);
            throw error;
          }
        };
        expect(outcome(() => decodeGoldenBytes(changed, file))).toBe(
          outcome(() => decodeGolden(changed.toString("utf8"), file)),
        );
      }),
      { numRuns: 500 },
    );
  });

  test("goldens of both forms keep to the published schema", () => {
    const validate = new Ajv2020({ strict: false }).compile(z.toJSONSchema(goldenFileSchema));
    const full = goldenOf("essay", completionOf(20));
    const redacted: Golden = {
      ...full,
      content: { kind: "redacted", completion: redactCompletion(completionOf(20)) },
    };
    for (const golden of [full, redacted]) {
      expect(validate(JSON.parse(encodeGolden(golden)))).toBe(true);
      expect(validate({ ...JSON.parse(encodeGolden(golden)), note: "by hand" })).toBe(false);
    }
  });
});

describe("a golden that cannot be read", () => {
  const text = encodeGolden(goldenOf("essay", completionOf(20)));
  const lineOf = (part: string) => text.slice(0, text.indexOf(part)).split("\n").length;

  test("cut anywhere, it is told as cut short at its end, or as broken", () => {
    for (let end = 0; end < text.length - 3; end += 7) {
      const problems = problemsIn(text.slice(0, end));
      expect(problems).toHaveLength(1);
      expect(problems[0]?.code).toBe("goldens/syntax");
      expect(problems[0]?.title).toBe("The golden is cut short.");
      expect(problems[0]?.location?.line).toBe(text.slice(0, end).split("\n").length);
    }
  });

  test("a stray character is told with its place", () => {
    const [problem] = problemsIn(text.replace('"generation": 3', '"generation": x3'));
    expect(problem?.location).toEqual({ file, line: lineOf('"generation"'), column: 17 });
    expect(problem?.found).toBe('"x"');
  });

  test.each([
    [2, "Update Inference Gate"],
    [0, "Record it again"],
  ])("version %p says what to do", (version, help) => {
    const problems = problemsIn(text.replace('"version": 1', `"version": ${version}`));
    expect(problems.map(({ code }) => code)).toEqual(["goldens/version"]);
    expect(problems[0]?.location?.line).toBe(3);
    expect(problems[0]?.help.join()).toContain(help);
  });

  test("every mistake is told at once, each with its line", () => {
    const broken = text
      .replace('"generation": 3', '"generation": "three"')
      .replace('"launches": 2', '"launches": 0')
      .replace('"finish_reason": "length"', '"finish_reason": "abort"')
      .replace('  "output_digest": null', '  "note": 1,\n  "output_digest": null');
    const problems = problemsIn(broken);
    expect(problems.map(({ title, found, expected }) => [title, found, expected])).toEqual([
      ["The golden's generation is wrong.", '"three"', "a whole number from 1"],
      ["The golden's repeats.launches is wrong.", "0", "a whole number from 1"],
      ["The golden's finish_reason is wrong.", '"abort"', '"stop" or "length"'],
      ["The golden's note is wrong.", "an unknown field", "no such field"],
    ]);
    expect(problems.map(({ location }) => location?.line)).toEqual([
      lineOf('"generation"'),
      lineOf('"launches"'),
      lineOf('"finish_reason"'),
      lineOf('"output_digest"'),
    ]);
  });

  const broken = (edit: (golden: Record<string, unknown>) => void) => {
    const value = JSON.parse(text);
    edit(value);
    return problemsIn(JSON.stringify(value, null, 2)).map(({ found, expected }) => `${found} / ${expected}`);
  };

  test.each([
    ["no base64", { logprobs: "AAAA!AAA" }, '"AAAA!AAA" / base64 of little-endian float32 numbers, or null'],
    ["the other base64", { margins: "AA-_" }, '"AA-_" / base64 of little-endian float32 numbers, or null'],
    ["half a number", { text_ends: "AAA=" }, '"AAA=" / base64 of little-endian uint32 numbers, or null'],
    ["too few numbers", { logprobs: "AAAAAA==" }, "1 numbers / 20, one for each token id"],
    [
      "numbers without ids",
      { token_ids: null, margins: null, text_ends: null },
      "20 numbers / null, since there are no token ids",
    ],
    [
      "a token id too large",
      { token_ids: [4294967296], logprobs: null, margins: null, text_ends: null },
      "4294967296 / a token id (a whole number from 0 to 4294967295)",
    ],
    [
      "a broken token id",
      { token_ids: [1.5], logprobs: null, margins: null, text_ends: null },
      "1.5 / a token id (a whole number from 0 to 4294967295)",
    ],
    [
      "ids that are no list",
      { token_ids: "1, 2", logprobs: null, margins: null, text_ends: null },
      '"1, 2" / a list of token ids, or null',
    ],
    ["two lines in one", { text: ["a\nb\n"], text_ends: null }, '"a\\nb\\n" / one line'],
    ["a line without its end", { text: ["a", "b"], text_ends: null }, '"a" / one line that ends in \\n'],
    ["a text that is none", { text: "a", text_ends: null }, '"a" / a list of lines'],
  ])("%s", (_, change, expected) => {
    expect(broken((golden) => Object.assign(golden, change))).toEqual([expected]);
  });

  test("text ends that fall, or lie beyond the text, are told with the token", () => {
    const ends = (numbers: number[]) => Buffer.from(Uint32Array.from(numbers).buffer).toString("base64");
    const change = (numbers: number[]) => ({
      text: ["abc"],
      token_ids: [1, 2],
      logprobs: null,
      margins: null,
      text_ends: ends(numbers),
    });
    const expected = "ends that never fall and stay within the text (3)";
    expect(broken((golden) => Object.assign(golden, change([2, 1])))).toEqual([`1 for token 1, after 2 / ${expected}`]);
    expect(broken((golden) => Object.assign(golden, change([2, 4])))).toEqual([`4 for token 1, after 2 / ${expected}`]);
  });

  test.each(["case", "contract", "prompt", "sampling", "text", "token_ids", "text_ends", "output_digest"])(
    "without %s",
    (field) => {
      const problems = broken((golden) => delete golden[field]);
      expect(problems[0]).toMatch(/^nothing \/ /);
    },
  );

  test("a copy under another name or in another folder is told", () => {
    expect(problemsIn(text, fileOf("intro")).map(({ code, found, expected }) => [code, found, expected])).toEqual([
      ["goldens/misplaced", '"essay"', '"intro", after its file name'],
    ]);
    expect(problemsIn(text, "goldens/cc9.0-sm132-x1/essay.json").map(({ found }) => found)).toEqual([`"${cpuClass}"`]);
  });

  test.each(["null", "[]", "3", '"text"', "{}", '{"redacted":{}}'])("%s is no golden", (other) => {
    expect(problemsIn(other).length).toBeGreaterThan(0);
  });
});

describe("the line of a text line in the golden's file", () => {
  test("is where that line stands", () => {
    const text = "first\n\nthird \u2028 \r\nlast";
    const lines = encodeGolden(goldenOf("essay", withText(text)));
    for (const [index, line] of ["first\\n", "\\n", "third \\u2028 \\r\\n", "last"].entries()) {
      const at = goldenTextLine(lines, index + 1) ?? 0;
      expect(lines.split("\n")[at - 1]?.trim().replace(/,$/, "")).toBe(`"${line}"`);
    }
    expect(goldenTextLine(lines, 5)).toBeNull();
    expect(goldenTextLine(lines, 0)).toBeNull();
  });

  test("is null without text", () => {
    expect(goldenTextLine(encodeGolden(goldenOf("essay", withText(""))), 1)).toBeNull();
  });
});
