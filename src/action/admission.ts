/** What must hold before anything of the repository is run: whose code it is, and that the folders that inputs name are there. */
import { resolve } from "node:path";
import type { GitHubEvent } from "../github/event.ts";
import { dependabotRefused, foreignHeadRefused, forkRefused, inputInvalid } from "../messages/action.ts";
import type { Problem } from "../model/problem.ts";
import type { Files } from "../platform/files.ts";
import type { InputName, Inputs } from "./inputs.ts";

/** Nothing when the run may go on. */
export function refusalsOf({ name, repository, origin }: GitHubEvent, inputs: Inputs): readonly Problem[] {
  switch (origin.kind) {
    case "own":
      return [];
    case "fork": {
      const head = origin.repository ?? "a repository that is gone";
      return inputs["allow-forks"] ? [] : [forkRefused({ head, base: repository ?? "this repository" })];
    }
    case "foreign-head": {
      const found = origin.found ?? "no commit that git's files tell of";
      return inputs["allow-forks"] ? [] : [foreignHeadRefused({ event: name, found, expected: origin.expected })];
    }
    case "dependabot":
      return inputs["allow-dependabot"] ? [] : [dependabotRefused({ head: origin.branch })];
  }
}

export interface Folders {
  /** Absolute. */
  readonly working: string;
  /** Absolute; null when the input was not given. */
  readonly hfCache: string | null;
  readonly problems: readonly Problem[];
}

/** Relative ones begin at the root of the repository. */
export async function foldersOf(inputs: Inputs, root: string, files: Files): Promise<Folders> {
  const working = resolve(root, inputs["working-directory"]);
  const hfCache = inputs["hf-cache"] === "" ? null : resolve(root, inputs["hf-cache"]);
  const problems: Problem[] = [];
  const demand = async (input: InputName, folder: string, written: string) => {
    if ((await files.stat(folder))?.isFolder !== true) {
      problems.push(inputInvalid({ input, found: written, expected: "a folder that is there" }));
    }
  };
  await demand("working-directory", working, inputs["working-directory"]);
  if (hfCache !== null) await demand("hf-cache", hfCache, inputs["hf-cache"]);
  return { working, hfCache, problems };
}
