/** A file system that fails at its k-th operation, once or from then on, before or after doing it. */
import type { Files } from "../../src/platform/files.ts";

export class Interrupted extends Error {
  readonly code: string;

  constructor(code: string) {
    super(`${code}: planted`);
    this.code = code;
  }
}

export interface Interruption {
  /** 1-based operation at which it fails. */
  readonly at: number;
  /** `killed`: nothing works afterwards, as after SIGKILL; `once`: only that operation fails. */
  readonly kind: "killed" | "once";
  /** Whether the operation is still done. */
  readonly done: "before" | "after";
  readonly code: string;
}

export interface InterruptingFiles {
  readonly files: Files;
  /** Operations asked for so far. */
  count(): number;
}

export function interruptingFiles(files: Files, { at, kind, done, code }: Interruption): InterruptingFiles {
  let count = 0;
  const step = async <T>(work: () => Promise<T>): Promise<T> => {
    count += 1;
    const isHere = count === at;
    if (kind === "killed" && count > at) throw new Interrupted(code);
    if (!isHere) return work();
    if (done === "after") await work();
    throw new Interrupted(code);
  };
  return {
    count: () => count,
    files: {
      readText: (path) => step(() => files.readText(path)),
      readBytes: (path) => step(() => files.readBytes(path)),
      writeAtomic: (path, data) => step(() => files.writeAtomic(path, data)),
      append: (path, data) => step(() => files.append(path, data)),
      move: (from, to) => step(() => files.move(from, to)),
      list: (folder) => step(() => files.list(folder)),
      remove: (path) => step(() => files.remove(path)),
      exists: (path) => step(() => files.exists(path)),
      stat: (path) => step(() => files.stat(path)),
    },
  };
}
