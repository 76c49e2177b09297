/** What the demo writes into its folder: suite, model and chat template, as a user would have them. */
import { constants } from "node:fs";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { type DemoSuite, demoChatTemplates, demoSeeds, demoSuiteText } from "./demo-suite.ts";
import type { RealParts } from "./real-parts.ts";

export interface DemoWorkspace {
  readonly suitePath: string;
  readonly suite: Omit<DemoSuite, "seed">;
  readonly modelPath: string;
  readonly originalModelPath: string;
  readonly chatTemplatePath: string;
  /** Puts the original weight file back. */
  restoreModel(): Promise<void>;
}

export interface DemoWorkspaceOptions {
  /** Claimed by the demo. */
  readonly folder: string;
  readonly parts: RealParts;
  readonly threads: number;
}

/** Writes everything as it is recorded; what an interrupted demo had planted is undone by that. */
export async function demoWorkspace({ folder, parts, threads }: DemoWorkspaceOptions): Promise<DemoWorkspace> {
  const suitePath = join(folder, "suite.yml");
  const modelPath = join(folder, "model", basename(parts.modelPath));
  const chatTemplatePath = join(folder, "chat-template.jinja");
  await mkdir(join(folder, "model"), { recursive: true });
  const restoreModel = async () => {
    await rm(modelPath, { force: true });
    await copyFile(parts.modelPath, modelPath, constants.COPYFILE_FICLONE);
  };
  const suite: Omit<DemoSuite, "seed"> = {
    serverCommand: parts.serverCommand,
    env: parts.env,
    modelPath: relative(folder, modelPath),
    chatTemplatePath: basename(chatTemplatePath),
    threads,
  };
  await restoreModel();
  await writeFile(chatTemplatePath, demoChatTemplates.recorded);
  await writeFile(suitePath, demoSuiteText({ ...suite, seed: demoSeeds.recorded }));
  return { suitePath, suite, modelPath, originalModelPath: parts.modelPath, chatTemplatePath, restoreModel };
}
