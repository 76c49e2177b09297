/** Compares the first cases of a prepared folder, in a process of its own so that its peak memory can be told. */
import { join } from "node:path";
import { compareCompletion } from "../src/compare/compare-completion.ts";
import { decodeGoldenBytes } from "../src/goldens/golden-codec.ts";
import { nodeFiles } from "../src/platform/files.ts";
import { completionOf } from "../src/replay/completion-line.ts";
import { readTranscript } from "../src/replay/transcript.ts";
import { placesIn } from "./compare-data.ts";

/** What the worker prints as one line of JSON. */
export interface WorkerResult {
  readonly matches: number;
  /** Milliseconds in reading and decoding the goldens, and in comparing; the rest went into the transcript. */
  readonly goldensMs: number;
  readonly compareMs: number;
  readonly peakRssMiB: number;
}

const [, , folder = "", count = "0"] = process.argv;
const places = placesIn(folder);
let [cases, matches, goldensMs, compareMs] = [0, 0, 0, 0];
for await (const line of readTranscript(places.transcript)) {
  if (cases === Number(count)) break;
  if (line.type !== "completion") continue;
  cases += 1;
  const completion = completionOf(line);
  const start = performance.now();
  const file = join(places.goldens, `${line.case}.json`);
  const bytes = await nodeFiles.readBytes(file);
  if (bytes === null) throw new Error(`${file} is missing`);
  const golden = decodeGoldenBytes(bytes, file);
  const decoded = performance.now();
  goldensMs += decoded - start;
  if (completion === null) continue;
  const { verdict } = compareCompletion(golden, completion, { tier: "bits", maxLogprobDelta: 0, nearTie: 0 });
  if (verdict === "match") matches += 1;
  compareMs += performance.now() - decoded;
}
const result: WorkerResult = { matches, goldensMs, compareMs, peakRssMiB: process.resourceUsage().maxRSS / 1024 };
console.log(JSON.stringify(result));
