/** What a cause is called where a person reads it; in JSON and SARIF rules it keeps its id. */
import { changeKinds } from "../model/change-kinds.ts";
import type { Report } from "./report.ts";

/** More kinds than these name nothing. */
const mostKinds = 3;

/** A changed environment is called by what changed in it, such as `weights, engine settings`. */
export function causeName(cause: Report["diagnoses"][number]["cause"], { environment }: Report): string {
  const kinds = cause === "environment" ? changeKinds(environment.changes) : [];
  return kinds.length === 0 || kinds.length > mostKinds ? cause : kinds.join(", ");
}
