/** Whole answers of a run that are needed once more, kept on the disk so that memory stays flat however many there are. */
import { randomUUID } from "node:crypto";
import { type FileHandle, open, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { deserialize, serialize } from "node:v8";
import type { CaseId } from "../model/case.ts";
import type { Completion } from "../model/completion.ts";
import { createFolder } from "../platform/files.ts";
import { aboutFile } from "../platform/thrown.ts";

/** One answer a case. Errors: those of the file system, with the path of the file. */
export interface KeptAnswers {
  /** In place of an earlier one. */
  keep(id: CaseId, completion: Completion): Promise<void>;
  /** With every bit; null when none was kept. */
  read(id: CaseId): Promise<Completion | null>;
  /** Nothing is left of them. */
  close(): Promise<void>;
}

/** The file is made in the folder with the first answer, and its name is taken away at once: no kill leaves one, and nobody else can read it. */
export function keptAnswers(folder: string): KeptAnswers {
  const path = join(folder, `.answers-${randomUUID()}`);
  const places = new Map<CaseId, { readonly at: number; readonly bytes: number }>();
  let file: FileHandle | null = null;
  let end = 0;
  const onDisk = async <T>(work: () => Promise<T>): Promise<T> => {
    try {
      return await work();
    } catch (error) {
      throw aboutFile(error, path);
    }
  };
  return {
    keep: (id, completion) =>
      onDisk(async () => {
        file ??= await nameless(path);
        const data = serialize(completion);
        for (let done = 0; done < data.length; )
          done += (await file.write(data, done, data.length - done, end + done)).bytesWritten;
        places.set(id, { at: end, bytes: data.length });
        end += data.length;
      }),
    read: (id) =>
      onDisk(async () => {
        const place = places.get(id);
        if (file === null || place === undefined) return null;
        const data = Buffer.alloc(place.bytes);
        for (let done = 0; done < data.length; ) {
          const { bytesRead } = await file.read(data, done, data.length - done, place.at + done);
          if (bytesRead === 0) throw new Error("the file ends before the answer that was written to it");
          done += bytesRead;
        }
        const completion: Completion = deserialize(data);
        return completion;
      }),
    close: async () => {
      const opened = file;
      file = null;
      places.clear();
      await opened?.close();
    },
  };
}

async function nameless(path: string): Promise<FileHandle> {
  await createFolder(dirname(path));
  const file = await open(path, "wx+", 0o600);
  await rm(path);
  return file;
}
