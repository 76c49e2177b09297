/** Runs the benchmarks named on the command line (`compare`, `overhead:5x64`), or all, and prints what was measured against each goal. Writes nothing. */

import { action } from "./action.ts";
import { attest } from "./attest.ts";
import type { Bench, Measurement } from "./bench.ts";
import { cancel } from "./cancel.ts";
import { compare } from "./compare.ts";
import { html } from "./html.ts";
import { image } from "./image.ts";
import { memory } from "./memory.ts";
import { overhead } from "./overhead.ts";
import { startup } from "./startup.ts";
import { summary } from "./summary.ts";
import { vllm } from "./vllm.ts";

const benches: { readonly [name: string]: Bench } = {
  startup,
  action,
  summary,
  compare,
  memory,
  overhead,
  vllm,
  attest,
  image,
  cancel,
  html,
};

const names = process.argv.slice(2);
const benchOf = (name: string) => name.split(":")[0] ?? "";
const unknown = names.filter((name) => !(benchOf(name) in benches));
if (unknown.length > 0) {
  console.error(`No benchmark is called ${unknown.join(", ")}; there are: ${Object.keys(benches).join(", ")}`);
  process.exitCode = 2;
} else {
  await run(names.length > 0 ? names : Object.keys(benches));
}

/** Exit code 0 when every goal is met, 1 when one is not. */
async function run(chosen: readonly string[]): Promise<void> {
  const measurements: Measurement[] = [];
  for (const name of chosen) {
    const say = (line: string) => console.error(`${name}: ${line}`);
    measurements.push(...((await benches[benchOf(name)]?.(say, name.split(":")[1] ?? null)) ?? []));
  }
  console.log(table(measurements));
  if (measurements.some((one) => !one.isMet)) process.exitCode = 1;
}

function table(measurements: readonly Measurement[]): string {
  const rows = [
    ["name", "measured", "ratio", "goal", "met"],
    ...measurements.map((one) => [one.name, one.measured, one.ratio ?? "–", one.goal, one.isMet ? "yes" : "NO"]),
  ];
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
