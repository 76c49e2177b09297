/** Destination `annotations`: workflow commands in the log, which GitHub shows beside the changed lines; needs no permission. */
import { isAbsolute, relative, resolve } from "node:path";
import { workflowCommand } from "../report/escape/workflow-command.ts";
import { type Annotation, renderAnnotations } from "../report/render/annotations.ts";
import type { Destination } from "./destination.ts";

export interface AnnotationHands {
  /** Writes to the log that the runner reads. */
  readonly print: (text: string) => void;
  /** Whether the job fails for this verdict. */
  readonly fails: boolean;
}

export function annotationsDestination({ print, fails }: AnnotationHands): Destination {
  return {
    name: "annotations",
    async publish(report, { repositoryRoot }) {
      const annotations = renderAnnotations(report, { fails });
      for (const annotation of annotations) print(`${commandOf(annotation, repositoryRoot)}\n`);
      return annotations.length === 0
        ? { kind: "skipped", reason: "There is nothing to point at." }
        : { kind: "published", where: null };
    },
  };
}

function commandOf({ level, title, message, file, line }: Annotation, root: string): string {
  const path = file === null ? null : pathInRepository(file, root);
  return workflowCommand({
    name: level,
    properties: { file: path, line: path === null ? null : line, title },
    message,
  });
}

/** Relative to the root of the repository, as GitHub wants it; null for a file outside of it. */
export function pathInRepository(file: string, root: string): string | null {
  const path = relative(root, resolve(file)).replaceAll("\\", "/");
  return path === "" || path.startsWith("../") || isAbsolute(path) ? null : path;
}
