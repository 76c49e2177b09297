// Leaves jest's counts in the folder named by INFERENCE_GATE_TEST_RESULTS, one file a run, for scripts/ci-summary.mjs.
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

export default class ResultReporter {
  onRunComplete(_contexts, { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites, startTime }) {
    const folder = process.env.INFERENCE_GATE_TEST_RESULTS;
    if (!folder) return;
    mkdirSync(folder, { recursive: true });
    const counts = { numPassedTests, numFailedTests, numPendingTests, numRuntimeErrorTestSuites };
    writeFileSync(join(folder, `jest-${startTime}-${process.pid}.json`), JSON.stringify(counts));
  }
}
