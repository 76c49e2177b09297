import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { readGgufHead } from "../../src/demo/gguf.ts";
import { tinyGguf } from "./tiny-gguf.ts";

const tensors = [
  { name: "one", shape: [32, 2], type: 3, data: new Uint8Array(40).fill(1) },
  { name: "två", shape: [4], type: 0, data: new Uint8Array(16).fill(2) },
];

describe("readGgufHead", () => {
  test.each([2, 3])("finds each tensor of a version %i file at its first byte", (version) => {
    const bytes = tinyGguf({ version, tensors });
    const reading = readGgufHead(bytes);
    if (reading.kind !== "read") throw new Error(reading.kind);
    expect(reading.version).toBe(version);
    expect(reading.tensors.map(({ name, shape, type }) => ({ name, shape, type }))).toEqual(
      tensors.map(({ name, shape, type }) => ({ name, shape, type })),
    );
    const found = reading.tensors.map(({ offset }, index) => [
      ...bytes.subarray(offset, offset + (tensors[index]?.data.length ?? 0)),
    ]);
    expect(found).toEqual(tensors.map(({ data }) => [...data]));
  });

  test.each([8, 64, 256])("heeds an alignment of %i", (alignment) => {
    const reading = readGgufHead(tinyGguf({ alignment, tensors }));
    if (reading.kind !== "read") throw new Error(reading.kind);
    expect(reading.tensors.map(({ offset }) => offset % alignment)).toEqual([0, 0]);
  });

  test("asks for more bytes wherever its head is cut", () => {
    const bytes = tinyGguf({ tensors: [{ ...tensors[0], data: new Uint8Array() } as (typeof tensors)[0]] });
    const endOfHead = bytes.lastIndexOf("one") + "one".length + 4 + 16 + 4 + 8;
    for (let length = 0; length < endOfHead; length += 1) {
      expect(readGgufHead(bytes.subarray(0, length)).kind).toBe("incomplete");
    }
    expect(readGgufHead(bytes.subarray(0, endOfHead)).kind).toBe("read");
  });

  test.each<[string, Uint8Array, RegExp]>([
    ["a web page", Buffer.from("<html><body>503</body></html>"), /starts with "<htm"/],
    ["a file of another version", tinyGguf({ version: 9, tensors }), /format version is 9/],
    ["an alignment of nothing", withAlignment(0), /alignment is 0/],
    [
      "more tensors than there can be",
      Buffer.concat([tinyGguf({ tensors }).subarray(0, 8), Buffer.alloc(16, 0xff)]),
      /claims \d+ tensors/,
    ],
  ])("%s is named", (_name, bytes, why) => {
    expect(readGgufHead(bytes)).toMatchObject({ kind: "invalid", why: expect.stringMatching(why) });
  });

  test("never throws, whatever the bytes", () => {
    const whole = tinyGguf({ tensors });
    fc.assert(
      fc.property(fc.nat(whole.length - 1), fc.integer({ min: 0, max: 255 }), (at, byte) => {
        const bytes = Buffer.from(whole);
        bytes[at] = byte;
        expect(["read", "incomplete", "invalid"]).toContain(readGgufHead(bytes).kind);
      }),
      { numRuns: 1000 },
    );
  });
});

function withAlignment(value: number): Buffer {
  const bytes = tinyGguf({ tensors });
  bytes.writeUInt32LE(value, bytes.indexOf("general.alignment") + "general.alignment".length + 4);
  return bytes;
}
