/** How long the committed bundle takes to start and to say something, beside a Node that does nothing; and how large it is. */
import { spawn } from "node:child_process";
import { mkdtemp, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { type Bench, type Measurement, median } from "./bench.ts";

const bundle = resolve("dist/inference-gate.mjs");
const rounds = 15;
const goalMs = 300;
const goalBytes = 2_000_000;

const nothing = { name: "node -e 0", argv: ["-e", "0"], exitCode: 0 };
const starts = [
  { name: "--version", argv: [bundle, "--version"], exitCode: 0 },
  { name: "--help", argv: [bundle, "--help"], exitCode: 0 },
  { name: "check of a suite that is missing", argv: [bundle, "check", "--suite", "missing.yml"], exitCode: 2 },
];

export const startup: Bench = async (say) => {
  const folder = await mkdtemp(join(tmpdir(), "inference-gate-bench-"));
  try {
    say(`starting each in turns, ${rounds} rounds`);
    const times = new Map<string, number[]>([nothing, ...starts].map(({ name }) => [name, []]));
    for (let round = 0; round < rounds; round += 1) {
      for (const { name, argv, exitCode } of [nothing, ...starts]) {
        times.get(name)?.push(await runOnce(argv, folder, exitCode));
      }
    }
    const medianOf = (name: string) => median(times.get(name) ?? []);
    const bare = medianOf(nothing.name);
    const measured = starts.map(({ name }): Measurement => {
      const ms = medianOf(name);
      return {
        name: `start-up: ${name}`,
        measured: `${ms.toFixed(0)} ms`,
        ratio: `${(ms / bare).toFixed(2)}× ${nothing.name} (${bare.toFixed(0)} ms)`,
        goal: `under ${goalMs} ms`,
        isMet: ms < goalMs,
      };
    });
    const { size } = await stat(bundle);
    const megabytes = (bytes: number) => `${(bytes / 1e6).toFixed(2)} MB`;
    return [
      ...measured,
      {
        name: "size of the bundle",
        measured: megabytes(size),
        ratio: null,
        goal: `under ${megabytes(goalBytes)}`,
        isMet: size < goalBytes,
      },
    ];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};

/** Milliseconds until the process has ended. Throws for another exit code. */
async function runOnce(argv: readonly string[], cwd: string, exitCode: number): Promise<number> {
  const start = performance.now();
  const child = spawn(process.execPath, argv, { cwd, stdio: "ignore" });
  const code = await new Promise((done, fail) => child.on("error", fail).on("close", done));
  if (code !== exitCode) throw new Error(`${argv.join(" ")} ended with ${code}`);
  return performance.now() - start;
}
