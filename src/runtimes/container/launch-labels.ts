/** The labels of everything that a launch makes, by which a later run knows whose it is and whether that owner still lives. */
import { hostname } from "node:os";
import { z } from "zod";
import type { ProcessIdentity } from "../../platform/process-identity.ts";
import type { LaunchRecord } from "../launch-records.ts";

const prefix = "inference-gate";

/** The label by which all of ours are found; its value is the launch id. */
export const launchLabel = `${prefix}.launch`;

/** The job of a CI service; empty texts outside of one. */
export interface Job {
  readonly repository: string;
  readonly run: string;
  readonly attempt: string;
  readonly job: string;
  readonly runner: string;
}

export interface LabelledLaunch {
  readonly launch: string;
  readonly owner: ProcessIdentity;
  readonly place: LaunchRecord["place"];
  readonly job: Job;
}

type Environment = { readonly [name: string]: string | undefined };

/** Of GitHub's runner; see https://docs.github.com/actions/reference/workflows-and-actions/variables. */
export function ownJob(env: Environment): Job {
  return {
    repository: env.GITHUB_REPOSITORY ?? "",
    run: env.GITHUB_RUN_ID ?? "",
    attempt: env.GITHUB_RUN_ATTEMPT ?? "",
    job: env.GITHUB_JOB ?? "",
    runner: env.RUNNER_NAME ?? (env.GITHUB_RUN_ID === undefined ? "" : hostname()),
  };
}

export function labelsOf({ launch, owner, place, job }: LabelledLaunch): { readonly [label: string]: string } {
  return {
    [launchLabel]: launch,
    [`${prefix}.repository`]: job.repository,
    [`${prefix}.run`]: job.run,
    [`${prefix}.attempt`]: job.attempt,
    [`${prefix}.job`]: job.job,
    [`${prefix}.runner`]: job.runner,
    [`${prefix}.owner.pid`]: String(owner.pid),
    [`${prefix}.owner.started`]: String(owner.startedTicks),
    [`${prefix}.owner.boot`]: owner.bootId,
    [`${prefix}.owner.host`]: place.host,
    [`${prefix}.owner.pid-namespace`]: place.pidNamespace,
  };
}

const labels = z.looseObject({
  [launchLabel]: z.uuid(),
  [`${prefix}.repository`]: z.string(),
  [`${prefix}.run`]: z.string(),
  [`${prefix}.attempt`]: z.string(),
  [`${prefix}.job`]: z.string(),
  [`${prefix}.runner`]: z.string(),
  [`${prefix}.owner.pid`]: z.coerce.number().int().positive(),
  [`${prefix}.owner.started`]: z.coerce.number(),
  [`${prefix}.owner.boot`]: z.string(),
  [`${prefix}.owner.host`]: z.string(),
  [`${prefix}.owner.pid-namespace`]: z.string(),
});

/** Null for labels that we have not written like this: what is not understood is never ended. */
export function readLabels(found: unknown): LabelledLaunch | null {
  const parsed = labels.safeParse(found);
  if (!parsed.success) return null;
  const text = (name: string) => String(parsed.data[`${prefix}.${name}`]);
  return {
    launch: text("launch"),
    owner: {
      pid: Number(text("owner.pid")),
      startedTicks: Number(text("owner.started")),
      bootId: text("owner.boot"),
    },
    place: { host: text("owner.host"), pidNamespace: text("owner.pid-namespace") },
    job: {
      repository: text("repository"),
      run: text("run"),
      attempt: text("attempt"),
      job: text("job"),
      runner: text("runner"),
    },
  };
}

/** Whether both are the same attempt of the same job on the same runner; false outside of a CI service. */
export function isSameJob(one: Job, other: Job): boolean {
  if (one.run === "") return false;
  return (
    one.repository === other.repository &&
    one.run === other.run &&
    one.attempt === other.attempt &&
    one.job === other.job &&
    one.runner === other.runner
  );
}
