import { describe, expect, test } from "@jest/globals";
import { parseCaseId } from "../../src/model/case.ts";
import { parseDigest, shortDigest } from "../../src/model/digest.ts";
import { parseHardwareClass } from "../../src/model/fingerprint.ts";

describe("a case id", () => {
  test.each(["a", "A", "uk-vs-usa", "v1.2_final", "0", "a".repeat(100)])("may be %j", (text) => {
    expect(parseCaseId(text)).toBe(text);
  });

  test.each([
    "",
    ".",
    "..",
    ".hidden",
    "-a",
    "a/b",
    "a\\b",
    "a b",
    "a.",
    "é",
    "a\n",
    "con",
    "NUL.json",
    "com1",
    "a".repeat(101),
  ])("may not be %j: no safe file name everywhere", (text) => {
    expect(parseCaseId(text)).toBeNull();
  });
});

describe("a hardware class", () => {
  test.each(["cc9.0-sm132-x1", "cpu-x86-64-v3-t2", "software"])("may be %j", (text) => {
    expect(parseHardwareClass(text)).toBe(text);
  });

  test.each(["", "x", "CPU", "a/b", "..", "-a", "a.", "a b"])("may not be %j", (text) => {
    expect(parseHardwareClass(text)).toBeNull();
  });
});

describe("a digest", () => {
  const text = `sha256:${"0123456789abcdef".repeat(4)}`;

  test("is sha256 and 64 lower-case digits", () => {
    const digest = parseDigest(text);
    expect(digest).toBe(text);
    expect(digest === null ? "" : shortDigest(digest)).toBe("0123456789ab");
  });

  test.each([text.toUpperCase(), text.slice(0, -1), `${text}0`, text.replace("sha256", "sha512"), ""])(
    "is not %j",
    (other) => {
      expect(parseDigest(other)).toBeNull();
    },
  );
});
