import { describe, expect, test } from "@jest/globals";
import { nearTiePositions, plotColumns } from "../../src/page/plot-columns.ts";
import { type Token, type TokenRows, tokenRows } from "../../src/page/token-rows.ts";
import { packCase } from "../../src/report/html/pack-case.ts";
import { type ShownAnswer, unpackCase } from "../../src/report/html/unpack-case.ts";
import { completion } from "../compare/sample-completion.ts";

function answer(words: readonly string[], about: Parameters<typeof completion>[1] = {}): ShownAnswer {
  const content = { kind: "full" as const, completion: completion(words, about) };
  const [shown] = unpackCase(packCase({ answers: [{ of: "golden", content }], contract: null })).answers;
  if (shown === undefined) throw new Error("no answer");
  return shown;
}

const words = (count: number, end = "") => Array.from({ length: count }, (_, index) => ` w${index}${end}`);
const texts = (tokens: readonly Token[]) => tokens.map(({ text }) => text);
const splitRow = ({ rows }: TokenRows) => rows.filter(({ isSplit }) => isSplit);

describe("rows of tokens", () => {
  test("stand level up to the divergence, which has one row", () => {
    const found = tokenRows(answer(["a", " b\n", "c", " d"]), answer(["a", " b\n", "c", " x", " y"]));
    expect(found).toMatchObject({ common: 3, areEqual: false });
    expect(splitRow(found)).toHaveLength(1);
    expect(found.rows.map(({ left, right }) => [texts(left), texts(right)])).toEqual([
      [
        ["a", " b\n"],
        ["a", " b\n"],
      ],
      [
        ["c", " d"],
        ["c", " x", " y"],
      ],
    ]);
  });

  test.each([
    ["at the first token", 0],
    ["at the end of a full row", 24],
    ["inside a row", 30],
    ["at the last token", 59],
  ])("divergence %s: its row holds it on both sides", (_name, at) => {
    const left = words(60);
    const right = left.map((word, index) => (index < at ? word : `${word}x`));
    const [row] = splitRow(tokenRows(answer(left), answer(right)));
    expect(row?.left.map(({ index }) => index)).toContain(at);
    expect(row?.right.map(({ index }) => index)).toContain(at);
  });

  test.each([
    ["left", 24],
    ["right", 24],
    ["left", 30],
    ["right", 30],
  ])("an answer that goes on is shown on the %s, after %i common tokens", (side, common) => {
    const [short, long] = [answer(words(common)), answer(words(common + 3))];
    const found = side === "left" ? tokenRows(long, short) : tokenRows(short, long);
    expect(found.areEqual).toBe(false);
    const [row] = splitRow(found);
    expect((side === "left" ? row?.left : row?.right)?.map(({ index }) => index)).toContain(common);
  });

  test("of equal answers are one column without a split", () => {
    const found = tokenRows(answer(words(50)), answer(words(50)));
    expect(found).toMatchObject({ areEqual: true, common: 50 });
    expect(found.rows.every(({ right, isSplit }) => right.length === 0 && !isSplit)).toBe(true);
    expect(found.rows.flatMap(({ left }) => texts(left)).join("")).toBe(words(50).join(""));
  });

  test("of an engine without ids are words, cut where the texts part", () => {
    const none = { tokenIds: null, textEnds: null, logprobs: null, margins: null };
    const found = tokenRows(answer(["one two threads"], none), answer(["one two three"], none));
    expect(texts(found.left)).toEqual(["one", " two", " thre", "ads"]);
    expect(texts(found.right)).toEqual(["one", " two", " thre", "e"]);
    expect(found.common).toBe(3);
  });

  test("lose no token, however the answers differ", () => {
    for (const at of [0, 5, 23, 24, 25, 47, 48]) {
      const left = words(70, "\n");
      const found = tokenRows(answer(left), answer([...left.slice(0, at), ...words(40).map((word) => `${word}!`)]));
      expect(found.rows.flatMap(({ left: row }) => texts(row))).toEqual(left);
      expect(found.rows.flatMap(({ right }) => right)).toHaveLength(at + 40);
    }
  });
});

describe("columns of the plot", () => {
  const margins = Float32Array.from({ length: 1000 }, (_, index) => (index === 777 ? 0.01 : 3));
  const left = answer(words(1000), { margins });
  const right = answer(words(1000), { logprobs: new Float32Array(1000).fill(-0.5).fill(-0.75, 123, 124) });
  const found = tokenRows(left, right);

  test("keep the smallest margin and the largest change of what they gather", () => {
    const columns = plotColumns(found.left, found.right, found.common, 100);
    expect(columns).toHaveLength(100);
    expect([columns[0]?.from, columns[99]?.to]).toEqual([0, 999]);
    expect(columns[77]?.leftMargin).toBeCloseTo(0.01, 4);
    expect(columns[76]?.leftMargin).toBeCloseTo(3, 4);
    expect(columns[12]?.delta).toBeCloseTo(0.25, 4);
    expect(columns[13]?.delta).toBe(0);
  });

  test("near ties of either side are told in order", () => {
    expect(nearTiePositions(found.left, found.right, 0.25)).toEqual([777]);
    expect(nearTiePositions(found.left, found.right, 1)).toHaveLength(1000);
  });
});
