/** Takes the record lock when told to on stdin, says `won` or the problem's code, and gives it back when stdin ends. */
import { withRecordLock } from "../../../src/goldens/record-lock.ts";
import { GateError } from "../../../src/model/problem.ts";
import { nodeFiles } from "../../../src/platform/files.ts";

const [folder = ""] = process.argv.slice(2);
const input = process.stdin[Symbol.asyncIterator]();
const say = (text: string) => process.stdout.write(`${text}\n`);

say("ready");
await input.next();
try {
  await withRecordLock(folder, nodeFiles, async () => {
    say("won");
    for await (const _ of { [Symbol.asyncIterator]: () => input });
  });
} catch (error) {
  if (!(error instanceof GateError)) throw error;
  say(error.problems.map(({ code }) => code).join());
}
process.exit();
