// Sums jest's results and the steps of .ci/run into the one line that a CI system reads: "N passed, N failed".
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = process.argv[2];
const counts = { passed: 0, failed: 0 };

for (const name of readdirSync(folder).filter((file) => file.endsWith(".json"))) {
  const result = JSON.parse(readFileSync(join(folder, name), "utf8"));
  // A file that could not even be loaded has no tests to count, and is a failure.
  const failed = result.numFailedTests + result.numRuntimeErrorTestSuites;
  counts.passed += result.numPassedTests;
  counts.failed += failed;
  console.log(`${name.replace(".json", "")}: ${result.numPassedTests} tests passed, ${failed} failed`);
}

const steps = join(folder, "steps.tsv");
const lines = existsSync(steps) ? readFileSync(steps, "utf8").trim().split("\n") : [];
for (const line of lines) {
  const [verdict, name] = line.split("\t");
  if (verdict === "passed") counts.passed += 1;
  else counts.failed += 1;
  console.log(`${name}: ${verdict}`);
}
if (lines.length === 0) counts.failed += 1;

console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;
