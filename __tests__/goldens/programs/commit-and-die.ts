/** Commits a recording and kills itself by SIGKILL in the middle of its k-th operation: `node … <suite folder> <k>`. Ends with 0 when k is beyond the last. */
import { commitRecording } from "../../../src/goldens/recording.ts";
import { type Files, nodeFiles } from "../../../src/platform/files.ts";
import { newRecording } from "../suite-on-disk.ts";

const [folder = "", at = "0"] = process.argv.slice(2);
let count = 0;

function step<T>(work: () => Promise<T>): Promise<T> {
  count += 1;
  const working = work();
  // One turn of the event loop later the operation has begun and most likely not ended.
  if (count === Number(at)) setImmediate(() => process.kill(process.pid, "SIGKILL"));
  return count === Number(at) ? new Promise(() => {}) : working;
}

const files: Files = {
  ...nodeFiles,
  writeAtomic: (path, data) => step(() => nodeFiles.writeAtomic(path, data)),
  move: (from, to) => step(() => nodeFiles.move(from, to)),
  remove: (path) => step(() => nodeFiles.remove(path)),
};
await commitRecording(newRecording(folder), files);
