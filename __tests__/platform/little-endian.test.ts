import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import {
  float32FromBase64,
  littleEndianBase64,
  littleEndianBytes,
  uint32FromBase64,
} from "../../src/platform/little-endian.ts";

describe("number arrays as base64", () => {
  test("numbers stand in little-endian order", () => {
    expect([...littleEndianBytes(Uint32Array.of(1, 0x01020304))]).toEqual([1, 0, 0, 0, 4, 3, 2, 1]);
    expect(littleEndianBase64(Float32Array.of(-0.5))).toBe("AAAAvw==");
  });

  test("every bit comes back, also from a view into a larger buffer", () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: 0xffff_ffff })), (bits) => {
        const ids = Uint32Array.from([7, ...bits]).subarray(1);
        expect(uint32FromBase64(littleEndianBase64(ids))).toEqual(Uint32Array.from(bits));
        const floats = new Float32Array(ids.buffer, ids.byteOffset, ids.length);
        const back = float32FromBase64(littleEndianBase64(floats)) ?? new Float32Array(1);
        expect(new Uint32Array(back.buffer)).toEqual(Uint32Array.from(bits));
      }),
    );
  });

  test.each([
    "AAA",
    "AAAA",
    "AAA=",
    "A===",
    "=AAA",
    "AAAA!AA=",
    "AA-_AA==",
    "AAAA\nAA==",
    "AAAAAA==AAAAAA==",
    "ÄAAAAA==",
  ])("%j is refused", (text) => {
    expect(uint32FromBase64(text)).toBeNull();
    expect(float32FromBase64(text)).toBeNull();
  });
});
