/** A launch plan made concrete for this machine: slots filled, program found, files there. */
import { stat } from "node:fs/promises";
import { hostPathMissing, programNotExecutable, programNotFound, workingFolderMissing } from "../messages/runtimes.ts";
import type { LaunchPlan, LaunchWord } from "../model/launch-plan.ts";
import { GateError, type Problem } from "../model/problem.ts";
import { freePort } from "../platform/ports.ts";
import { findProgram } from "./find-program.ts";
import { maskedCommand } from "./masked-command.ts";

const loopback = "127.0.0.1";

export interface ResolvedLaunch {
  /** Absolute path of the program. */
  readonly program: string;
  /** Its arguments, without the program. */
  readonly args: readonly string[];
  readonly port: number;
  readonly baseUrl: string;
  /** The command line for people, with secrets masked and without the port, so that it is the same for each launch. */
  readonly command: string;
}

/** Throws GateError with everything that is missing: working folder, host paths, program. */
export async function resolvePlan(plan: LaunchPlan, path: string): Promise<ResolvedLaunch> {
  if (
    plan.transport === "http" &&
    !plan.argv.some((word) => typeof word !== "string" && "slot" in word && word.slot === "port")
  )
    throw new Error("the launch plan of an http engine has no slot for the port");
  const port = await freePort();
  const [first, ...args] = plan.argv.map((word) => fill(word, String(port)));
  const found = await findProgram(first ?? "", plan.workingDirectory, path);
  const problems: Problem[] = [];
  if (!(await isFolder(plan.workingDirectory))) problems.push(workingFolderMissing({ folder: plan.workingDirectory }));
  if (found.kind === "not-executable") problems.push(programNotExecutable({ path: found.path, hints: plan.hints }));
  if (found.kind === "missing")
    problems.push(programNotFound({ program: first ?? "", searched: found.searched, hints: plan.hints }));
  for (const word of plan.argv.slice(1)) {
    if (typeof word === "string" || !("hostPath" in word) || (await exists(word.hostPath))) continue;
    problems.push(hostPathMissing({ path: word.hostPath, hints: plan.hints }));
  }
  if (problems.length > 0 || found.kind !== "found") throw new GateError(problems);
  const command = maskedCommand(plan.argv.map((word) => fill(word, "<port>")));
  return { program: found.path, args, port, baseUrl: `http://${loopback}:${port}`, command };
}

function fill(word: LaunchWord, port: string): string {
  if (typeof word === "string") return word;
  const value = "hostPath" in word ? word.hostPath : word.slot === "port" ? port : loopback;
  return `${word.prefix ?? ""}${value}`;
}

const isFolder = (path: string) =>
  stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );

const exists = (path: string) =>
  stat(path).then(
    () => true,
    () => false,
  );
