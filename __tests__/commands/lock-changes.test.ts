import { expect, test } from "@jest/globals";
import { lockChanges } from "../../src/commands/lock-changes.ts";
import type { FactValue } from "../../src/model/fingerprint.ts";
import type { Lock, LockedClass, LockedGeneration } from "../../src/model/lock.ts";
import { measuredClass } from "../report/sample-parts.ts";

const generation = (number: number, reason: string, change: Partial<LockedGeneration> = {}): LockedGeneration => ({
  ...{ generation: number, reason, recordedAt: "2026-11-24T02:14:00.000Z", recordedBy: "inference-gate 0.1.0" },
  ...{ accepted: null, ...change },
});
const first = generation(1, "first recording");

function lockOf(
  facts: { readonly [key: string]: FactValue },
  generations: LockedClass["generations"] = [first],
  contract: LockedClass["contract"] = { engine: "llama-cpp" },
): Lock {
  const locked = { generations, contract, environment: facts, goldens: new Map() };
  return { suite: "support", classes: new Map([[measuredClass, locked]]) };
}

const old = { "engine.version": "b1", "package.torch": "2.8.0", "engine.config.dtype": "half", "host.kernel": "6.8" };
const before = lockOf(old);
const golden = (kind: "added" | "changed") => ({
  ...{ id: "intro", hardwareClass: measuredClass, kind, reason: "b2", generation: 2, file: "x", diff: null, more: 0 },
});
const told = (after: Lock, cases: Parameters<typeof lockChanges>[2] = [], base: Lock | null = before) =>
  lockChanges(base, after, cases).map(({ reason, changes, more }) => [reason, ...changes, more]);

test("an equal lock, and one that the base does not have, have no change", () => {
  expect(told(lockOf({ ...old }))).toEqual([]);
  expect(told(lockOf(old), [], null)).toEqual([]);
});

test.each<[string, Lock, RegExp]>([
  ["a fact", lockOf({ ...old, "engine.version": "b2" }), /b1 → b2$/],
  ["a fact without a verdict", lockOf({ ...old, "host.kernel": "6.9" }), /6\.8 → 6\.9$/],
  ["a package", lockOf({ ...old, "package.torch": "2.9.0" }), /2\.8\.0 → 2\.9\.0$/],
  ["a setting", lockOf({ ...old, "engine.config.dtype": "bfloat16" }), /half → bfloat16$/],
  ["the contract", lockOf(old, [first], { engine: "vllm" }), /^contract: engine "llama-cpp" → "vllm"$/],
  ["a reason", lockOf(old, [generation(1, "another")]), /^generation 1 was rewritten$/],
  ["a date", lockOf(old, [generation(1, first.reason, { recordedAt: "x" })]), /^generation 1 was rewritten$/],
  ["a generation that is gone", lockOf(old, [generation(2, "b2")]), /^generation 1 is gone$/],
])("%s is told of, with no reason", (_, after, line) => {
  expect(told(after)).toEqual([[null, expect.stringMatching(line), 0]]);
});

test("a new generation speaks for what it brings, where its re-recorded goldens tell of it", () => {
  const after = lockOf({ ...old, "engine.version": "b2" }, [generation(2, "b2"), first]);
  expect(told(after, [golden("changed")])).toEqual([]);
  expect(told(after, [golden("added")])).toEqual([["b2", expect.stringContaining("b1 → b2"), 0]]);
  expect(told(after)).toEqual([["b2", expect.stringContaining("b1 → b2"), 0]]);
});

test("a new generation that adds goldens may bring facts without a verdict", () => {
  const after = lockOf({ ...old, "host.kernel": "6.9" }, [generation(2, "one more"), first]);
  expect(told(after, [golden("added")])).toEqual([]);
});

test("a new generation without a reason speaks for nothing", () => {
  const after = lockOf({ ...old, "engine.version": "b2" }, [generation(2, " "), first]);
  expect(told(after, [golden("changed")])).toEqual([[null, expect.stringContaining("b1 → b2"), 0]]);
});

test("nothing speaks for a rewritten generation, whatever else is new", () => {
  const after = lockOf(old, [generation(2, "b2"), generation(1, "another")]);
  expect(told(after, [golden("changed")])).toEqual([[null, "generation 1 was rewritten", 0]]);
});

test("a long list is cut and counted", () => {
  const many = Object.fromEntries(Array.from({ length: 25 }, (_, index) => [`package.p${index}`, "1"]));
  const [change] = lockChanges(before, lockOf({ ...old, ...many }), []);
  expect(change?.changes).toHaveLength(20);
  expect(change?.more).toBe(5);
});
