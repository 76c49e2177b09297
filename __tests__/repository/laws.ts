/** The laws of the architecture as data: which room may import which, and why. `docs/architecture.md` shows the same table. */

export interface Room {
  /** Rooms, or single files of rooms, that its files may import beside their own room. */
  readonly mayImport: readonly string[];
  /** Thought without hands: no `node:*`, no network, clock, randomness or environment. */
  readonly pure: boolean;
  readonly reason: string;
}

const words = ["model"];
const hands = ["model", "messages", "platform"];

/** Every folder of `src/`; one without a row here is a breach. */
export const rooms: { readonly [name: string]: Room } = {
  model: {
    mayImport: [],
    pure: true,
    reason: "the words of the domain depend on nothing, so that everything can depend on them",
  },
  messages: {
    mayImport: words,
    pure: true,
    reason: "a sentence needs only the words, so that one gallery can show them all",
  },
  compare: {
    mayImport: words,
    pure: true,
    reason: "a verdict follows from two values alone and is the same everywhere",
  },
  diagnose: { mayImport: ["model", "compare"], pure: true, reason: "a cause follows from measured differences alone" },
  audit: { mayImport: ["model", "messages"], pure: true, reason: "a rule reads its input and nothing else" },
  report: {
    mayImport: ["model", "messages"],
    pure: true,
    reason: "renderers read only the report, so that every surface tells the same",
  },
  page: {
    mayImport: ["model", "report"],
    pure: true,
    reason: "the program inside the HTML report runs in a browser, beside hostile text and without a network",
  },
  platform: {
    mayImport: ["model", "messages"],
    pure: false,
    reason: "files, processes and clocks know nothing of engines or goldens",
  },
  suite: { mayImport: hands, pure: false, reason: "what a user declares is checked before any engine is known" },
  goldens: { mayImport: hands, pure: false, reason: "a golden is kept without knowing who recorded it" },
  environment: { mayImport: hands, pure: false, reason: "a machine is measured without starting anything on it" },
  hub: {
    mayImport: hands,
    pure: false,
    reason: "one room knows the Hugging Face hub and its cache; engines get a folder",
  },
  engines: {
    mayImport: hands,
    pure: false,
    reason: "an engine yields a launch plan as data; engines times runtimes stays engines plus runtimes",
  },
  runtimes: { mayImport: hands, pure: false, reason: "a runtime executes any plan and knows no engine" },
  replay: {
    mayImport: [...hands, "engines/engine.ts", "runtimes/runtime.ts"],
    pure: false,
    reason: "cases are driven through the interfaces, never through one engine",
  },
  github: { mayImport: hands, pure: false, reason: "one room speaks to GitHub" },
  publish: {
    mayImport: [...hands, "report", "github"],
    pure: false,
    reason: "a destination gets the report and nothing else",
  },
  progress: {
    mayImport: ["model", "messages", "report"],
    pure: false,
    reason: "how a run is told while it goes on is the same for every entry",
  },
  demo: { mayImport: hands, pure: false, reason: "the demo brings real parts and lets the commands do the work" },
  commands: {
    mayImport: [
      ...hands,
      ...["compare", "diagnose", "audit", "report", "suite", "goldens", "environment", "engines", "runtimes", "replay"],
      ...["github", "publish", "demo", "hub"],
    ],
    pure: false,
    reason: "a verb composes rooms; it never prints and never exits",
  },
  cli: {
    mayImport: [...hands, "report", "progress", "commands", "publish", "github"],
    pure: false,
    reason: "an entry turns words into options and a report into an exit code",
  },
  action: {
    mayImport: [...hands, "report", "progress", "github", "commands", "publish"],
    pure: false,
    reason: "an entry turns inputs into options and a report into outputs",
  },
};

/** Packages that pure rooms may import: they compute and touch nothing. */
export const purePackages: readonly string[] = ["zod", "diff"];

/** What a pure room may not name: everything that differs from one moment or machine to the next. */
export const impureGlobals: readonly string[] = [
  ...["process", "globalThis", "global", "require", "crypto", "performance", "console"],
  ...["fetch", "WebSocket", "setTimeout", "setInterval", "setImmediate", "queueMicrotask"],
];
export const impureMembers: readonly string[] = ["Date.now", "Math.random", "import.meta"];

/** What turns text into markup or code, or reaches a network: the program of the page names none of it. */
export const markupMakers =
  /\b(?:innerHTML|outerHTML|insertAdjacentHTML|srcdoc|document\.write(?:ln)?|DOMParser|parseFromString|createContextualFragment|setHTMLUnsafe|eval|Function|XMLHttpRequest|EventSource|Worker|sendBeacon|importScripts)\b/;

/** Packages with one home: all of GitHub's own. */
export const packageHomes: readonly {
  readonly prefix: string;
  readonly room: string;
  readonly files: number;
  readonly reason: string;
}[] = [
  {
    prefix: "@actions/core",
    room: "action",
    files: 1,
    reason: "the runner's outputs and commands leave through one place",
  },
  {
    prefix: "@actions/cache",
    room: "github",
    files: 1,
    reason: "a large toolkit with a voice of its own, kept in one program that is started only where there is a cache",
  },
  {
    prefix: "@actions/github",
    room: "github",
    files: 1,
    reason: "one Octokit, so that rate limits and rights are handled once",
  },
  {
    prefix: "@huggingface/",
    room: "hub",
    files: 1,
    reason: "one place speaks to the hub, so that the token goes nowhere else",
  },
  {
    prefix: "@octokit/",
    room: "github",
    files: 1,
    reason: "one Octokit, so that rate limits and rights are handled once",
  },
];

/** Greatest number of lines; the first pattern that matches counts. */
export const lineLimits: readonly { readonly pattern: RegExp; readonly lines: number; readonly reason: string }[] = [
  { pattern: /^src\/(?:cli\/main|action\/.*)\.ts$/, lines: 150, reason: "an entry is thin" },
  { pattern: /^src\/messages\//, lines: 400, reason: "messages are a list, read one at a time" },
  { pattern: /^src\//, lines: 260, reason: "a file is one concept that fits into one view" },
];

/** Names that say nothing about what a file decides. */
export const emptyNames = /^(?:utils?|helpers?|lib|common|core|misc|manager|.*-(?:utils?|helpers?|manager|impl))$/;
