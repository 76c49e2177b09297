/** A program that is named with the sign of a home: told wherever it was not found, on this machine or in an image. */
import { expect, test } from "@jest/globals";
import { homeAdvice } from "../../src/messages/home-advice.ts";
import { programNotFound } from "../../src/messages/runtimes.ts";
import { imageLacksProgram } from "../../src/messages/runtimes-container.ts";

test.each([
  ["/work/suite/~/venv/bin/python", true],
  ["~me/venv/bin/python", true],
  ["/work/venv~/bin/python", false],
  ["/work/bin/~python", false],
  ["python3", false],
])("%s: told is %s", (program, isTold) => {
  expect(homeAdvice(program)).toHaveLength(isTold ? 1 : 0);
  const [advice = "Give the"] = homeAdvice(program);
  expect(programNotFound({ ...programNotFound.example, hints: [], program }).help[0]).toContain(advice);
  expect(imageLacksProgram({ ...imageLacksProgram.example, program }).help[0]).toContain(advice);
});
