/** A conversation with a program over stdin and stdout, in JSON Lines. */
import {
  malformedLine,
  outOfTurn,
  outputClosed,
  programFailed,
  protocolVersion,
} from "../../messages/engines-protocol.ts";
import { engineDied, wrongTransport } from "../../messages/engines-reply.ts";
import type { Completion, OnToken } from "../../model/completion.ts";
import type { RunningEngine } from "../../model/launch-plan.ts";
import { GateError } from "../../model/problem.ts";
import type { CompletionRequest, EngineFacts } from "../../model/request.ts";
import type { Suite } from "../../model/suite.ts";
import { completionBuilder } from "../completion-builder.ts";
import type { EngineSession } from "../engine.ts";
import { driverFact } from "./driver-fact.ts";
import {
  type OutputLine,
  protocolNumber,
  type ReadyLine,
  type RefusedLine,
  type ReplyLine,
  type RequestLine,
} from "./json-lines-messages.ts";
import { completedBy } from "./json-lines-output.ts";
import { completeLine } from "./json-lines-request.ts";
import { type LineReader, lineReader } from "./line-reader.ts";
import { settledLogOf } from "./log-of.ts";
import { opening } from "./opening.ts";
import { readLine } from "./read-line.ts";
import { refusals } from "./refusals.ts";

type Send = (line: string) => Promise<void>;
type ForRequest = Exclude<ReplyLine, { type: "ready" | "refused" | "log" }>;

/** Lines on stdout that were no messages and are kept to be shown. */
const noiseKept = 10;

/** Says hello and waits for `ready`. Throws GateError for another version, another first message, or a program that ends. */
export async function openJsonLines(running: RunningEngine, suite: Suite): Promise<EngineSession> {
  const engine = suite.engine.name;
  const { endpoint } = running;
  if (endpoint.kind !== "stdio")
    throw new GateError([wrongTransport({ engine, caseId: null, transport: endpoint.kind })]);
  const session = new JsonLinesSession(engine, running, lineReader(endpoint.lines, running), (line) =>
    endpoint.send(line),
  );
  await opening(suite, (signal) => session.greet(signal));
  return session;
}

class JsonLinesSession implements EngineSession {
  readonly #engine: string;
  readonly #running: RunningEngine;
  readonly #reader: LineReader;
  readonly #send: Send;
  readonly #noise: string[] = [];
  /** Requests that were left before their output; what still comes for them is dropped. */
  readonly #abandoned = new Set<string>();
  #ready: ReadyLine | null = null;
  #requests = 0;

  constructor(engine: string, running: RunningEngine, reader: LineReader, send: Send) {
    this.#engine = engine;
    this.#running = running;
    this.#reader = reader;
    this.#send = send;
  }

  async greet(signal: AbortSignal): Promise<void> {
    await this.#tell({ type: "hello", protocol: protocolNumber });
    const { message, line } = await this.#next(null, 0, signal);
    if (message.type === "refused") throw await this.#refused(message);
    if (message.type !== "ready") throw this.#outOfTurn(null, line, "the first message must be ready");
    if (message.protocol !== protocolNumber) {
      const found = String(message.protocol);
      throw new GateError([protocolVersion({ engine: this.#engine, found, expected: protocolNumber })]);
    }
    this.#ready = message;
  }

  async complete(request: CompletionRequest, onToken: OnToken): Promise<Completion> {
    const { caseId, signal } = request;
    signal.throwIfAborted();
    this.#requests += 1;
    const id = String(this.#requests);
    const builder = completionBuilder(onToken);
    const told: TokenIdsSeen = { withId: 0 };
    this.#abandoned.add(id);
    await this.#tell(completeLine(id, request));
    let isStopped = false;
    for (;;) {
      const { message, line } = await this.#nextFor(id, caseId, builder.length, signal);
      switch (message.type) {
        case "token": {
          if (isStopped) break;
          if (message.index !== builder.length)
            throw this.#outOfTurn(caseId, line, `token ${builder.length} was due, not ${message.index}`);
          const tokenId = message.token_id ?? null;
          told.withId += tokenId === null ? 0 : 1;
          if (told.withId !== 0 && told.withId !== builder.length + 1)
            throw this.#outOfTurn(caseId, line, "some tokens have ids and some have none");
          const { logprob = null, margin = null, text } = message;
          isStopped = builder.push({ id: tokenId, logprob, margin, text }) === "stop";
          if (isStopped) await this.#tell({ type: "stop", id });
          break;
        }
        case "failed": {
          this.#abandoned.delete(id);
          const { message: text, hints = [] } = message;
          throw new GateError([
            programFailed({ ...this.#at(caseId), text, hints, ...(await settledLogOf(this.#running)) }),
          ]);
        }
        case "output": {
          this.#abandoned.delete(id);
          return this.#completed(builder, message, isStopped, caseId, line);
        }
      }
    }
  }

  async describe(): Promise<EngineFacts> {
    if (this.#ready === null) return [];
    const { engine, facts = {} } = this.#ready;
    const source = "ready message";
    return [
      { key: "engine.name", value: engine.name, source },
      { key: "engine.version", value: engine.version, source },
      ...Object.entries(facts)
        .map(([key, value]) => driverFact(key, value, source))
        .filter(({ key }) => key !== "engine.name" && key !== "engine.version"),
    ];
  }

  /** A program that has ended, or reads no more, needs no farewell. */
  async close(): Promise<void> {
    await this.#tell({ type: "bye" }).catch((error) => {
      if (!(error instanceof GateError)) throw error;
    });
  }

  #completed(
    builder: ReturnType<typeof completionBuilder>,
    output: OutputLine,
    isStopped: boolean,
    caseId: string,
    line: string,
  ): Completion {
    const outcome = completedBy(builder, output, isStopped);
    if (outcome.kind === "contradiction") throw this.#outOfTurn(caseId, line, outcome.why);
    return outcome.completion;
  }

  /** The next message for this request; those of requests that were left are dropped, any other is out of turn. */
  async #nextFor(id: string, caseId: string, tokens: number, signal: AbortSignal) {
    for (;;) {
      const { message, line } = await this.#next(caseId, tokens, signal);
      if (message.type === "ready" || message.type === "refused")
        throw this.#outOfTurn(caseId, line, "ready had been sent before");
      const mine: ForRequest = message;
      if (mine.id === id) return { message: mine, line };
      if (!this.#abandoned.has(mine.id)) {
        const isOld = Number(mine.id) >= 1 && Number(mine.id) < this.#requests;
        const why = isOld ? `request ${mine.id} had been answered` : `no request has this id`;
        throw this.#outOfTurn(caseId, line, why);
      }
      if (mine.type !== "token") this.#abandoned.delete(mine.id);
    }
  }

  async #next(caseId: string | null, tokens: number, signal: AbortSignal) {
    for (;;) {
      const next = await this.#reader.next(signal);
      if (next.kind === "end") {
        const log = await settledLogOf(this.#running);
        const at = this.#at(caseId);
        throw new GateError([
          next.exit === null
            ? outputClosed({ ...at, ...log })
            : engineDied({ ...at, ...log, tokens, exit: next.exit, logTail: [...at.noise, ...log.logTail] }),
        ]);
      }
      const { line } = next;
      const read = readLine(line);
      if (read.kind === "broken")
        throw new GateError([malformedLine({ ...this.#at(caseId), line, issue: read.issue })]);
      if (read.kind === "message" && read.message.type !== "log") return { message: read.message, line };
      this.#noise.push(line);
      if (this.#noise.length > noiseKept) this.#noise.shift();
    }
  }

  #at(caseId: string | null) {
    return { engine: this.#engine, caseId, noise: this.#noise.map((line) => `stdout: ${line}`) };
  }

  async #refused(line: RefusedLine): Promise<GateError> {
    const { reason, subject, found, expected, hints } = line;
    const about = { engine: this.#engine, subject, found, expected, hints };
    return new GateError([refusals[reason]({ ...about, ...(await settledLogOf(this.#running)) })]);
  }

  #outOfTurn(caseId: string | null, line: string, why: string): GateError {
    return new GateError([outOfTurn({ ...this.#at(caseId), line, why })]);
  }

  #tell(message: RequestLine): Promise<void> {
    return this.#send(JSON.stringify(message));
  }
}

interface TokenIdsSeen {
  withId: number;
}
