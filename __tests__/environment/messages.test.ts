import { describe, expect, test } from "@jest/globals";
import * as messages from "../../src/messages/environment.ts";
import { nvidiaSmiFailed } from "../../src/messages/environment.ts";

describe("messages of the environment", () => {
  test("every message is in the list, under a code of its own", () => {
    const { environmentMessages: listed, ...byName } = messages;
    expect(new Set(listed.map(({ code }) => code)).size).toBe(listed.length);
    expect(listed.map(({ code }) => code).sort()).toEqual(
      Object.values(byName)
        .map(({ code }) => code)
        .sort(),
    );
    for (const { code, explanation } of listed) {
      expect(code).toMatch(/^environment\/[a-z-]+$/);
      expect(explanation.length).toBeGreaterThan(80);
    }
  });

  test("hostile output of a program reaches the title in no case, and `found` on one line", () => {
    const output = `::error::planted\u001b[31m\n${"x".repeat(5_000)}`;
    const problem = nvidiaSmiFailed({ command: "nvidia-smi -q -x", code: 1, output });
    expect(problem.title).not.toContain("planted");
    expect(problem.found).not.toMatch(/[\n\u001b]/);
    expect(problem.found?.length).toBeLessThan(200);
  });
});
