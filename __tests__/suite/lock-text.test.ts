import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { type CaseId, parseCaseId } from "../../src/model/case.ts";
import { type Digest, parseDigest } from "../../src/model/digest.ts";
import { type HardwareClass, parseHardwareClass } from "../../src/model/fingerprint.ts";
import type { Json } from "../../src/model/json.ts";
import type { Lock, LockedGolden } from "../../src/model/lock.ts";
import { nodeFiles } from "../../src/platform/files.ts";
import { digestOf } from "../../src/platform/hashing.ts";
import { loadLock } from "../../src/suite/load-lock.ts";
import { lockText } from "../../src/suite/lock-text.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "lock-text-"));
});
afterAll(() => rm(folder, { recursive: true }));

const isFit = (text: string) => !text.includes("\0") && !/\p{Surrogate}/u.test(text) && text !== "__proto__";
const text = fc.oneof(
  fc.string({ unit: "binary" }).filter(isFit),
  fc.constantFrom(
    "true",
    "null",
    "~",
    "1",
    "0x1F",
    "1e3",
    "- a",
    "a: b",
    "# no",
    "a\nb",
    " x ",
    "",
    "<<",
    "2026-01-01",
    "\u2028",
    "\u0085",
    "\ufeffa",
    "&a",
    "*a",
    "!a",
    "%a",
    "'",
    '"',
    "\\",
  ),
);
const number = fc.oneof(
  fc.integer(),
  fc.double({ noNaN: true, noDefaultInfinity: true, min: -1e9, max: 1e9 }).map((value) => (value === 0 ? 0 : value)),
);
const leaf = fc.oneof(text, number, fc.boolean(), fc.constant(null));
const json = fc.letrec<{ value: Json }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    leaf,
    fc.array(tie("value"), { maxLength: 3 }),
    fc.dictionary(text, tie("value"), { maxKeys: 3, noNullPrototype: true }),
  ),
})).value;
const digest = fc.string({ maxLength: 5 }).map((seed): Digest => digestOf(seed));
const branded = <T>(source: fc.Arbitrary<string>, parse: (value: string) => T | null) =>
  source.map(parse).filter((value): value is NonNullable<typeof value> => value !== null);
const caseId: fc.Arbitrary<CaseId> = branded(
  fc.oneof(fc.stringMatching(/^[A-Z0-9][a-z0-9._-]{0,8}[a-z0-9]$/), fc.constantFrom("1", "true", "null", "1.5", "1e3")),
  parseCaseId,
);
const hardwareClass: fc.Arbitrary<HardwareClass> = branded(
  fc.oneof(fc.stringMatching(/^[a-z0-9][a-z0-9.-]{1,8}[a-z0-9]$/), fc.constantFrom("cpu-x86-64-v3-t2", "10", "1e3")),
  parseHardwareClass,
);
const lockedClass = fc.record({
  generation: fc.integer({ min: 1, max: 5 }),
  reason: text,
  contract: fc.dictionary(text, json, { maxKeys: 4, noNullPrototype: true }),
  environment: fc.dictionary(text, leaf, { maxKeys: 4, noNullPrototype: true }),
  goldens: fc.uniqueArray(fc.tuple(caseId, digest, digest), { selector: ([id]) => id.toLowerCase(), maxLength: 4 }),
});
const lock: fc.Arbitrary<Lock> = fc
  .record({
    suite: caseId,
    classes: fc.uniqueArray(fc.tuple(hardwareClass, lockedClass), { selector: ([name]) => name, maxLength: 3 }),
  })
  .map(({ suite, classes }) => ({
    suite,
    classes: new Map(
      classes.map(([name, { generation, reason, contract, environment, goldens }]) => [
        name,
        {
          generations: [
            {
              generation: generation + 1,
              reason,
              recordedAt: "2026-11-23T10:00:00.000Z",
              recordedBy: "inference-gate 0.1.0",
              accepted: { run: reason, commit: null, checkedAt: "2026-11-23T09:00:00Z" },
            },
            {
              ...{ generation, reason: "first", recordedAt: "2026-11-22T10:00:00Z" },
              ...{ recordedBy: "inference-gate 0.1.0", accepted: null },
            },
          ],
          contract,
          environment,
          goldens: new Map(
            goldens.map(([id, own, ofCase]): [CaseId, LockedGolden] => [
              id,
              { digest: own, contract: ofCase, generation },
            ]),
          ),
        },
      ]),
    ),
  }));

describe("lockText", () => {
  test("is read back as the same lock, whatever texts it holds", async () => {
    await fc.assert(
      fc.asyncProperty(lock, async (written) => {
        const path = join(folder, "suite.lock.yml");
        await nodeFiles.writeAtomic(path, lockText(written));
        expect(await loadLock(path, nodeFiles)).toEqual(written);
      }),
      { numRuns: 60 },
    );
  });

  test("does not depend on the order in which things were recorded", () => {
    fc.assert(
      fc.property(lock, (written) => {
        const turned: Lock = {
          ...written,
          classes: new Map(
            [...written.classes].reverse().map(([name, locked]) => [
              name,
              {
                ...locked,
                environment: Object.fromEntries(Object.entries(locked.environment).reverse()),
                goldens: new Map([...locked.goldens].reverse()),
              },
            ]),
          ),
        };
        expect(lockText(turned)).toBe(lockText(written));
      }),
      { numRuns: 40 },
    );
  });

  test("reads well", () => {
    const [name, id, digestOne] = [
      parseHardwareClass("cpu-x86-64-v3-t2"),
      parseCaseId("intro"),
      parseDigest(`sha256:${"0".repeat(64)}`),
    ];
    if (name === null || id === null || digestOne === null) throw new Error("not parsed");
    const written: Lock = {
      suite: "default",
      classes: new Map([
        [
          name,
          {
            generations: [
              {
                generation: 1,
                reason: 'first "try": 100%',
                recordedAt: "2026-11-23T10:00:00.000Z",
                recordedBy: "inference-gate 0.1.0",
                accepted: null,
              },
            ],
            contract: {
              model: { revision: null, name: "org/tiny" },
              engine: { name: "llama-cpp", args: { threads: 2 }, command: ["server", "-v"] },
            },
            environment: {
              "engine.version": "b4000",
              "cpu.threads": 2,
              "driver.version": "550.54",
              "gpu.0.mig": false,
            },
            goldens: new Map([[id, { digest: digestOne, contract: digestOne, generation: 1 }]]),
          },
        ],
      ]),
    };
    expect(lockText(written)).toBe(`# yaml-language-server: $schema=schemas/lock.schema.json
# Written by \`inference-gate record\` and \`accept\`. Do not edit it by hand: checks trust it, and \`check --base\` tells what a change edits.
kind: inference-gate-lock
version: 1
suite: default
classes:
  cpu-x86-64-v3-t2:
    generations:
      - generation: 1
        reason: "first \\"try\\": 100%"
        recorded_at: 2026-11-23T10:00:00.000Z
        recorded_by: inference-gate 0.1.0
    contract:
      engine:
        args:
          threads: 2
        command:
          - server
          - "-v"
        name: llama-cpp
      model:
        name: org/tiny
        revision: null
    environment:
      cpu.threads: 2
      driver.version: "550.54"
      engine.version: b4000
      gpu.0.mig: false
    goldens:
      intro:
        digest: ${digestOne}
        contract: ${digestOne}
        generation: 1
`);
  });
});
