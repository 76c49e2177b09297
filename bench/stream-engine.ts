/** A stand-in for an engine that answers as fast as it is read: the same made-up tokens for the same case, over stdin and stdout or as server-sent events. */
import { once } from "node:events";
import { existsSync, readFileSync } from "node:fs";
import { createServer, type ServerResponse } from "node:http";
import { join } from "node:path";
import { createInterface } from "node:readline";
import type { Writable } from "node:stream";
import { parseArgs } from "node:util";
import type { Completion } from "../src/model/completion.ts";
import { completionOf, tokensPerCase } from "./compare-data.ts";

const { values } = parseArgs({ options: { host: { type: "string" }, port: { type: "string" } } });
/** From this token on the answers are others than the goldens', where a file beside the program says one. */
const otherAtFile = join(import.meta.dirname, "other-at");
const otherAt = existsSync(otherAtFile) ? Number(readFileSync(otherAtFile, "utf8")) : tokensPerCase;

/** A token in words for either protocol. */
interface Token {
  readonly index: number;
  readonly id: number;
  readonly logprob: number;
  readonly margin: number;
  readonly text: string;
}

function* tokensOf(prompt: string): Generator<Token> {
  const answer = completionOf(Number(/\d+/.exec(prompt)?.[0]));
  const { tokenIds, logprobs, margins, textEnds, text } = answer satisfies Completion;
  for (let index = 0; index < tokensPerCase; index += 1) {
    yield {
      index,
      id: (tokenIds?.[index] ?? 0) + (index >= otherAt ? 1 : 0),
      logprob: logprobs?.[index] ?? 0,
      margin: margins?.[index] ?? 0,
      text: text.slice(index === 0 ? 0 : textEnds?.[index - 1], textEnds?.[index]),
    };
  }
}

const tokensAtOnce = 64;

/** As fast as the other end takes it, and no faster. */
async function write(out: Writable, lines: Iterable<string>): Promise<void> {
  let some: string[] = [];
  const flush = async () => {
    const isTaken = out.write(some.join(""));
    some = [];
    if (!isTaken) await Promise.race([once(out, "drain"), once(out, "close")]);
  };
  for (const line of lines) {
    some.push(line);
    if (some.length === tokensAtOnce) await flush();
    if (out.destroyed) return;
  }
  await flush();
}

const json = (value: object) => `${JSON.stringify(value)}\n`;

async function overStdio(): Promise<void> {
  const engine = { name: "stream", version: "1" };
  await write(process.stdout, [json({ type: "ready", protocol: 1, engine })]);
  for await (const line of createInterface({ input: process.stdin })) {
    const { type, id, prompt } = JSON.parse(line);
    if (type === "bye") break;
    if (type === "complete") await write(process.stdout, stdioLines(id, prompt.text));
  }
  process.exit(0);
}

function* stdioLines(id: string, prompt: string): Generator<string> {
  for (const { id: token_id, ...token } of tokensOf(prompt)) yield json({ type: "token", id, token_id, ...token });
  yield json({ type: "output", id, finish_reason: "length", prompt_token_ids: [1, 2, 3] });
}

function overHttp(host: string, port: number): void {
  createServer(async (request, response) => {
    let body = "";
    for await (const part of request) body += part;
    if (request.url === "/v1/models") response.end(json({ data: [{ id: "stream", owned_by: "vllm" }] }));
    else if (request.url === "/v1/completions") await answer(JSON.parse(body).prompt, response);
    else response.writeHead(404).end();
  }).listen(port, host);
}

async function answer(prompt: string, response: ServerResponse): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  await write(response, events(prompt));
  response.end();
}

function* events(prompt: string): Generator<string> {
  const event = (value: object) => `data: ${json(value)}\n`;
  const choice = { index: 0, text: "", logprobs: null, finish_reason: null, token_ids: [] };
  yield event({ model: "stream", choices: [{ ...choice, prompt_token_ids: [1, 2, 3] }] });
  for (const { id, logprob, margin, text } of tokensOf(prompt)) {
    const name = `token_id:${id}`;
    const logprobs = {
      tokens: [name],
      token_logprobs: [logprob],
      top_logprobs: [{ [name]: logprob, other: logprob - margin }],
    };
    yield event({ model: "stream", choices: [{ ...choice, text, logprobs, token_ids: [id] }] });
  }
  yield event({ model: "stream", choices: [{ ...choice, finish_reason: "length" }] });
  yield event({ model: "stream", choices: [], usage: { prompt_tokens: 3, completion_tokens: tokensPerCase } });
  yield "data: [DONE]\n\n";
}

if (values.port === undefined) await overStdio();
else overHttp(values.host ?? "127.0.0.1", Number(values.port));
