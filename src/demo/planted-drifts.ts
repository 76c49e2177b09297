/** The three changes that the demo plants, each as a change of the files that a user would have changed. */
import { rm, writeFile } from "node:fs/promises";
import { demoChatTemplates, demoSeeds, demoSuiteText, demoWeightEdit } from "./demo-suite.ts";
import type { DemoWorkspace } from "./demo-workspace.ts";
import { editWeights } from "./edit-weights.ts";

export interface PlantedDrift {
  readonly title: string;
  /** What is changed, in plain words. */
  readonly change: string;
  /** What of it is shown: its report, or one split from near as well. */
  readonly show: "report" | "close-up";
  plant(workspace: DemoWorkspace): Promise<void>;
  /** Puts everything back as it was recorded. */
  undo(workspace: DemoWorkspace): Promise<void>;
}

const writeSuite = (workspace: DemoWorkspace, seed: number) =>
  writeFile(workspace.suitePath, demoSuiteText({ ...workspace.suite, seed }));

export const plantedDrifts: readonly PlantedDrift[] = [
  {
    title: "Somebody changes the seed",
    change: `suite.yml: seed: ${demoSeeds.recorded} becomes seed: ${demoSeeds.changed}`,
    show: "report",
    plant: (workspace) => writeSuite(workspace, demoSeeds.changed),
    undo: (workspace) => writeSuite(workspace, demoSeeds.recorded),
  },
  {
    title: "Somebody replaces the weight file",
    change: `${demoWeightEdit.tensor}: one row is stored with 3 bits a weight in place of 4; name and size of the file stay`,
    show: "close-up",
    async plant(workspace) {
      await rm(workspace.modelPath, { force: true });
      await editWeights(workspace.originalModelPath, workspace.modelPath, demoWeightEdit);
    },
    undo: (workspace) => workspace.restoreModel(),
  },
  {
    title: "Somebody edits the chat template",
    change: "chat-template.jinja: the line break before the answer is gone",
    show: "report",
    plant: (workspace) => writeFile(workspace.chatTemplatePath, demoChatTemplates.changed),
    undo: (workspace) => writeFile(workspace.chatTemplatePath, demoChatTemplates.recorded),
  },
];
