/** What the steps of the GitHub Action take beside the run itself: loading the bundle, everything that is shown, and cleaning up. */
import { spawn } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { parseReport } from "../src/report/parse-report.ts";
import { type Bench, median } from "./bench.ts";

const bundle = resolve("dist/action.mjs");
const program = resolve("dist/inference-gate.mjs");
const rounds = 7;
const importGoalMs = 150;
const stepsGoalMs = 1000;

const suite = `version: 1
name: bench
runtime: process
engine: { name: scripted, args: { script: script.yml } }
sampling: { temperature: 0, seed: 1, max_tokens: 64 }
cases:
  - { id: alpha, prompt: Say alpha. }
  - { id: beta, prompt: Say beta. }
`;
/** Stands in for what the script step hands over: it appends to the same files. */
const head = `import { appendFileSync } from "node:fs";
const core = {
  setSecret: () => {},
  setOutput: (name, value) => appendFileSync(process.env.GITHUB_OUTPUT, name + "=" + value + "\\n"),
  summary: { addRaw: (text) => ({ write: async () => appendFileSync(process.env.GITHUB_STEP_SUMMARY, text) }) },
};`;

export const action: Bench = async (say) => {
  const folder = await mkdtemp(join(tmpdir(), "inference-gate-bench-"));
  try {
    const env = await recorded(folder);
    say(`the gate step on a drifting suite and the clean-up step, ${rounds} rounds; needs a built dist/`);
    const step = (script: string) => timed(["--input-type=module", "-e", script], folder, env);
    const bare: number[] = [];
    const imports: number[] = [];
    const overheads: number[] = [];
    for (let round = 0; round < rounds; round += 1) {
      const nothing = await step("0");
      bare.push(nothing);
      imports.push((await step(`await import(${JSON.stringify(bundle)});`)) - nothing);
      await writeFile(env.GITHUB_OUTPUT, "");
      const gate = await step(`${head} const { gate } = await import(${JSON.stringify(bundle)}); await gate(core);`);
      const cleanUp = await step(`const { cleanUp } = await import(${JSON.stringify(bundle)}); await cleanUp();`);
      overheads.push(gate + cleanUp - (await runMs(env.GITHUB_OUTPUT)));
    }
    const ratio = (ms: number) => `${(ms / median(bare)).toFixed(1)}× node -e 0 (${median(bare).toFixed(0)} ms)`;
    return [
      {
        name: "loading the action's bundle",
        measured: `${median(imports).toFixed(0)} ms`,
        ratio: ratio(median(imports)),
        goal: `under ${importGoalMs} ms`,
        isMet: median(imports) < importGoalMs,
      },
      {
        name: "the action's steps beside the run",
        measured: `${median(overheads).toFixed(0)} ms`,
        ratio: ratio(median(overheads)),
        goal: `under ${stepsGoalMs} ms`,
        isMet: median(overheads) < stepsGoalMs,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Records the suite, lets one case drift, and gives the variables of a step. */
async function recorded(folder: string) {
  await mkdir(join(folder, "inference-gate"));
  await mkdir(join(folder, "temp"));
  const script = join(folder, "inference-gate", "script.yml");
  const steady = "version: 1\ndefault: { generate: {} }\n";
  await writeFile(join(folder, "inference-gate", "suite.yml"), suite);
  await writeFile(script, steady);
  await writeFile(join(folder, "event.json"), "{}");
  const plain = { PATH: process.env.PATH, HOME: folder, INFERENCE_GATE_STATE: join(folder, "state") };
  await timed([program, "record"], folder, plain);
  await writeFile(script, `${steady}cases: { beta: { generate: { change_at: 40 } } }\n`);
  return {
    ...plain,
    GITHUB_ACTIONS: "true",
    GITHUB_EVENT_NAME: "push",
    GITHUB_EVENT_PATH: join(folder, "event.json"),
    GITHUB_OUTPUT: join(folder, "output"),
    GITHUB_STEP_SUMMARY: join(folder, "summary"),
    GITHUB_WORKSPACE: folder,
    RUNNER_TEMP: join(folder, "temp"),
    INFERENCE_GATE_INPUTS: "{}",
  };
}

/** How long the run itself took, engine and all; throws when it did not find the drift. */
async function runMs(outputs: string): Promise<number> {
  const path = /^report=(.*)$/m.exec(await readFile(outputs, "utf8"))?.[1] ?? "";
  const report = parseReport(await readFile(path, "utf8"), path);
  if (report.verdict !== "drift") throw new Error(`the gate found ${report.verdict}`);
  return report.durationMs;
}

/** Milliseconds until the process has ended. */
function timed(argv: readonly string[], cwd: string, env: NodeJS.ProcessEnv): Promise<number> {
  const begin = performance.now();
  const child = spawn(process.execPath, argv, { cwd, env, stdio: "ignore" });
  return new Promise((done, failed) => {
    child.once("error", failed);
    child.once("exit", () => done(performance.now() - begin));
  });
}
