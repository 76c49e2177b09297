/** A model revision that is a branch or tag: refused with the commit to write, where that can be known without the network. */
import { movingRevision } from "../messages/suite-fields.ts";
import type { Problem } from "../model/problem.ts";
import { locationOf, nodeAt, type Source } from "./source-tree.ts";

/** The commit that a branch or tag of a model stands for, as far as this machine knows; null when it does not. */
export type CommitOfRef = (model: string, ref: string) => Promise<string | null>;

const at = ["model", "revision"] as const;

/** Says of a text that is no commit id what it is, in the place of the schema's own problem. */
export async function nameMovingRevision(source: Source, commitOf: CommitOfRef, problems: Problem[]): Promise<void> {
  const written = nodeAt(source, at)?.value;
  const name = nodeAt(source, ["model", "name"])?.value;
  if (typeof written !== "string" || typeof name !== "string" || name === "" || !/^[A-Za-z][\w./-]*$/.test(written))
    return;
  const location = locationOf(source, at);
  const index = problems.findIndex(
    (problem) => problem.location?.line === location.line && problem.location?.column === location.column,
  );
  if (index !== -1)
    problems[index] = movingRevision({ location, name, revision: written, commit: await commitOf(name, written) });
}
