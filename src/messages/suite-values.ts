/** Keys and values that no file may hold, whatever field they stand in. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";

const at: SourceLocation = { file: "inference-gate/suite.yml", line: 7, column: 3 };

export const duplicateKey = message<{ location: SourceLocation; path: string; first: SourceLocation }>(
  {
    code: "suite/duplicate-key",
    verdict: "usage",
    explanation: "One mapping names the same key twice. Which of the two was meant cannot be known.",
    example: { location: at, path: "sampling.seed", first: { ...at, line: 5 } },
  },
  ({ location, path, first }) => ({
    title: `${path} is written twice.`,
    location,
    found: `a second ${path}; the first is on line ${first.line ?? 1}`,
    expected: "each key once",
    help: ["Remove one of the two."],
  }),
);

export const aliasesExpand = message<{ location: SourceLocation; found: string; expected: string }>(
  {
    code: "suite/aliases-expand",
    verdict: "usage",
    explanation:
      "A YAML alias (`*name`) stands for a copy of what its anchor (`&name`) holds. Aliases of aliases multiply: a few lines can " +
      "stand for billions of values, and an alias inside its own anchor never ends. Such a file is refused before it is expanded.",
    example: { location: at, found: "aliases that expand to 1000000000 values", expected: "at most 100000" },
  },
  ({ location, found, expected }) => ({
    title: "YAML aliases expand too far.",
    location,
    found,
    expected,
    help: ["Write the values out instead of using aliases."],
  }),
);

export const unsuitableText = message<{ location: SourceLocation; path: string; found: string; expected: string }>(
  {
    code: "suite/unsuitable-text",
    verdict: "usage",
    explanation:
      "A text holds a character that cannot be sent to every engine unchanged: NUL ends a text in C programs, and half of a UTF-16 " +
      "surrogate pair has no UTF-8 form and would silently be replaced.",
    example: {
      location: at,
      path: "cases[0].prompt",
      found: "NUL (U+0000) at character 5",
      expected: "text without NUL",
    },
  },
  ({ location, path, found, expected }) => ({
    title: `${path} holds a character that cannot be sent unchanged.`,
    location,
    found,
    expected,
    help: ["Remove the character.", "To gate such an input on purpose, give its token ids as prompt_token_ids."],
  }),
);

export const numberNotExact = message<{ location: SourceLocation; path: string; found: string }>(
  {
    code: "suite/number-not-exact",
    verdict: "usage",
    explanation:
      "A number cannot be kept as it is written: a whole number beyond 2^53 would be rounded, and infinity and not-a-number have no JSON " +
      "form. What is passed to an engine must be what the file says.",
    example: { location: at, path: "engine.args.id", found: "12345678901234567890" },
  },
  ({ location, path, found }) => ({
    title: `The number ${path} cannot be kept exactly.`,
    location,
    found,
    expected: "a finite number, whole ones up to 2^53 - 1",
    help: ["Put it in quotes if it is meant as text."],
  }),
);

export const unsuitableKey = message<{ location: SourceLocation; path: string; found: string }>(
  {
    code: "suite/unsuitable-key",
    verdict: "usage",
    explanation:
      "A key must be a text. Numbers, lists and the name __proto__ are refused, since they would be read as something else.",
    example: { location: at, path: "engine.args", found: "the key 1" },
  },
  ({ location, path, found }) => ({
    title: `A key of ${path} is no name.`,
    location,
    found,
    expected: "a text other than __proto__",
    help: ["Put a number in quotes, or choose another name."],
  }),
);

export const nestedTooDeeply = message<{ location: SourceLocation; path: string; limit: number }>(
  {
    code: "suite/nested-too-deeply",
    verdict: "usage",
    explanation:
      "Values may be nested up to a limit that no honest file comes near; deeper ones exhaust whoever reads them.",
    example: { location: at, path: "engine.args.x", limit: 64 },
  },
  ({ location, path, limit }) => ({
    title: `Values are nested too deeply below ${path}.`,
    location,
    found: `more than ${limit} levels`,
    expected: `at most ${limit} levels`,
    help: ["Write the values with less nesting."],
  }),
);

export const suiteValuesMessages = [
  duplicateKey,
  aliasesExpand,
  unsuitableText,
  numberNotExact,
  unsuitableKey,
  nestedTooDeeply,
];
