import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { terminalLines, terminalText } from "../../../src/report/escape/terminal-text.ts";
import { maskCommand, workflowCommand } from "../../../src/report/escape/workflow-command.ts";
import { hostileText } from "../hostile-report.ts";

const unescapeData = (text: string) => text.replaceAll("%0A", "\n").replaceAll("%0D", "\r").replaceAll("%25", "%");
const unescapeProperty = (text: string) => unescapeData(text.replaceAll("%3A", ":").replaceAll("%2C", ","));

/** As actions/runner reads a line: ActionCommand.TryParseV2 in src/Runner.Common/ActionCommand.cs. */
function parse(line: string) {
  const [, head = "", message = ""] = /^::(.*?)::(.*)$/s.exec(line) ?? [];
  const space = head.indexOf(" ");
  const pairs = space === -1 ? [] : head.slice(space + 1).split(",");
  return {
    name: space === -1 ? head : head.slice(0, space),
    properties: Object.fromEntries(
      pairs.map((pair) => [pair.slice(0, pair.indexOf("=")), unescapeProperty(pair.slice(pair.indexOf("=") + 1))]),
    ),
    message: unescapeData(message),
  };
}

describe("a workflow command", () => {
  test("arrives as it was meant, on one line, whatever is in it", () => {
    fc.assert(
      fc.property(hostileText, hostileText, hostileText, (file, title, message) => {
        const line = workflowCommand({ name: "error", properties: { file, line: 7, col: null, title }, message });
        expect(line).not.toMatch(/[\r\n]/);
        expect(parse(line)).toEqual({
          name: "error",
          properties: { file: terminalText(file), line: "7", title: terminalText(title) },
          message: terminalLines(message).join("\n"),
        });
      }),
      { numRuns: 300 },
    );
  });

  test("without properties has none", () => {
    expect(workflowCommand({ name: "endgroup", properties: {}, message: "" })).toBe("::endgroup::");
  });

  test("that masks a secret carries it unchanged, on one line", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (secret) => {
        expect(maskCommand(secret)).not.toMatch(/[\r\n]/);
        expect(parse(maskCommand(secret)).message).toBe(secret);
      }),
    );
  });
});
