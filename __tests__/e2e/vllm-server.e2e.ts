/** Record and check on vLLM's real server on the CPU with a small random model, and why it does not start. */
import { readFileSync, realpathSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { describePlantedChanges, patienceMs, revisions, vllmServerSubject } from "./planted-changes.ts";
import { processPlace } from "./process-place.ts";
import { vllmVersion } from "./real-vllm.ts";

describePlantedChanges(vllmServerSubject, processPlace, (checked, suite) => {
  describe("a server that does not start says why", () => {
    test(
      "an option that it does not know",
      async () => {
        const report = await checked({ args: { ...vllmServerSubject.words.args, max_modl_len: 5 } });
        const [problem] = report.problems;
        expect([report.exitCode, problem?.code]).toEqual([2, "engines/argument-not-taken"]);
        expect(problem?.found).toBe(`no option --max-modl-len in vLLM ${vllmVersion}`);
        expect(problem?.help[0]).toBe("Did you mean max_model_len?");
      },
      patienceMs,
    );

    test(
      "a file of weights that is cut short",
      async () => {
        const weights = realpathSync(join(suite().snapshot(revisions.recorded), "model.safetensors"));
        const kept = readFileSync(weights);
        writeFileSync(weights, kept.subarray(0, kept.length - 100));
        const report = await checked();
        writeFileSync(weights, kept);
        const [problem] = report.problems;
        expect([report.exitCode, problem?.code]).toEqual([3, "engines/model-unreadable"]);
        expect(problem?.title).toContain('"model.safetensors"');
        expect(problem?.found).toBe(`${kept.length - 100} bytes`);
        expect(problem?.expected).toBe(`${kept.length} bytes, as its header says`);
      },
      patienceMs,
    );

    test(
      "an exception in the process that computes, whose words have long scrolled away when the server gives up",
      async () => {
        const report = await checked({ args: { ...vllmServerSubject.words.args, num_gpu_blocks_override: 1 } });
        const [problem] = report.problems;
        expect([report.exitCode, problem?.code]).toEqual([3, "runtimes/exited-early"]);
        expect(problem?.found).toMatch(/^ValueError: No available memory for the cache blocks\..*; exit code 1 of /s);
        expect(problem?.help[0]).toBe(
          "The key-value cache does not fit: raise gpu_memory_utilization, or lower max_model_len.",
        );
        expect(problem?.help.at(-1)).toMatch(/^The whole log of the engine: .*\.log$/);
      },
      patienceMs,
    );
  });
});
