/**
 * The verdict as an in-toto statement v1 with a test-result predicate v0.1, for whoever signs it:
 * https://github.com/in-toto/attestation/tree/main/spec
 */
import { digestPattern } from "../../model/digest.ts";
import { jsonText } from "../escape/json-text.ts";
import type { Report } from "../report.ts";
import { runPage } from "./markdown/run-link.ts";

export const statementType = "https://in-toto.io/Statement/v1";
export const predicateType = "https://in-toto.io/attestation/test-result/v0.1";

/** ResourceDescriptor of the specification. */
interface Resource {
  readonly name: string;
  readonly digest: { readonly [algorithm: string]: string };
  readonly annotations?: { readonly [name: string]: string | number };
}

/** Null for a run that never got as far as its goldens: there is nothing that it could say of them. `runUrl`: page of the run, where it has one. */
export function renderStatement(report: Report, runUrl: string | null): string | null {
  const subject = subjectsOf(report);
  const predicate = predicateOf(report, runUrl);
  return predicate === null || subject.length === 0
    ? null
    : jsonText({ _type: statementType, subject, predicateType, predicate });
}

/** The predicate alone, as `actions/attest` takes it. Null as for the statement. */
export function renderPredicate(report: Report, runUrl: string | null): string | null {
  const predicate = predicateOf(report, runUrl);
  return predicate === null ? null : jsonText(predicate);
}

/** What the verdict is about: the lock, which holds a digest of every golden, and the image that was asked. */
function subjectsOf(report: Report): readonly Resource[] {
  const { digests } = report;
  if (digests === null) return [];
  const image = imageDigest(report);
  return [
    { name: digests.lock.file, digest: sha256(digests.lock.digest) },
    ...(image === null ? [] : [{ name: "image", digest: sha256(image) }]),
  ];
}

/** `PASSED` is a match in every case; `WARNED` a match of which some cases are within tolerance; anything else has failed. */
function predicateOf(report: Report, runUrl: string | null) {
  const { digests, counts, verdict, cases, suite } = report;
  if (digests === null || suite === null) return null;
  const named = (...verdicts: readonly string[]) =>
    cases.filter((item) => verdicts.includes(item.verdict)).map(({ id }) => id);
  const failed = cases.filter((item) => item.verdict !== "match" && item.verdict !== "close").map(({ id }) => id);
  const image = imageDigest(report);
  const url = runPage(runUrl);
  const configuration: readonly Resource[] = [
    { name: "contract", digest: sha256(digests.contract), annotations: runAnnotations(report) },
    { name: "goldens", digest: sha256(digests.goldens) },
    { name: digests.lock.file, digest: sha256(digests.lock.digest) },
    ...(image === null ? [] : [{ name: "image", digest: sha256(image) }]),
    ...(report.commit === null ? [] : [{ name: "source", digest: { gitCommit: report.commit } }]),
  ];
  return {
    result: verdict !== "match" ? "FAILED" : counts.close > 0 ? "WARNED" : "PASSED",
    configuration,
    ...(url === null ? {} : { url }),
    passedTests: named("match"),
    warnedTests: named("close"),
    failedTests: failed,
  };
}

/** What the standard fields have no place for. */
function runAnnotations({
  verdict,
  suite,
  generation,
  hardwareClass,
  tool,
  startedAt,
}: Report): Resource["annotations"] {
  return {
    ...{ verdict, tool, checkedAt: startedAt },
    ...(suite === null ? {} : { suite: suite.name, engine: suite.engine }),
    ...(generation === null ? {} : { generation }),
    ...(hardwareClass === null ? {} : { hardwareClass }),
  };
}

/** As the container runtime measured it; null for an engine without an image. */
function imageDigest({ environment }: Report): string | null {
  const value = environment.facts.find(({ key }) => key === "image.digest")?.value;
  return typeof value === "string" && digestPattern.test(value) ? value : null;
}

const sha256 = (digest: string) => ({ sha256: digest.slice("sha256:".length) });
