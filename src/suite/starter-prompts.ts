/** Twelve varied prompts that make long outputs: prose, code, tables, several languages, arithmetic, lists and JSON. */

export interface StarterPrompt {
  readonly id: string;
  readonly prompt: string;
}

export const starterPrompts: readonly StarterPrompt[] = [
  {
    id: "essay-rivers",
    prompt:
      "Write an essay of about 600 words on how rivers shaped where towns were built. Use five paragraphs: trade, defence, farming, " +
      "industry, and what is left of it today.",
  },
  {
    id: "essay-two-views",
    prompt:
      "Compare two ways to organise a public library: everything by subject, or everything by date of arrival. Argue for the first in " +
      "300 words, then for the second in 300 words, then decide between them for a village of 800 people.",
  },
  {
    id: "story-night-train",
    prompt:
      "Tell a story of about 700 words that takes place in one carriage of a night train. Three travellers each believe that one of the " +
      "other two has taken a letter. Let the reader find out only in the last paragraph where the letter was.",
  },
  {
    id: "code-interval-map",
    prompt:
      "Write a Python class IntervalMap that assigns values to half-open ranges of integers, where a later assignment overwrites an " +
      "earlier one. Give it the methods assign(start, end, value), get(position) and ranges(). Add docstrings and eight unit tests.",
  },
  {
    id: "code-explain-c",
    prompt:
      "Explain this C function line by line, then name every input for which its behaviour is undefined, then rewrite it safely:\n\n" +
      "int mean(const int *v, int n) {\n  int s = 0;\n  for (int i = 0; i <= n; i++) s += v[i];\n  return s / n;\n}",
  },
  {
    id: "table-kitchen",
    prompt:
      "Make a Markdown table of twenty kitchen tools with the columns Tool, Material, Typical length in cm, Used for, Can go into the " +
      "dishwasher. Then write one paragraph on which five of them you would take to an empty flat.",
  },
  {
    id: "json-inventory",
    prompt:
      'Answer with JSON only. Invent the stock of a small bicycle shop: an array of 15 objects, each with "sku" (text), "name" (text), ' +
      '"price_cents" (whole number), "in_stock" (true or false) and "tags" (array of two texts). Sort the array by "sku".',
  },
  {
    id: "arithmetic-chain",
    prompt:
      "Start with 7. Repeat these steps twelve times and show every line of the working: multiply by 3, subtract 4, and if the result is " +
      "even, halve it until it is odd. At the end list the twelve results and say which of them are prime.",
  },
  {
    id: "reasoning-schedule",
    prompt:
      "Five people (Ada, Ben, Chi, Dov, Eva) share one workshop from Monday to Friday, one a day. Ada cannot come on Monday or Friday. " +
      "Ben comes the day before Chi. Dov does not come next to Eva. Find every possible week, step by step, and explain what each rule excludes.",
  },
  {
    id: "multilingual-weather",
    prompt:
      "Write a weather report of four sentences for a windy autumn day at the coast. Then give the same report in German, French, " +
      "Spanish, Polish, Arabic, Hindi, Japanese and Chinese, each under a heading with the name of the language in that language.",
  },
  {
    id: "german-anleitung",
    prompt:
      "Schreibe eine ausführliche Anleitung auf Deutsch, wie man ein altes Holzfenster abschleift, kittet und neu streicht. Gliedere sie in " +
      "nummerierte Schritte, nenne zu jedem Schritt das Werkzeug und die Wartezeit, und schließe mit den fünf häufigsten Fehlern.",
  },
  {
    id: "list-hundred-words",
    prompt:
      "List one hundred English nouns that name things found outdoors, numbered from 1 to 100, one a line, in alphabetical order and " +
      "without repeating any. Then say how many of them have exactly five letters, and list these again.",
  },
];
