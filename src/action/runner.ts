/** GitHub's runner: outputs, the step's summary and masks, through the toolkit that the script step hands over. */
import type * as core from "@actions/core";

/** What `actions/github-script` gives its script as `core`; no copy of the toolkit is loaded for it. */
export type Core = Pick<typeof core, "setOutput" | "setSecret" | "summary">;

export interface Runner {
  setOutput(name: string, value: string): void;
  /** Null where there is no step to have a summary. */
  readonly appendSummary: ((markdown: string) => Promise<void>) | null;
  /** Lets the runner mask a value in the logs of this job. */
  hide(secret: string): void;
}

export function runnerBy(core: Core, env: NodeJS.ProcessEnv): Runner {
  return {
    setOutput: (name, value) => core.setOutput(name, value),
    appendSummary:
      (env.GITHUB_STEP_SUMMARY ?? "") === ""
        ? null
        : async (markdown) => {
            await core.summary.addRaw(markdown).write();
          },
    hide: (secret) => {
      // Elsewhere nobody takes the command out of the log, and it would tell what it hides.
      if (env.GITHUB_ACTIONS === "true") core.setSecret(secret);
    },
  };
}
