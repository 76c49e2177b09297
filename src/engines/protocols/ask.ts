/** One question to an engine over HTTP: who is asked, about what, and what its failures are called. */
import type { z } from "zod";
import {
  connectionCut,
  engineDied,
  engineUnreachable,
  httpStatus,
  malformedReply,
} from "../../messages/engines-reply.ts";
import type { Json } from "../../model/json.ts";
import type { EngineExit, RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import { systemClock } from "../../platform/clock.ts";
import type { BodyPart, BrokenConnection, Http, HttpOutcome } from "../../platform/http.ts";
import { settledLogOf } from "./log-of.ts";

export interface Ask {
  readonly http: Http;
  readonly running: RunningEngine;
  readonly engine: string;
  /** Null outside a case. */
  readonly caseId: string | null;
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  readonly body: Json;
  readonly signal: AbortSignal;
  /** Tokens that have arrived, for the message when no more do. */
  readonly tokens: () => number;
}

/** How long the end of a process may take to become known after its connection broke. */
const exitKnownMs = 1000;
/** Of an answer that is no stream, in bytes. */
const longestBody = 64 * 1024 * 1024;

type Answered = Extract<HttpOutcome, { kind: "answered" }>;

/** An answer with status 200. Throws GateError for no connection, another status, or an engine that died. */
export async function answerTo(ask: Ask): Promise<Answered> {
  const outcome = await answered(ask);
  if (outcome.status === 200) return outcome;
  const { text } = await textOf(outcome.body);
  throw new GateError([
    httpStatus({ ...ask, ...(await settledLogOf(ask.running)), status: outcome.status, body: text }),
  ]);
}

async function answered(ask: Ask): Promise<Answered> {
  const outcome = await ask.http.send({
    method: ask.method,
    url: ask.url,
    headers: ask.headers,
    body: ask.method === "POST" ? JSON.stringify(ask.body) : null,
    signal: ask.signal,
  });
  if (outcome.kind === "unreachable") throw await unreachable(ask, outcome.broken);
  return outcome;
}

/** The answer's JSON in the shape of `schema`. Throws GateError for anything else. */
export async function jsonAnswer<T>(ask: Ask, schema: z.ZodType<T>): Promise<T> {
  return jsonIn(ask, schema, await answerTo(ask));
}

/** As `jsonAnswer`, and null where another status or shape is no failure: this server does not tell. */
export async function jsonAnswerOrNull<T>(ask: Ask, schema: z.ZodType<T>): Promise<T | null> {
  try {
    return await jsonAnswer(ask, schema);
  } catch (error) {
    const harmless = ["engines/http-status", "engines/malformed-reply"];
    if (error instanceof GateError && error.problems.every(({ code }) => harmless.includes(code))) return null;
    throw error;
  }
}

/** As `jsonAnswer`, and null from a server that does not know the path (404, 405, 501). Throws GateError for every other failure. */
export async function jsonAnswerIfThere<T>(ask: Ask, schema: z.ZodType<T>): Promise<T | null> {
  const outcome = await answered(ask);
  if (outcome.status === 200) return jsonIn(ask, schema, outcome);
  const { text } = await textOf(outcome.body);
  if ([404, 405, 501].includes(outcome.status)) return null;
  throw new GateError([
    httpStatus({ ...ask, ...(await settledLogOf(ask.running)), status: outcome.status, body: text }),
  ]);
}

async function jsonIn<T>(ask: Ask, schema: z.ZodType<T>, { body }: Answered): Promise<T> {
  const { text, broken } = await textOf(body);
  if (broken !== null) throw await cutOff(ask, broken.reason);
  return parsedReply(ask, schema, text);
}

/** `text` as JSON in the shape of `schema`. Throws GateError (`engines/malformed-reply`). */
export function parsedReply<T>(ask: Ask, schema: z.ZodType<T>, text: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw malformed(ask, "not JSON", text);
  }
  return shapedReply(ask, schema, value);
}

/** `value` in the shape of `schema`. Throws GateError (`engines/malformed-reply`). */
export function shapedReply<T>(ask: Ask, schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  const where = issue === undefined || issue.path.length === 0 ? "" : `${issue.path.join(".")}: `;
  throw malformed(ask, `${where}${issue?.message ?? "another shape"}`, JSON.stringify(value) ?? "");
}

export function malformed(ask: Ask, issue: string, reply: string): GateError {
  return new GateError([malformedReply({ ...ask, tokens: ask.tokens(), issue, reply })]);
}

/** The failure of an answer that stopped before its end: that of the engine when its process has ended, else the connection's. */
export async function cutOff(ask: Ask, reason: string): Promise<GateError> {
  const exit = await exitOf(ask.running);
  const tokens = ask.tokens();
  const log = await settledLogOf(ask.running);
  return new GateError([
    exit === null ? connectionCut({ ...ask, ...log, tokens, reason }) : engineDied({ ...ask, ...log, tokens, exit }),
  ]);
}

async function unreachable(ask: Ask, { reason }: BrokenConnection): Promise<GateError> {
  const exit = await exitOf(ask.running);
  const log = await settledLogOf(ask.running);
  if (exit === null) return new GateError([engineUnreachable({ ...ask, ...log, reason })]);
  return new GateError([engineDied({ ...ask, ...log, tokens: ask.tokens(), exit })]);
}

/** How the engine ended, or null when it still runs a moment later. */
export async function exitOf(running: RunningEngine): Promise<EngineExit | null> {
  const over = new AbortController();
  try {
    const patience = systemClock.sleep(exitKnownMs, over.signal).then(
      () => null,
      () => null,
    );
    return await Promise.race([running.exited, patience]);
  } finally {
    over.abort();
  }
}

/** A whole body as text, cut at 64 MiB; `broken` when the connection ended before it did. */
export async function textOf(
  body: AsyncIterable<BodyPart>,
): Promise<{ readonly text: string; readonly broken: BrokenConnection | null }> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  let broken: BrokenConnection | null = null;
  for await (const part of body) {
    if (part.kind === "cut") broken = part.broken;
    else {
      chunks.push(part.bytes);
      bytes += part.bytes.length;
      if (bytes > longestBody) break;
    }
  }
  return { text: Buffer.concat(chunks).toString("utf8"), broken };
}
