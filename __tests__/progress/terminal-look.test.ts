import { describe, expect, test } from "@jest/globals";
import { terminalLook } from "../../src/progress/terminal-look.ts";

const terminal = { isTTY: true, columns: 132 };

describe("terminalLook", () => {
  test.each([
    ["a terminal", terminal, {}, "auto", { color: "ansi", width: 132, kind: "live" }],
    ["a pipe", {}, {}, "auto", { color: "none", width: 100, kind: "log" }],
    ["a pipe of known width", {}, { COLUMNS: "72" }, "auto", { color: "none", width: 72, kind: "log" }],
    ["a terminal that can do nothing", terminal, { TERM: "dumb" }, "auto", { color: "none", width: 132, kind: "log" }],
    ["NO_COLOR", terminal, { NO_COLOR: "1" }, "auto", { color: "none", width: 132, kind: "live" }],
    ["an empty NO_COLOR", terminal, { NO_COLOR: "" }, "auto", { color: "ansi", width: 132, kind: "live" }],
    ["FORCE_COLOR", {}, { FORCE_COLOR: "1" }, "auto", { color: "ansi", width: 100, kind: "log" }],
    ["FORCE_COLOR=0", terminal, { FORCE_COLOR: "0" }, "auto", { color: "none", width: 132, kind: "live" }],
    ["GitHub's log", {}, { GITHUB_ACTIONS: "true", CI: "true" }, "auto", { color: "ansi", width: 100, kind: "log" }],
    ["a terminal in CI", terminal, { CI: "true" }, "auto", { color: "ansi", width: 132, kind: "log" }],
    ["--color never", terminal, { FORCE_COLOR: "1" }, "never", { color: "none", width: 132, kind: "live" }],
    ["--color always", {}, { NO_COLOR: "1" }, "always", { color: "ansi", width: 100, kind: "log" }],
    ["a terminal without a size", { isTTY: true, columns: 0 }, {}, "auto", { color: "ansi", width: 100, kind: "live" }],
  ] as const)("%s", (_, stream, env, wish, look) => {
    expect(terminalLook(stream, env, wish)).toEqual(look);
  });
});
