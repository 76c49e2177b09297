/** What is wrong with goldens that a pull request changes itself. */
import type { SourceLocation } from "../model/problem.ts";
import { message } from "./message.ts";
import { quoted } from "./quoted.ts";

const whole = (file: string): SourceLocation => ({ file, line: null, column: null });
const listed = (ids: readonly string[]) =>
  `${ids.slice(0, 8).join(", ")}${ids.length > 8 ? `, and ${ids.length - 8} more` : ""}`;

export const baseNotThere = message<{ ref: string; file: string; why: string }>(
  {
    code: "goldens/base-not-there",
    verdict: "usage",
    explanation:
      "The goldens are compared with those of the base branch, whose files are read from git. A checkout of GitHub holds one commit only, " +
      "unless it is told to fetch more; then the action asks GitHub for the files, with the job's token.",
    example: {
      ref: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
      file: "inference-gate/suite.lock.yml",
      why: "the clone has no such commit, branch or tag",
    },
  },
  ({ ref, file, why }) => ({
    title: `The base ${quoted(ref)} cannot be read.`,
    location: whole(file),
    found: why,
    expected: "a clone that holds the base commit",
    help: [
      "In the workflow, let actions/checkout fetch it: with: { fetch-depth: 0 }",
      "Or fetch just that commit: git fetch --no-tags --depth=1 origin <commit>",
      "Or let the token of the job read the code: permissions: { contents: read }",
    ],
  }),
);

export const goldensNotCompared = message<{ ref: string; file: string; why: string }>(
  {
    code: "goldens/not-compared-with-base",
    verdict: "usage",
    explanation:
      "A pull request may bring goldens of its own, and comparing with those proves nothing. So the goldens are held against those of its base, which is " +
      "read from the clone, or from GitHub where the clone does not hold it. Neither was possible, and no policy was asked for: the verdict stands, and " +
      "whoever reviews the change must look at its goldens. With `accept-changes` the run is refused in place of this warning.",
    example: {
      ref: "0a1b2c3d4e5f60718293a4b5c6d7e8f901234567",
      file: "inference-gate/suite.lock.yml",
      why: "the clone has no such commit, branch or tag, and GitHub did not tell: Not Found",
    },
  },
  ({ ref, file, why }) => ({
    title: "The goldens of this change were not compared with those of its base.",
    location: whole(file),
    found: `base ${quoted(ref.slice(0, 12))}: ${why}`,
    expected: "the goldens of the base, in the clone or from GitHub",
    help: [
      "Look at the goldens and the lock that this change brings: its verdict says nothing about them.",
      "In the workflow, let actions/checkout fetch the base: with: { fetch-depth: 0 }",
      "Or let the token read the code: permissions: { contents: read }",
    ],
  }),
);

export const goldensChanged = message<{
  file: string;
  cases: readonly string[];
  policy: "with-reason" | "never";
}>(
  {
    code: "goldens/changed-against-policy",
    verdict: "usage",
    explanation:
      "The change replaces or removes goldens that it is held against. Comparing with goldens that the change itself brings proves " +
      "nothing, so it must be allowed on purpose: `accept-changes: with-reason` wants a generation in the lock that the base does not have, " +
      "with a reason, as `record` and `accept` write it; `never` wants goldens to be changed in a pull request of their own kind.",
    example: { file: "inference-gate/suite.lock.yml", cases: ["essay"], policy: "with-reason" },
  },
  ({ file, cases, policy }) => ({
    title:
      cases.length === 1
        ? "This change replaces or removes a golden, which its policy does not allow."
        : `This change replaces or removes ${cases.length} goldens, which its policy does not allow.`,
    location: whole(file),
    found: `${policy === "never" ? "goldens that differ from the base's" : "no new generation with a reason"}: ${listed(cases)}`,
    expected:
      policy === "never"
        ? "the goldens of the base, since accept-changes is never"
        : "a reason in the lock for each of them",
    help:
      policy === "never"
        ? ["Bring new goldens in a change that is allowed to: --accept-changes with-reason"]
        : [
            'Take the answers with a reason: inference-gate accept --reason "…"',
            "Or restore the goldens of the base, and let the check judge the change.",
          ],
  }),
);

export const lockChanged = message<{
  file: string;
  changes: readonly string[];
  policy: "with-reason" | "never";
}>(
  {
    code: "goldens/lock-changed-against-policy",
    verdict: "usage",
    explanation:
      "The lock says beside its goldens in which environment and from which suite they were recorded, and why each generation was. The change writes " +
      "something else there than the base has, without a generation that speaks for it: a check that holds the engine against such words proves nothing. " +
      "Only `record` and `accept` write them, as a new generation with a reason; a generation that the base has is never rewritten.",
    example: {
      file: "inference-gate/suite.lock.yml",
      changes: ["software: generation 1 was rewritten", "software: engine version b6811 → b6812"],
      policy: "with-reason",
    },
  },
  ({ file, changes, policy }) => ({
    title: "This change edits the lock beside its goldens, which its policy does not allow.",
    location: whole(file),
    found: changes[0] ?? null,
    expected:
      policy === "never"
        ? "what the lock of the base says, since accept-changes is never"
        : "what the lock of the base says, or a new generation with a reason",
    evidence: changes.slice(1, 20),
    help: [
      'Restore the lock of the base, then record on the engine that is meant: inference-gate record --mode all --reason "…"',
      ...(policy === "never" ? ["Bring it in a change that is allowed to: --accept-changes with-reason"] : []),
    ],
  }),
);

export const goldenChangesMessages = [baseNotThere, goldensNotCompared, goldensChanged, lockChanged];
