/** What docker and podman say when a pull fails, sorted by what a user can do about it. Pure. */
import {
  imageNoSpace,
  imageNotFound,
  imagePullFailed,
  imageUnauthorised,
  imageWrongPlatform,
  registryUnreachable,
} from "../../messages/runtimes-image.ts";
import type { Problem } from "../../model/problem.ts";
import type { ContainerRuntimeName } from "../../model/suite.ts";

export interface FailedPull {
  readonly tool: ContainerRuntimeName;
  readonly image: string;
  /** The last lines of what it said. */
  readonly output: readonly string[];
  /** Such as `linux/amd64`. */
  readonly platform: string;
  /** Where images are kept; null when it is not known. */
  readonly folder: string | null;
  /** Such as `exit code 1`, or that the time was over. */
  readonly why: string;
}

// In this order: a registry that denies what does not exist is told as one that denies.
const signs: readonly (readonly [RegExp, (failed: FailedPull) => Problem])[] = [
  [/no space left on device|disk quota exceeded/i, imageNoSpace],
  [
    /no matching manifest for|no image found in (?:manifest list|image index)|does not match the (?:specified|expected) platform|does not provide the specified platform/i,
    ({ platform, ...failed }) => imageWrongPlatform({ ...failed, wanted: platform }),
  ],
  [
    /unauthorized|authentication required|access (?:to the resource is )?denied|denied:|no basic auth credentials|403 \(?Forbidden|401 \(?Unauthorized/i,
    imageUnauthorised,
  ],
  [/manifest unknown|not found|name unknown|repository does not exist|404/i, imageNotFound],
  [
    /no such host|connection refused|i\/o timeout|network is unreachable|no route to host|TLS handshake timeout|x509:|server gave HTTP response to HTTPS client|Client\.Timeout exceeded|connection reset|\bEOF$/i,
    registryUnreachable,
  ],
];

export function pullProblem(failed: FailedPull): Problem {
  const text = failed.output.join("\n");
  const [, build] = signs.find(([sign]) => sign.test(text)) ?? [null, imagePullFailed];
  return build(failed);
}
