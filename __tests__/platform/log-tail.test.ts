/** The tail of a log, however its bytes are cut into chunks. */
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { createLogTail, longestLogLine, tailLines } from "../../src/platform/log-tail.ts";

function linesOf(chunks: readonly (string | Buffer)[]): { told: string[]; tail: readonly string[] } {
  const told: string[] = [];
  const tail = createLogTail((line) => told.push(line));
  const source = tail.source();
  for (const chunk of chunks) source.write(Buffer.from(chunk));
  source.end();
  return { told, tail: tail.lines() };
}

describe("createLogTail", () => {
  test.each([
    [["a\nb\n"], ["a", "b"]],
    [["a\r\nb"], ["a", "b"]],
    [
      ["a\r", "\nb\n"],
      ["a", "b"],
    ],
    [
      ["10%\r20%\r", "done\n"],
      ["10%", "20%", "done"],
    ],
    [["\n\n"], ["", ""]],
    [
      ["a\r", "\r\n"],
      ["a", ""],
    ],
    [["", "a", "", "b"], ["ab"]],
    [[""], []],
  ])("%j has the lines %j", (chunks, lines) => {
    expect(linesOf(chunks).told).toEqual(lines);
  });

  test("two streams do not mix their lines", () => {
    const tail = createLogTail(() => {});
    const [out, err] = [tail.source(), tail.source()];
    out.write(Buffer.from("out "));
    err.write(Buffer.from("err\n"));
    out.write(Buffer.from("goes on\n"));
    expect(tail.lines()).toEqual(["err", "out goes on"]);
  });

  test("an exception that scrolled away is still told before the last 50 lines", () => {
    const traceback = ["Traceback (most recent call last):", '  File "a.py", line 1', "ValueError: the root cause"];
    const after = Array.from({ length: tailLines }, (_, index) => `after ${index}`);
    const { tail } = linesOf([["before", ...traceback, ...after, ""].join("\n")]);
    expect(tail).toEqual(["Traceback (most recent call last):", "  …", "ValueError: the root cause", ...after]);
    const shown = linesOf([["before", ...traceback, ...after.slice(1), ""].join("\n")]).tail;
    // Half a traceback is none: it is told in short as well.
    const short = ["Traceback (most recent call last):", "  …", "ValueError: the root cause"];
    expect(shown).toEqual([...short, "ValueError: the root cause", ...after.slice(1)]);
  });

  test("any text in any chunks has the lines of the text, and the last 50 are kept", () => {
    const line = fc.string({ unit: fc.constantFrom("a", "ü", "二", "🙂", " ") });
    fc.assert(
      fc.property(fc.array(line, { maxLength: 120 }), fc.array(fc.nat(2000)), (lines, cuts) => {
        const bytes = Buffer.from(lines.map((text) => `${text}\n`).join(""));
        const places = [0, ...cuts.filter((cut) => cut < bytes.length).sort((a, b) => a - b), bytes.length];
        const chunks = places.slice(1).map((end, index) => bytes.subarray(places[index], end));
        const { told, tail } = linesOf(chunks);
        expect(told).toEqual(lines);
        expect(tail).toEqual(lines.slice(-tailLines));
      }),
      { numRuns: 100 },
    );
  });

  test("any bytes are taken, and no line is too long", () => {
    fc.assert(
      fc.property(fc.array(fc.uint8Array({ maxLength: 9000 }), { maxLength: 4 }), (chunks) => {
        for (const line of linesOf(chunks.map((chunk) => Buffer.from(chunk))).told)
          expect(line.length).toBeLessThanOrEqual(longestLogLine);
      }),
      { numRuns: 50 },
    );
  });

  test("a long line is cut visibly and never through a character", () => {
    const exact = "x".repeat(longestLogLine);
    expect(linesOf([exact]).told).toEqual([exact]);
    const [cut = ""] = linesOf(["🙂".repeat(longestLogLine)]).told;
    expect(cut.endsWith("🙂 … (cut)")).toBe(true);
  });
});
