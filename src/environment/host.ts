/** Facts of the machine that are only noted: they explain a puzzle afterwards and change no output by themselves. */
import { arch, release, type as systemType, totalmem } from "node:os";
import type { Fact } from "../model/fingerprint.ts";
import type { Files } from "../platform/files.ts";

/** `host.os`, `host.kernel`, `host.architecture`, `host.memory.mib`. */
export async function hostFacts(files: Files): Promise<readonly Fact[]> {
  const osRelease = await files.readText("/etc/os-release");
  const named = osRelease === null ? null : prettyName(osRelease);
  return [
    { key: "host.os", value: named ?? systemType(), source: named === null ? "node:os" : "/etc/os-release" },
    { key: "host.kernel", value: `${systemType()} ${release()}`, source: "node:os" },
    { key: "host.architecture", value: arch(), source: "node:os" },
    { key: "host.memory.mib", value: Math.floor(totalmem() / (1 << 20)), source: "node:os" },
  ];
}

/** PRETTY_NAME of /etc/os-release, see os-release(5); null when it is not there. */
export function prettyName(osRelease: string): string | null {
  const match = /^PRETTY_NAME=(?:"([^"\n]*)"|'([^'\n]*)'|([^\s"']*))\s*$/m.exec(osRelease);
  return match?.[1] ?? match?.[2] ?? match?.[3] ?? null;
}
