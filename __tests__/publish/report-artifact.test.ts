import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import { artifactNameOf, jobOfArtifact } from "../../src/publish/report-artifact.ts";

const key = "0123456789ab";

describe("the artifact of a report", () => {
  test.each<[string, string]>([
    ["gpu-a, 2", "inference-gate-report-gpu-a,2"],
    ["vllm 0.32", `inference-gate-report-vllm-0.32-${key}`],
    ["a/b:c", `inference-gate-report-a-b-c-${key}`],
    [`a, b ${key}`, `inference-gate-report-a,b-${key}`],
  ])("of the job %j is called %s", (label, name) => {
    expect(artifactNameOf({ label, key })).toBe(name);
  });

  test("outside of a matrix is called as ever", () => {
    expect(artifactNameOf(null)).toBe("inference-gate-report");
    expect(jobOfArtifact("inference-gate-report")).toBeNull();
    expect(jobOfArtifact("mine")).toBeNull();
  });

  test("has a name that GitHub takes, whatever the label is, and tells of its job", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 100 }), (label) => {
        const name = artifactNameOf({ label, key });
        expect(name).toMatch(/^[\w.,-]{1,200}$/);
        expect(jobOfArtifact(name)?.label).toBe(name.slice("inference-gate-report-".length));
      }),
    );
  });
});
