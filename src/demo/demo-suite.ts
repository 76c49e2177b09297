/** The suite, the prompts and the chat templates of the demo, as texts for given paths. */

export interface DemoSuite {
  /** Command line that starts the server, each word as the operating system takes it. */
  readonly serverCommand: readonly string[];
  readonly env: { readonly [name: string]: string };
  /** Path of the weight file, absolute or relative to the suite. */
  readonly modelPath: string;
  /** Path of the chat template, absolute or relative to the suite. */
  readonly chatTemplatePath: string;
  readonly seed: number;
  readonly threads: number;
}

/** Tokens of each demo case; every prompt below is answered with more than these. */
export const demoTokens = 128;

/** Seed of the goldens, and the one that drifts. */
export const demoSeeds = { recorded: 42, changed: 43 } as const;

/** One row of one tensor in the middle of the model: the outputs part after some tokens, not at the first. */
export const demoWeightEdit = { tensor: "blk.20.ffn_down.weight", rows: 1 } as const;

/** Prompts that a small instruction model answers at length. */
export const demoPrompts: readonly { readonly id: string; readonly user: string }[] = [
  { id: "sea-essay", user: "Write a long essay about the sea, its tides and the people who live from it." },
  { id: "lighthouse-story", user: "Tell a long story about a lighthouse keeper who finds a letter in a bottle." },
  { id: "bread-recipe", user: "Explain step by step, in great detail, how to bake a loaf of sourdough bread." },
];

const beforeAnswer = [
  "{% for message in messages %}",
  "{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}",
  "{% endfor %}",
].join("");

/** Jinja templates in the ChatML form that the demo's model was trained on. `changed` lost the line break before the answer. */
export const demoChatTemplates = {
  recorded: `${beforeAnswer}{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}`,
  changed: `${beforeAnswer}{% if add_generation_prompt %}{{ '<|im_start|>assistant' }}{% endif %}`,
} as const;

/** Text of suite.yml. Words and paths are written as JSON strings, which YAML reads unchanged. */
export function demoSuiteText(suite: DemoSuite): string {
  const words = suite.serverCommand.map((word) => JSON.stringify(word)).join(", ");
  const env = Object.entries(suite.env).map(([name, value]) => `    ${name}: ${JSON.stringify(value)}`);
  const cases = demoPrompts.map(
    ({ id, user }) => `  - { id: ${id}, messages: [{ role: user, content: ${JSON.stringify(user)} }] }`,
  );
  return [
    "version: 1",
    "name: demo",
    "runtime: process",
    "engine:",
    "  name: llama-cpp",
    `  command: [${words}]`,
    "  args:",
    "    ctx-size: 1024",
    `    threads: ${suite.threads}`,
    "    parallel: 1",
    "    cache-prompt: false",
    "    n-gpu-layers: 0",
    `    chat-template-file: ${JSON.stringify(suite.chatTemplatePath)}`,
    ...(env.length === 0 ? [] : ["  env:", ...env]),
    "model:",
    "  name: SmolLM2-135M-Instruct",
    `  path: ${JSON.stringify(suite.modelPath)}`,
    `sampling: { temperature: 0.8, top_p: 0.95, seed: ${suite.seed}, max_tokens: ${demoTokens} }`,
    "compare: { tier: tokens }",
    "cases:",
    ...cases,
    "",
  ].join("\n");
}
