/** The name under which a job uploads its report: the jobs of a matrix have one each, or the last one would replace the others'. */
import type { MatrixJob } from "../model/matrix-job.ts";
import { digestOf } from "../platform/hashing.ts";

export const reportArtifact = "inference-gate-report";

/** Such as `inference-gate-report-gpu-a,2`: of characters that GitHub takes and no shell minds. */
export function artifactNameOf(job: MatrixJob | null): string {
  if (job === null) return reportArtifact;
  const word = job.label.replaceAll(", ", ",");
  const safe = word.replace(/[^\w.,-]+/g, "-");
  return `${reportArtifact}-${safe}${safe === word || safe.endsWith(job.key) ? "" : `-${job.key}`}`;
}

/** The job as far as the name of its artifact tells, which is all that is known of it elsewhere; null when it tells of none. */
export function jobOfArtifact(name: string): MatrixJob | null {
  const prefix = `${reportArtifact}-`;
  if (!name.startsWith(prefix)) return null;
  return { label: name.slice(prefix.length).slice(0, 100), key: digestOf(name).slice("sha256:".length).slice(0, 12) };
}
