/** Plays one scripted answer, with its faults, message by message. */
import { systemClock } from "../../platform/clock.ts";
import type { CompleteLine, ReplyLine } from "../protocols/json-lines-messages.ts";
import type { ScriptedToken } from "./pseudo-model.ts";
import type { ScriptedAnswer } from "./script-schema.ts";
import { tokensOf } from "./scripted-answer.ts";

export interface Output {
  /** Resolves when the line has been handed over. */
  line(line: string): Promise<void>;
  log(line: string): void;
}

/** `isStopped` is asked before each token. Never resolves when the script says so. */
export async function play(
  answer: ScriptedAnswer,
  request: CompleteLine,
  output: Output,
  isStopped: () => boolean,
): Promise<void> {
  const { id } = request;
  const say = (message: ReplyLine) => output.line(JSON.stringify(message));
  for (const line of answer.noise?.stderr ?? []) output.log(line);
  for (const line of answer.noise?.stdout ?? []) await output.line(line);
  if (answer.fail !== undefined) return say({ type: "failed", id, message: answer.fail });
  const { tokens, finishReason } = tokensOf(answer, request);
  let index = 0;
  for (const token of tokens) {
    if (isStopped()) break;
    await misbehave(answer, index, output);
    if (answer.malformed_at?.token !== index) await say(tokenLine(id, index, token, answer));
    index += 1;
    // Lets a `stop` in, which arrives while we write.
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (!isStopped()) await misbehave(answer, index, output);
  await say({
    type: "output",
    id,
    finish_reason: isStopped() ? "abort" : finishReason,
    ...(answer.output_digest === undefined ? {} : { output_digest: answer.output_digest }),
    prompt_token_ids: answer.prompt_token_ids ?? promptIds(request, answer),
  });
}

async function misbehave(answer: ScriptedAnswer, index: number, output: Output): Promise<void> {
  await systemClock.sleep(answer.delay_ms ?? 0);
  if (answer.crash_at?.token === index) {
    const { signal, exit_code: exitCode = 1 } = answer.crash_at;
    if (signal === undefined) process.exit(exitCode);
    process.kill(process.pid, signal);
    await silence();
  }
  if (answer.stall_at === index) await silence();
  if (answer.malformed_at?.token === index) await output.line(answer.malformed_at.line ?? '{"type":"token","id":"');
}

/** For ever, with the process kept alive by its stdin. */
const silence = () => new Promise<never>(() => {});

function tokenLine(id: string, index: number, token: ScriptedToken, answer: ScriptedAnswer): ReplyLine {
  if (answer.token_ids === false) return { type: "token", id, index, text: token.text };
  const { id: tokenId, text, logprob, margin } = token;
  return { type: "token", id, index, token_id: tokenId, logprob, margin, text };
}

/** Ids of the prompt: those that were sent, or one for each UTF-8 byte of its canonical text. */
function promptIds({ prompt }: CompleteLine, answer: ScriptedAnswer): number[] | null {
  if (answer.token_ids === false) return null;
  if (prompt.kind === "tokens") return prompt.token_ids;
  const text =
    prompt.kind === "text"
      ? prompt.text
      : prompt.messages.map(({ role, content }) => `<${role}>${content}</${role}>`).join("");
  return [...Buffer.from(text)];
}
