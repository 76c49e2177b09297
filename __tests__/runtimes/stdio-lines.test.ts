/** Lines of a byte stream, however it is cut, and their limit. */
import { Readable } from "node:stream";
import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { stdioLines } from "../../src/runtimes/stdio-lines.ts";
import { problemOf } from "../contracts/runtime-contract.ts";

async function* bytes(chunks: readonly (string | Uint8Array)[]): AsyncGenerator<Buffer> {
  for (const chunk of chunks) yield Buffer.from(chunk);
}

const all = async (lines: AsyncIterable<string>) => {
  const seen: string[] = [];
  for await (const line of lines) seen.push(line);
  return seen;
};

describe("stdioLines", () => {
  test.each([
    [["a\nb\n"], ["a", "b"]],
    [["a\r\nb"], ["a", "b"]],
    [["\n\na"], ["", "", "a"]],
    [
      ["a", "", "b\nc\nd", "e"],
      ["ab", "c", "de"],
    ],
    [[], []],
  ])("%j has the lines %j", async (chunks, lines) => {
    expect(await all(stdioLines(bytes(chunks)))).toEqual(lines);
  });

  test("any lines in any chunks come back", async () => {
    const line = fc.string({ unit: fc.constantFrom("a", "ü", "二", "🙂", "\u2028", "\u0000") });
    await fc.assert(
      fc.asyncProperty(fc.array(line, { maxLength: 30 }), fc.array(fc.nat(400)), async (lines, cuts) => {
        const whole = Buffer.from(lines.map((text) => `${text}\n`).join(""));
        const places = [0, ...cuts.filter((cut) => cut < whole.length).sort((a, b) => a - b), whole.length];
        const chunks = places.slice(1).map((end, index) => whole.subarray(places[index], end));
        expect(await all(stdioLines(bytes(chunks)))).toEqual(lines);
      }),
      { numRuns: 100 },
    );
  });

  test("a line that was peeked is still there, and leaving a loop loses nothing", async () => {
    const lines = stdioLines(bytes(["a\nb\nc\n"]));
    expect(await lines.peek()).toBe("a");
    expect(await lines.peek()).toBe("a");
    for await (const line of lines) {
      expect(line).toBe("a");
      break;
    }
    expect(await lines.peek()).toBe("b");
    expect(await all(lines)).toEqual(["b", "c"]);
    expect(await lines.peek()).toBeNull();
  });

  test("lines that are asked for at once come in order", async () => {
    const iterator = stdioLines(bytes(["a\nb", "\nc"]))[Symbol.asyncIterator]();
    const results = await Promise.all([iterator.next(), iterator.next(), iterator.next(), iterator.next()]);
    expect(results.map(({ value }) => value)).toEqual(["a", "b", "c", undefined]);
  });

  test("invalid UTF-8 is replaced", async () => {
    expect(await all(stdioLines(bytes([Uint8Array.of(0x61, 0xff, 0x62, 0x0a)])))).toEqual(["a\uFFFDb"]);
  });

  test("a line over the limit is refused and nothing more is read", async () => {
    let given = 0;
    async function* endless(): AsyncGenerator<Buffer> {
      for (;;) {
        given += 1;
        yield Buffer.alloc(1024, 0x61);
      }
    }
    const lines = stdioLines(endless(), 10_240);
    expect((await problemOf(all(lines))).code).toBe("runtimes/line-too-long");
    expect(given).toBe(11);
    expect(await all(lines)).toEqual([]);
  });

  test("a line of exactly the limit passes", async () => {
    expect(await all(stdioLines(bytes(["12345", "67890\nx"]), 10))).toEqual(["1234567890", "x"]);
  });

  test("nothing is read before it is asked for", async () => {
    let reads = 0;
    const source = new Readable({
      highWaterMark: 4,
      read() {
        reads += 1;
        this.push(reads > 1000 ? null : "line\n");
      },
    });
    const lines = stdioLines(source);
    await lines.peek();
    expect(reads).toBeLessThan(10);
    expect(await all(lines)).toHaveLength(1000);
  });

  test("a pipe that breaks is an end", async () => {
    async function* broken(): AsyncGenerator<Buffer> {
      yield Buffer.from("a\nhal");
      throw new Error("read ECONNRESET");
    }
    expect(await all(stdioLines(broken()))).toEqual(["a", "hal"]);
  });
});
