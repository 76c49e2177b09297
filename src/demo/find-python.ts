/** Finds a Python that the demo's server can run in. */
import { runTool, type ToolOptions } from "./run-tool.ts";

export interface Python {
  /** Command or absolute path, as `sys.executable` tells it. */
  readonly command: string;
  /** Such as `3.11`. */
  readonly version: string;
}

/** The package's stable-ABI wheels ask for 3.10. */
export const oldestPython = { major: 3, minor: 10 };

const candidates = ["python3", "python3.13", "python3.12", "python3.14", "python3.11", "python3.10", "python"];
const question = 'import sys; print("%d.%d|%s" % (sys.version_info[0], sys.version_info[1], sys.executable))';

/** The first Python on PATH that is new enough, or null with what was found instead, such as `python3 is Python 3.9`. */
export async function findPython(options: ToolOptions): Promise<Python | { readonly tooOld: readonly string[] }> {
  const tooOld: string[] = [];
  for (const command of candidates) {
    const answer = await runTool([command, "-c", question], options);
    const [, major, minor, executable] = answer.stdout.match(/^(\d+)\.(\d+)\|(.*)$/m) ?? [];
    if (!answer.succeeded || executable === undefined) continue;
    const version = `${major}.${minor}`;
    if (Number(major) === oldestPython.major && Number(minor) >= oldestPython.minor) {
      return { command: executable === "" ? command : executable, version };
    }
    tooOld.push(`${command} is Python ${version}`);
  }
  return { tooOld };
}
