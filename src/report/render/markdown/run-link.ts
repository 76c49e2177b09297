/** Links to the page of a run at GitHub, and to what it has uploaded. */
import { markdownCode } from "../../escape/markdown.ts";

/** Null for what is no plain address of a page: it would not stay within its link. */
export function runPage(runUrl: string | null): string | null {
  return runUrl !== null && /^https?:\/\/[\w.:-]+\/[\w./-]+$/.test(runUrl) ? runUrl : null;
}

/** The artifact's name; as a link to the list of artifacts where the page of the run is known: its own address is not, before it is uploaded. */
export function artifactLink(artifact: string, runUrl: string | null): string {
  const page = runPage(runUrl);
  return page === null ? markdownCode(artifact) : `[${markdownCode(artifact)}](${page}#artifacts)`;
}
