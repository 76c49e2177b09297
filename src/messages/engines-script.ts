/** What is wrong with the script of the scripted engine. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const source: SourceLocation = { file: "inference-gate/suite.yml", line: 3, column: 3 };

export const scriptMissing = message<{ source: SourceLocation }>(
  {
    code: "engines/script-missing",
    verdict: "usage",
    explanation: "The scripted engine reads its answers from a file, which engine.args.script names, beside the suite.",
    example: { source },
  },
  ({ source: location }) => ({
    title: "Engine scripted needs engine.args.script.",
    location,
    found: "no `script` in engine.args",
    expected: "the path of a script, relative to the suite",
    help: ["Add it: engine: { name: scripted, args: { script: answers.yml } }", "docs/engines.md shows a script."],
  }),
);

export const scriptUnreadable = message<{ source: SourceLocation; path: string; reason: string }>(
  {
    code: "engines/script-unreadable",
    verdict: "usage",
    explanation: "The file that engine.args.script names cannot be read.",
    example: { source, path: "/work/inference-gate/answers.yml", reason: "ENOENT: no such file or directory" },
  },
  ({ source: location, path, reason }) => ({
    title: `The script ${quoted(path)} cannot be read.`,
    location,
    found: reason,
    expected: "a YAML or JSON file",
    help: ["Create it, or correct the path; it is relative to the suite."],
  }),
);

export const scriptInvalid = message<{ location: SourceLocation; where: string; issue: string }>(
  {
    code: "engines/script-invalid",
    verdict: "usage",
    explanation: "The script of the scripted engine has a mistake. docs/engines.md describes every field.",
    example: {
      location: { file: "inference-gate/answers.yml", line: 4, column: 5 },
      where: "cases.intro.stall_at",
      issue: "expected number, received string",
    },
  },
  ({ location, where, issue }) => ({
    title: where === "" ? "The script has a mistake." : `The script has a mistake at ${quoted(where)}.`,
    location,
    found: issue,
    expected: "a script as docs/engines.md describes it",
    help: ["Correct it at the place shown."],
  }),
);

export const scriptNeedsCounter = message<{ location: SourceLocation }>(
  {
    code: "engines/script-needs-counter",
    verdict: "usage",
    explanation:
      "The script answers otherwise on a certain launch, so the scripted engine has to know which launch it is. It counts them in a file.",
    example: { location: { file: "inference-gate/answers.yml", line: 4, column: 5 } },
  },
  ({ location }) => ({
    title: "The script uses on_launch, and engine.args.launch_counter is missing.",
    location,
    found: "on_launch without a counter",
    expected: "engine.args.launch_counter, a file in which launches are counted",
    help: ["Add it: engine: { args: { launch_counter: /tmp/launches } }; delete the file to begin at 1 again."],
  }),
);

export const bundleMissing = message<{ file: string }>(
  {
    code: "engines/bundle-missing",
    verdict: "error",
    explanation:
      "The scripted engine is a program of its own, built into `dist/` beside the gate. It is not where it should be, so this copy of the " +
      "gate is incomplete.",
    example: { file: "scripted-engine.mjs" },
  },
  ({ file }) => ({
    title: `The program of the scripted engine, ${file}, is missing.`,
    found: "no such file beside the gate",
    expected: `dist/${file}`,
    help: ["In a checkout of Inference Gate: npm run build", "Otherwise install the gate again."],
  }),
);

export const enginesScriptMessages = [
  scriptMissing,
  scriptUnreadable,
  scriptInvalid,
  scriptNeedsCounter,
  bundleMissing,
];
