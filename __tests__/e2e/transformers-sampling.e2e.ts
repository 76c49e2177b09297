/** The transformers driver draws what vLLM draws: its sampling against vLLM's own functions, on the same logits with the same seed. */
import { execFileSync } from "node:child_process";
import { resolve } from "node:path";
import { expect, test } from "@jest/globals";
import { realVllmForTests } from "./real-vllm.ts";

test("penalties, temperature, min_p, top_k, top_p and the draw itself agree in every case", async () => {
  const { python } = await realVllmForTests();
  const script = resolve("__tests__", "e2e", "compare_sampling.py");
  const out = execFileSync(python, [script, resolve("drivers", "inference_gate")], {
    encoding: "utf8",
    stdio: ["ignore", "pipe", "pipe"],
  });
  expect(JSON.parse(out.trimEnd().split("\n").at(-1) ?? "")).toEqual({ cases: 400, differences: [] });
});
