import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { nodeFiles } from "../../src/platform/files.ts";
import { assertLockOf, loadLock, lockPathOf } from "../../src/suite/load-lock.ts";
import { problemsFrom, suiteFolder } from "./suite-folder.ts";

const folders = suiteFolder();
const digest = `sha256:${"0".repeat(64)}`;
const good = `kind: inference-gate-lock
version: 1
suite: default
classes:
  cpu-x86-64-v3-t2:
    generations:
      - { generation: 2, reason: new kernels, recorded_at: 2026-11-23T10:00:00.000Z, recorded_by: x }
      - { generation: 1, reason: first, recorded_at: 2026-11-22T10:00:00Z, recorded_by: x }
    contract: { engine: { name: llama-cpp } }
    environment: { engine.version: b1 }
    goldens:
      intro: { digest: "${digest}", contract: "${digest}", generation: 2 }
`;

async function problems(text: string | Uint8Array) {
  const folder = await folders.with({ "suite.lock.yml": text });
  const found = await problemsFrom(loadLock(join(folder, "suite.lock.yml"), nodeFiles));
  return found.map(({ code, location, found: what, expected }) => [
    `${location?.line}:${location?.column} ${code}`,
    what,
    expected,
  ]);
}

describe("loadLock", () => {
  test("is null when there is no file", async () => {
    expect(await loadLock(join(await folders.with({}), "suite.lock.yml"), nodeFiles)).toBeNull();
  });

  test("reads a lock", async () => {
    const folder = await folders.with({ "suite.lock.yml": good });
    const lock = await loadLock(join(folder, "suite.lock.yml"), nodeFiles);
    expect(lock?.suite).toBe("default");
    const [[name, locked] = []] = lock?.classes ?? [];
    expect(name).toBe("cpu-x86-64-v3-t2");
    expect(locked?.generations.map(({ generation, reason }) => [generation, reason])).toEqual([
      [2, "new kernels"],
      [1, "first"],
    ]);
    expect([...(locked?.goldens ?? [])]).toEqual([["intro", { digest, contract: digest, generation: 2 }]]);
  });

  test.each<[string, string, (string | null)[][]]>([
    ["an empty file", "", [["null:null suite/file-not-read", '"it is empty"', "a readable file"]]],
    ["a list", "- a\n", [["1:1 suite/lock-not-ours", "a list of 1", "kind: inference-gate-lock"]]],
    [
      "another program's lock",
      "kind: npm\nversion: 3\n",
      [["1:7 suite/lock-not-ours", 'kind "npm"', "kind: inference-gate-lock"]],
    ],
    [
      "a suite in the place of the lock",
      "version: 1\nruntime: process\n",
      [["1:1 suite/lock-not-ours", "a mapping of version, runtime", "kind: inference-gate-lock"]],
    ],
    [
      "another version",
      good.replace("version: 1", "version: 2"),
      [["2:10 suite/lock-version", "version 2", "version 1"]],
    ],
    [
      "a lock cut in half",
      good.slice(0, good.indexOf("first")),
      [["8:34 suite/yaml-syntax", '"      - { generation: 1, reason:"', "valid YAML 1.2"]],
    ],
    [
      "a merge conflict",
      good
        .replace("    contract:", "<<<<<<< ours\n    contract:")
        .replace("    goldens:", "=======\n>>>>>>> theirs\n    goldens:"),
      [["9:1 suite/merge-conflict", '"<<<<<<< ours"', "one of the two sides"]],
    ],
    [
      "fields edited by hand",
      good
        .replace("generation: 2 }", "generation: 3 }")
        .replace("sha256:000", "sha256:XYZ")
        .replace("reason: first", "reasn: first"),
      [
        ["8:9 suite/missing-field", "nothing", "a text"],
        [
          "8:26 suite/unknown-field",
          "classes.cpu-x86-64-v3-t2.generations[1].reasn",
          "one of generation, reason, recorded_at, recorded_by, accepted",
        ],
        [
          "12:24 suite/wrong-value",
          '"sha256:XYZ0000000000000000000000000000000000000000000000000000000000000"',
          "sha256: and 64 lower-case hexadecimal digits",
        ],
      ],
    ],
    [
      "a generation that is not in the list",
      good.replace("generation: 2 }\n", "generation: 3 }\n"),
      [["12:196 suite/lock-contradicts", "3", "a generation of the list above (2, 1)"]],
    ],
    [
      "generations out of order",
      good.replace("generation: 1, reason: first", "generation: 2, reason: first"),
      [["8:23 suite/lock-contradicts", "2", "a number below 2: the newest comes first"]],
    ],
    [
      "ids that are no file names or differ in case only",
      `${good}      Intro: { digest: "${digest}", contract: "${digest}", generation: 2 }\n      con: { digest: "${digest}", contract: "${digest}", generation: 2 }\n`,
      [
        ["13:7 suite/lock-contradicts", "Intro", "ids that differ in more than upper and lower case (intro is there)"],
        ["14:7 suite/lock-contradicts", "con", "a case id that is a safe file name"],
      ],
    ],
    [
      "a class that is no folder name",
      good.replace("  cpu-x86-64-v3-t2:", "  ../cpu:"),
      [["5:3 suite/wrong-value", '"../cpu"', "a hardware class (lower-case letters, digits, `.`, `_`, `-`)"]],
    ],
    [
      "a fact that is a list, and no generations",
      good.replace("engine.version: b1", "engine.version: [b1]").replace(/generations:\n.*\n.*\n/, "generations: []\n"),
      [
        ["6:18 suite/wrong-value", "an empty list", "at least one generation"],
        ["8:36 suite/wrong-value", "a list of 1", "a text, a number, true, false or null"],
      ],
    ],
  ])("refuses %s", async (_, text, expected) => {
    expect(await problems(text)).toEqual(expected);
  });

  test("refuses what is not UTF-8", async () => {
    expect(await problems(Buffer.concat([Buffer.from(good), Buffer.of(0xff)]))).toEqual([
      ["13:1 suite/not-utf8", "byte 0xFF", "UTF-8 text"],
    ]);
  });
});

describe("assertLockOf", () => {
  test("accepts the lock of the suite and refuses another's", async () => {
    const lock = { suite: "chat", classes: new Map() };
    expect(() => assertLockOf(lock, { name: "chat" }, "suite.lock.yml")).not.toThrow();
    const refused = Promise.resolve().then(() => assertLockOf(lock, { name: "default" }, "suite.lock.yml"));
    expect(await problemsFrom(refused)).toMatchObject([
      {
        code: "suite/lock-of-another-suite",
        location: { file: "suite.lock.yml", line: null },
        found: 'suite "chat"',
        expected: 'suite "default"',
      },
    ]);
  });
});

describe("lockPathOf", () => {
  test.each([
    ["inference-gate/suite.yml", "inference-gate/suite.lock.yml"],
    ["/a/my.suite.YAML", "/a/my.suite.lock.yml"],
    ["suite", "suite.lock.yml"],
  ])("%s → %s", (suite, lock) => expect(lockPathOf(suite)).toBe(lock));
});
