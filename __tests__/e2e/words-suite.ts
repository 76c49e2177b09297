/** A small suite on the scripted engine: three cases of 24 tokens, and what the script answers to them. */
import type { Place } from "./gate.ts";

export const suiteText = `version: 1
name: words
runtime: process
engine: { name: scripted, args: { script: script.yml, launch_counter: .launches } }
sampling: { temperature: 0, seed: 1, max_tokens: 24 }
timeouts: { startup_s: 10, case_s: 10, stall_s: 2, stop_s: 2 }
cases:
  - { id: alpha, prompt: Say alpha. }
  - { id: beta, prompt: Say beta. }
  - { id: gamma, prompt: Say gamma. }
`;

export const steady = "version: 1\ndefault: { generate: {} }\n";

export const files = {
  suite: "inference-gate/suite.yml",
  script: "inference-gate/script.yml",
  lock: "inference-gate/suite.lock.yml",
  goldens: "inference-gate/goldens",
  work: "inference-gate/.inference-gate",
} as const;

/** Writes suite and script; `cases` are further lines of the script, under `cases:`. */
export function writeSuite(place: Place, cases: readonly string[] = [], suite: string = suiteText): void {
  place.write(files.suite, suite);
  script(place, cases);
}

/** Lets the engine answer otherwise from now on; cases that are not named answer as before. */
export function script(place: Place, cases: readonly string[]): void {
  place.write(
    files.script,
    cases.length === 0 ? steady : `${steady}cases:\n${cases.map((one) => `  ${one}\n`).join("")}`,
  );
}

/** Goldens and lock: what a failed run must leave as it was. */
export function recordedFiles(place: Place): ReadonlyMap<string, string> {
  return new Map([...place.tree(files.goldens), ["suite.lock.yml", place.read(files.lock)]]);
}
