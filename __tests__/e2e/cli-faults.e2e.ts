/** Engines that hang, die, talk nonsense or do not start, and a disk that is full. */
import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { buildGate, type Gate, type Place } from "./gate.ts";
import { files, recordedFiles, script, suiteText, writeSuite } from "./words-suite.ts";

let gate: Gate;
/** Three goldens of generation 1; to be copied, never to be changed. */
let recorded: Place;

beforeAll(async () => {
  gate = buildGate();
  recorded = gate.place();
  writeSuite(recorded);
  expect((await recorded.run(["record"])).code).toBe(0);
});
afterAll(() => gate.remove());

const impatient = suiteText.replace("stall_s: 2", "stall_s: 0.3").replace("startup_s: 10", "startup_s: 1");

/** Beta is the second of three, so that the case before it and the case behind it are seen, too. */
const faults = [
  {
    name: "never answers",
    beta: "{ generate: {}, stall_at: 0 }",
    says: ["The engine fell silent in case beta.", "no token for 0.3 s, after 0 tokens", "timeouts.stall_s"],
    // It answers one request after another, so that it does not answer the next one either.
    others: "2 of 3 cases could not run",
  },
  {
    name: "stalls at token 5",
    beta: "{ generate: {}, stall_at: 5 }",
    says: ["no token for 0.3 s, after 5 tokens"],
    others: "2 of 3 cases could not run",
  },
  {
    name: "dies at token 7",
    beta: '{ generate: {}, crash_at: { token: 7 }, noise: { stderr: ["CUDA error: out of memory"] } }',
    says: [
      "The engine ended in case beta after 7 tokens. [engines/died]",
      "│ CUDA error: out of memory",
      "gamma was not run",
    ],
    others: "2 of 3 cases could not run",
  },
  {
    name: "is killed by the system",
    beta: "{ generate: {}, crash_at: { token: 1, signal: SIGKILL } }",
    says: ["[engines/died]", "found     SIGKILL", "It wrote nothing to its log"],
    others: "2 of 3 cases could not run",
  },
  {
    name: "answers half a JSON",
    beta: "{ generate: {}, malformed_at: { token: 3 } }",
    says: ["The program wrote a line that is no message in case beta. [engines/malformed-line]", "not JSON: "],
    others: "1 of 3 cases could not run",
  },
  {
    name: "refuses the request",
    beta: '{ fail: "the prompt is longer than the context" }',
    says: ["the prompt is longer than the context"],
    others: "1 of 3 cases could not run",
  },
  {
    name: "answers without ids",
    beta: "{ generate: {}, token_ids: false }",
    says: ["The engine sent no token ids for case beta. [replay/missing-token-ids]", "tier: text"],
    others: "1 of 3 cases could not run",
  },
];

describe("an engine that", () => {
  test.each(faults)(
    "$name: exit 3, the case and what to do; the others keep their verdicts",
    async ({ beta, says, others }) => {
      const place = gate.place(recorded);
      const before = recordedFiles(place);
      place.write(files.suite, impatient);
      script(place, [`beta: ${beta}`]);
      const { code, out, text } = await place.run(["check"]);
      expect(code).toBe(3);
      expect(out).toContain(`✗ ERROR  ${others}`);
      for (const sentence of says) expect(out).toContain(sentence);
      expect(out).toContain("inference-gate check --resume inference-gate/.inference-gate/transcripts/check-");
      expect(text).not.toMatch(/^ +at /m);
      expect(recordedFiles(place)).toEqual(before);
    },
  );

  test("fails while recording: no golden for its case, the others are written", async () => {
    const place = gate.place();
    writeSuite(place, ["beta: { fail: no more memory }"]);
    const { code, out } = await place.run(["record"]);
    expect(code).toBe(3);
    expect(out).toContain("no more memory");
    expect(out).toContain("  written  alpha, gamma");
    expect([...place.tree(files.goldens).keys()].sort()).toEqual(["software/alpha.json", "software/gamma.json"]);
  });

  test("dies in its first answer: said once, with the case", async () => {
    const place = gate.place(recorded);
    script(place, ["alpha: { generate: {}, crash_at: { token: 2 } }"]);
    const { code, out } = await place.run(["check"]);
    expect(code).toBe(3);
    expect(out).toContain("The engine ended in case alpha after 2 tokens.");
  });
});

describe("an engine that does not start", () => {
  const start = (text: string) => (place: Place) => {
    place.write(files.suite, impatient);
    place.write(files.script, `version: 1\nstart: ${text}\ndefault: { generate: {} }\n`);
  };
  const lines = Array.from({ length: 60 }, (_, at) => `line ${at + 1} of the log`);

  test("shows its last 50 log lines and what to try", async () => {
    const place = gate.place(recorded);
    start(`{ fail: { exit_code: 3, stderr: ${JSON.stringify(lines)} } }`)(place);
    const { code, out } = await place.run(["check"]);
    expect(code).toBe(3);
    expect(out).toContain("The engine ended before it was ready: exit code 3. [runtimes/exited-early]");
    expect(out.match(/│ line \d+ of the log/g)).toHaveLength(50);
    expect(out).toContain("│ line 60 of the log");
    expect(out).not.toContain("│ line 10 of the log");
    expect(out).toContain("→ The whole log of the engine:");
  });

  test("is not waited for longer than the suite says", async () => {
    const place = gate.place(recorded);
    start("{ slow_ms: 30000 }")(place);
    const { code, out } = await place.run(["check"]);
    expect(code).toBe(3);
    expect(out).toContain("timeouts.startup_s");
    expect(out).toContain("1 s");
  });

  test("and speaks another protocol, or is no program at all", async () => {
    const place = gate.place(recorded);
    start("{ protocol: 9 }")(place);
    const other = await place.run(["check"]);
    expect(other.code).toBe(3);
    expect(other.out).toContain("9");
    place.write(files.suite, impatient.replace(/engine: .*/, "engine: { name: command, command: [no-such-program] }"));
    const none = await place.run(["check"]);
    expect(none.code).toBe(3);
    expect(none.out).toContain("no-such-program");
  });
});

/** A file system of this size at a new folder; null where this user, or this container, may not mount one. */
function smallFolder(kib: number): string | null {
  const folder = mkdtempSync(join(tmpdir(), "gate-small-"));
  if (spawnSync("mount", ["-t", "tmpfs", "-o", `size=${kib}k`, "tmpfs", folder]).status === 0) return folder;
  rmSync(folder, { recursive: true });
  return null;
}

const small = smallFolder(512);
afterAll(() => {
  if (small === null) return;
  spawnSync("umount", [small]);
  rmSync(small, { recursive: true, force: true });
});

(small === null ? describe.skip : describe)("a disk that fills up while recording", () => {
  test("old goldens and lock are as they were, it is said, and a check still matches", async () => {
    const folder = small ?? "";
    const place = gate.place(recorded, folder);
    const before = recordedFiles(place);
    writeFileSync(join(folder, "filler"), "");
    for (const left of [16, 8, 0]) {
      fill(folder, left);
      const { code, text } = await place.run(["record", "--mode", "all", "--reason", "full"]);
      expect({ left, code }).toEqual({ left, code: 3 });
      expect(text).toMatch(/disk is full|no space left/i);
      expect(text).not.toContain("defect of ours");
      expect(text).not.toMatch(/\d recorded$/m);
      expect(text).not.toMatch(/^ +at /m);
      expect(recordedFiles(place)).toEqual(before);
    }
    rmSync(join(folder, "filler"));
    expect((await place.run(["check"])).code).toBe(0);
    expect((await place.run(["record", "--mode", "all", "--reason", "room again"])).code).toBe(0);
  });
});

/** Leaves about this much room in the file system. */
function fill(folder: string, leftKib: number): void {
  rmSync(join(folder, "filler"), { force: true });
  const free = Number(spawnSync("df", ["--output=avail", "-k", folder], { encoding: "utf8" }).stdout.split("\n")[1]);
  writeFileSync(join(folder, "filler"), Buffer.alloc(Math.max(0, free - leftKib) * 1024));
}
