import { describe, expect, test } from "@jest/globals";
import { readImage } from "../../src/model/image-reference.ts";

const digest = `sha256:${"0123456789abcdef".repeat(4)}`;

describe("a locked image", () => {
  test.each([
    ["vllm/vllm-openai", "vllm/vllm-openai"],
    ["registry.example:5000/team/vllm", "registry.example:5000/team/vllm"],
    ["localhost:5000/vllm", "localhost:5000/vllm"],
    ["127.0.0.1:5000/a/b__c/d-e.f", "127.0.0.1:5000/a/b__c/d-e.f"],
    ["vllm/vllm-openai:v0.11.0", "vllm/vllm-openai"],
    ["registry.example:5000/team/vllm:latest", "registry.example:5000/team/vllm"],
    ["ubuntu", "ubuntu"],
  ])("%s", (written, name) => {
    expect(readImage(`${written}@${digest}`)).toEqual({ kind: "locked", image: { name, digest } });
  });
});

test.each(["vllm/vllm-openai:v0.11.0", "vllm/vllm-openai", "registry.example:5000/vllm"])(
  "%s is not locked",
  (tagged) => {
    expect(readImage(tagged)).toEqual({ kind: "unlocked", tagged });
  },
);

describe("what is no image", () => {
  test.each(["", "Team/vllm", "a b", "-a", "a//b", "https://registry.example/vllm", `@${digest}`, "a".repeat(256)])(
    "the name %s",
    (name) => expect(readImage(name.includes("@") ? name : `${name}@${digest}`)).toMatchObject({ kind: "invalid" }),
  );
  test.each(["sha256:12", `sha256:${"A".repeat(64)}`, `sha512:${"a".repeat(64)}`, "", `${digest}@${digest}`])(
    "the digest %s",
    (wrong) => expect(readImage(`vllm@${wrong}`)).toMatchObject({ kind: "invalid" }),
  );
});

test("a digest alone names no image", () => {
  expect(readImage(digest)).toMatchObject({ kind: "invalid", reason: expect.stringContaining("name") });
});
