import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { describeChange, environmentDifference } from "../../src/environment/environment-difference.ts";
import { factWeight } from "../../src/environment/fact-weights.ts";
import type { FactValue, Fingerprint } from "../../src/model/fingerprint.ts";
import { parseHardwareClass } from "../../src/model/fingerprint.ts";
import { digestOf } from "../../src/platform/hashing.ts";

type Values = { readonly [key: string]: FactValue };

function measured(values: Values, hardwareClass = "cc9.0-sm132-x1"): Fingerprint {
  const parsed = parseHardwareClass(hardwareClass);
  if (parsed === null) throw new Error("no class");
  return {
    hardwareClass: parsed,
    facts: Object.entries(values).map(([key, value]) => ({ key, value, source: "test" })),
  };
}
const difference = (before: Values, after: Values, driver: "strict" | "noted" = "noted") =>
  environmentDifference(before, measured(after), { driver });

describe("environmentDifference", () => {
  test("puts first what most likely changed the outputs", () => {
    const before = {
      "host.kernel": "Linux 6.1",
      "driver.version": "550.54.14",
      "engine.flag.threads": 2,
      "engine.version": "b4000",
      "model.file.a.gguf": digestOf("a"),
      "gpu.0.name": "NVIDIA H100 80GB HBM3",
    };
    const after = {
      "host.kernel": "Linux 6.2",
      "driver.version": "570.86.15",
      "engine.flag.threads": 4,
      "engine.version": "b4001",
      "model.file.a.gguf": digestOf("b"),
      "gpu.0.name": "NVIDIA H100 NVL",
    };
    expect(difference(before, after).map(({ key, weight }) => [key, weight])).toEqual([
      ["model.file.a.gguf", "breaking"],
      ["engine.version", "breaking"],
      ["engine.flag.threads", "breaking"],
      ["driver.version", "noted"],
      ["gpu.0.name", "noted"],
      ["host.kernel", "noted"],
    ]);
  });

  test("weighs the driver as the suite says", () => {
    const changes = (driver: "strict" | "noted") =>
      difference({ "driver.version": "550.54.14" }, { "driver.version": "570.86.15" }, driver).map(
        ({ weight }) => weight,
      );
    expect(changes("strict")).toEqual(["breaking"]);
    expect(changes("noted")).toEqual(["noted"]);
  });

  test("weighs the CPU's features only where the engine computes on the CPU", () => {
    const weightOn = (hardwareClass: string) =>
      environmentDifference({ "cpu.level": "x86-64-v3" }, measured({ "cpu.level": "x86-64-v4" }, hardwareClass), {
        driver: "noted",
      })[0]?.weight;
    expect(weightOn("cpu-x86-64-v4-t2")).toBe("breaking");
    expect(weightOn("cc9.0-sm132-x1")).toBe("noted");
  });

  test("reports what came and what went, and takes null for absent", () => {
    const changes = difference(
      { "model.file.gone": "x", "engine.x": null },
      { "model.file.new": "y", "engine.y": null },
    );
    expect(changes.map(describeChange)).toEqual(["model file gone x → absent", "model file new absent → y"]);
  });

  test("tells a number from a text that looks like it", () => {
    expect(difference({ "engine.flag.seed": 1 }, { "engine.flag.seed": "1" })).toHaveLength(1);
  });

  const values = fc.dictionary(fc.string(), fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null)));

  test("finds nothing between equals, and the same keys in both directions", () => {
    fc.assert(
      fc.property(values, values, (a, b) => {
        expect(difference(a, a)).toEqual([]);
        const keys = (changes: ReturnType<typeof difference>) => changes.map(({ key }) => key);
        expect(keys(difference(a, b))).toEqual(keys(difference(b, a)));
      }),
    );
  });

  test("describes every change in one short line of printable characters", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", minLength: 1 }), fc.string({ unit: "binary" }), (key, value) => {
        for (const change of difference({}, { [key]: value })) {
          expect(describeChange(change)).toMatch(/^[^\p{Cc}\u2028\u2029]{1,1200}$/u);
        }
      }),
    );
  });
});

describe("describeChange", () => {
  test("shortens digests and cuts long values", () => {
    const [digests] = difference({ "model.file.a.gguf": digestOf("a") }, { "model.file.a.gguf": digestOf("b") });
    expect(digests && describeChange(digests)).toBe("model file a.gguf sha256:ca978112ca1b… → sha256:3e23e8160039…");
    const [long] = difference({}, { "engine.version": "x".repeat(500) });
    expect(long && describeChange(long)).toBe(`engine version absent → ${"x".repeat(79)}…`);
  });

  test("leaves nothing that hides or reorders what follows", () => {
    const [change] = difference({}, { "engine.version": "1\u202e2\u2028\u009b3\u{e0041}" });
    expect(change && describeChange(change)).toMatch(
      /^engine version absent → "1\\u202e2\\u2028\\u009b3(?:\\u[0-9a-f]{4})+"$/,
    );
  });

  test("quotes what is more than plain words", () => {
    const [change] = difference({ "engine.version": "1\n::error::" }, { "engine.version": " 2" });
    expect(change && describeChange(change)).toBe('engine version "1\\n::error::" → " 2"');
  });
});

describe("factWeight", () => {
  test.each([
    ["model.chat-template", "chat template", "breaking"],
    ["engine.flag.flash-attn", "engine flag flash-attn", "breaking"],
    ["engine.something-new", "engine something-new", "breaking"],
    ["model.something.new", "model something.new", "breaking"],
    ["gpu.1.multiprocessors", "multiprocessors of GPU 1", "breaking"],
    ["gpu.0.memory.mib", "memory of GPU 0 in MiB", "noted"],
    ["runtime.program", "runtime program", "noted"],
    ["host.something-new", "host something-new", "noted"],
    ["something-new", "something-new", "breaking"],
  ])("%s is %s, %s", (key, label, weight) => {
    expect(factWeight(key)).toMatchObject({ label, weight });
  });
});
