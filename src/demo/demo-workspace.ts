/** The folder in which the demo keeps its suite, its model and its goldens, as a user would have them. */
import { constants } from "node:fs";
import { copyFile, mkdir, rm, writeFile } from "node:fs/promises";
import { basename, join, relative } from "node:path";
import { type DemoSuite, demoChatTemplates, demoSeeds, demoSuiteText } from "./demo-suite.ts";
import type { RealParts } from "./real-parts.ts";

export interface DemoWorkspace {
  readonly folder: string;
  readonly suitePath: string;
  readonly suite: Omit<DemoSuite, "seed">;
  readonly modelPath: string;
  readonly originalModelPath: string;
  readonly chatTemplatePath: string;
  /** Puts the original weight file back. */
  restoreModel(): Promise<void>;
}

export interface DemoWorkspaceOptions {
  readonly folder: string;
  readonly parts: RealParts;
  readonly threads: number;
  /** `forget` removes goldens and lock of an earlier demo. */
  readonly goldens: "keep" | "forget";
}

/** Writes suite, chat template and model into the folder; what an interrupted demo had planted is undone by that. */
export async function demoWorkspace({ folder, parts, threads, goldens }: DemoWorkspaceOptions): Promise<DemoWorkspace> {
  const suitePath = join(folder, "suite.yml");
  const modelPath = join(folder, "model", basename(parts.modelPath));
  const chatTemplatePath = join(folder, "chat-template.jinja");
  await mkdir(join(folder, "model"), { recursive: true });
  if (goldens === "forget") {
    await rm(join(folder, "goldens"), { recursive: true, force: true });
    await rm(join(folder, "suite.lock.yml"), { force: true });
  }
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
  return { folder, suitePath, suite, modelPath, originalModelPath: parts.modelPath, chatTemplatePath, restoreModel };
}
