import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { canonicalJson, type Json } from "../../src/model/json.ts";

describe("canonical JSON", () => {
  test("orders keys by code unit at every depth and writes no spaces", () => {
    expect(canonicalJson({ b: [1, { z: null, a: true }], a: "é", B: -0, "\u20ac": 1e21 })).toBe(
      '{"B":0,"a":"é","b":[1,{"a":true,"z":null}],"€":1e+21}',
    );
  });

  test("says the same of equal values whatever the order of their keys, and reads back", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue()), (value) => {
        const turned = Object.fromEntries(Object.entries(value).reverse());
        expect(canonicalJson(turned as Json)).toBe(canonicalJson(value as Json));
        expect(JSON.parse(canonicalJson(value as Json))).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });

  test.each([Number.NaN, Number.POSITIVE_INFINITY])("refuses %d, which has no JSON form", (number) => {
    expect(() => canonicalJson({ a: [number] })).toThrow(RangeError);
  });
});
