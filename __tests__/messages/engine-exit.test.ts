/** The end of an engine in words. */
import { expect, test } from "@jest/globals";
import { exitAdvice, exitInWords } from "../../src/messages/engine-exit.ts";

test.each([
  [{ code: 1, signal: null }, "exit code 1", undefined],
  [{ code: 0, signal: null }, "exit code 0", "foreground"],
  [{ code: 126, signal: null }, "exit code 126 (not executable)", "may not be executed"],
  [{ code: 127, signal: null }, "exit code 127 (command not found)", "install it"],
  [{ code: 137, signal: null }, "exit code 137 (SIGKILL)", "out-of-memory"],
  [{ code: null, signal: "SIGKILL" }, "SIGKILL", "out-of-memory"],
  [{ code: 139, signal: null }, "exit code 139 (SIGSEGV)", "crashed"],
  [{ code: 132, signal: null }, "exit code 132 (SIGILL)", "processor"],
  [{ code: 200, signal: null }, "exit code 200", undefined],
  [{ code: null, signal: null }, "exit code unknown", undefined],
])("%j is %s", (exit, words, advice) => {
  expect(exitInWords(exit)).toBe(words);
  if (advice === undefined) expect(exitAdvice(exit)).toEqual([]);
  else expect(exitAdvice(exit).join("\n")).toContain(advice);
});
