/** Reads all inputs from the one variable in which `action.yml` hands them over; every mistake is told at once, by its input's name. */
import { z } from "zod";
import { inputInvalid, inputsUnreadable, inputUnknown, inputUseless } from "../messages/action.ts";
import { nearestName } from "../model/nearest-name.ts";
import { GateError, type Problem } from "../model/problem.ts";
import { reasonOf } from "../platform/thrown.ts";
import { type InputName, type Inputs, inputSpecs } from "./inputs.ts";

export const inputsVariable = "INFERENCE_GATE_INPUTS";

const inputNames = Object.keys(inputSpecs) as readonly InputName[];
/** Inputs that only one mode has a use for. */
const onlyFor: readonly { readonly input: InputName; readonly mode: Inputs["mode"] }[] = [
  { input: "fail-on", mode: "check" },
  { input: "keep-going", mode: "check" },
  { input: "accept-changes", mode: "check" },
  { input: "record-mode", mode: "record" },
  { input: "reason", mode: "record" },
];

/** `json` as `toJSON(inputs)` gives it. Throws GateError with everything that is wrong. */
export function parseInputs(json: string | undefined): Inputs {
  const given = readJson(json);
  const problems: Problem[] = Object.keys(given)
    .filter((name) => !Object.hasOwn(inputSpecs, name))
    .map((name) => inputUnknown({ input: name, nearest: nearestName(name, inputNames) }));
  const values: { [name: string]: unknown } = {};
  for (const name of inputNames) {
    const { schema, fallback, takes } = inputSpecs[name];
    const written = given[name]?.trim() ?? "";
    const parsed = schema.safeParse(written === "" ? fallback : written);
    if (parsed.success) values[name] = parsed.data;
    else problems.push(inputInvalid({ input: name, found: shownValue(name, written), expected: takes }));
  }
  problems.push(...useless(given, values.mode));
  if (problems.length > 0) throw new GateError(problems);
  return values as Inputs;
}

function readJson(json: string | undefined): { readonly [name: string]: string } {
  const unreadable = (why: string) => new GateError([inputsUnreadable({ variable: inputsVariable, why })]);
  if (json === undefined || json === "") throw unreadable("it is not set");
  try {
    const parsed = z.record(z.string(), z.string()).safeParse(JSON.parse(json));
    if (parsed.success) return parsed.data;
  } catch (error) {
    throw unreadable(reasonOf(error));
  }
  throw unreadable("it is no mapping of texts");
}

/** Given and not what it would be anyway, in a mode that does not ask for it. */
function useless(given: { readonly [name: string]: string }, mode: unknown): readonly Problem[] {
  if (mode !== "check" && mode !== "record") return [];
  return onlyFor
    .filter(({ input, mode: wanted }) => {
      const written = given[input]?.trim() ?? "";
      return wanted !== mode && written !== "" && written !== inputSpecs[input].fallback;
    })
    .map(({ input, mode: wanted }) => inputUseless({ input, mode, wanted }));
}

/** A token is never shown. */
const shownValue = (name: InputName, written: string) => (name === "github-token" ? "***" : written);
