/** Goldens that a change brings itself: what it re-records cannot be judged by comparing with it. */

export const acceptPolicies = ["with-reason", "never", "always"] as const;
/** Whether goldens that differ from the base branch's may pass: with a reason in the lock, never, or always. */
export type AcceptPolicy = (typeof acceptPolicies)[number];

export const goldenChangeKinds = ["changed", "added", "removed"] as const;
export type GoldenChangeKind = (typeof goldenChangeKinds)[number];
