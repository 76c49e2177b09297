/** The scripted engine as a program of its own: reads a script, then answers requests on stdin in the JSON Lines protocol. */
import { readFileSync, writeFileSync } from "node:fs";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { systemClock } from "../../platform/clock.ts";
import {
  type CompleteLine,
  protocolNumber,
  type ReplyLine,
  requestLineSchema,
} from "../protocols/json-lines-messages.ts";
import { type Output, play } from "./play.ts";
import { readScript } from "./read-script.ts";
import type { Script } from "./script-schema.ts";
import { scriptedAnswer } from "./scripted-answer.ts";

const { values } = parseArgs({ options: { script: { type: "string" }, "launch-counter": { type: "string" } } });
const script = loadScript(values.script ?? "");
const launch = countLaunch(values["launch-counter"]);

const output: Output = {
  line: (line) =>
    new Promise((resolve) => {
      process.stdout.write(`${line}\n`, () => resolve());
    }),
  log: (line) => {
    process.stderr.write(`${line}\n`);
  },
};
const say = (message: ReplyLine) => output.line(JSON.stringify(message));

await start(script);
const calls = new Map<string, number>();
const stopped = new Set<string>();
let turn: Promise<void> = Promise.resolve();
for await (const line of createInterface({ input: process.stdin })) {
  const request = requestLineSchema.parse(JSON.parse(line));
  if (request.type === "bye") break;
  if (request.type === "stop") stopped.add(request.id);
  if (request.type === "complete") turn = turn.then(() => answer(request));
}
process.exit(0);

async function start({ start: how }: Script): Promise<void> {
  for (const line of how?.noise?.stderr ?? []) output.log(line);
  await systemClock.sleep(how?.slow_ms ?? 0);
  if (how?.fail !== undefined) {
    for (const line of how.fail.stderr ?? ["the script says that the start fails"]) output.log(line);
    process.exit(how.fail.exit_code ?? 1);
  }
  for (const line of how?.noise?.stdout ?? []) await output.line(line);
  await say({
    type: "ready",
    protocol: how?.protocol ?? protocolNumber,
    engine: { name: "scripted", version: how?.version ?? "1" },
    facts: how?.facts ?? {},
  });
}

async function answer(request: CompleteLine): Promise<void> {
  const call = (calls.get(request.case) ?? 0) + 1;
  calls.set(request.case, call);
  const due = scriptedAnswer(script, request.case, { call, launch });
  if (due === null) {
    await say({ type: "failed", id: request.id, message: `the script has no answer for case ${request.case}` });
    return;
  }
  await play(due, request, output, () => stopped.has(request.id));
}

function loadScript(path: string): Script {
  const read = readScript(readFileSync(path, "utf8"), path);
  if (read.kind === "script") return read.script;
  for (const { title, location, found } of read.problems)
    process.stderr.write(`${title} ${location?.file}:${location?.line}:${location?.column} ${found}\n`);
  process.exit(2);
}

/** The number of this launch from 1, kept in a file; 1 without one. */
function countLaunch(file: string | undefined): number {
  if (file === undefined) return 1;
  const number = Number(readOrEmpty(file)) + 1;
  writeFileSync(file, `${number}\n`);
  return number;
}

function readOrEmpty(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
