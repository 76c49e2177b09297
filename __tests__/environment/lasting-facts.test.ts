import { describe, expect, test } from "@jest/globals";
import { lastingFacts } from "../../src/environment/lasting-facts.ts";
import type { FactValue } from "../../src/model/fingerprint.ts";

const facts = (...pairs: readonly (readonly [string, FactValue])[]) =>
  pairs.map(([key, value]) => ({ key, value, source: "test" }));

describe("lastingFacts", () => {
  test("drops what differs with every launch", () => {
    const passing = [
      "launch.id",
      "launch.pid",
      "engine.pid",
      "engine.flag.port",
      "engine.flag.host",
      "runtime.url",
      "runtime.command",
      "engine.base_url",
    ];
    expect(lastingFacts(facts(...passing.map((key) => [key, "x"] as const), ["engine.version", "b1"]))).toEqual(
      facts(["engine.version", "b1"]),
    );
  });

  test("keeps of a path what is the same in every checkout", () => {
    const kept = lastingFacts(
      facts(["engine.a", "/tmp/x-123/model.gguf"], ["engine.b", "C:\\models\\m.gguf"], ["engine.c", "org/model"]),
    );
    expect(kept.map(({ value }) => value)).toEqual(["model.gguf", "m.gguf", "org/model"]);
  });

  test("sorts by key and keeps the first fact of each", () => {
    expect(lastingFacts(facts(["b", 1], ["a", 2], ["b", 3]))).toEqual(facts(["a", 2], ["b", 1]));
  });
});
