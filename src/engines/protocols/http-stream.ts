/** An answer that streams as server-sent events, each holding one JSON value. */
import { createParser } from "eventsource-parser";
import { errorInStream } from "../../messages/engines-reply.ts";
import { GateError } from "../../model/problem.ts";
import { type Ask, answerTo, cutOff, malformed, textOf } from "./ask.ts";
import { logOf } from "./log-of.ts";

/** Of one event, in characters. */
const longestEvent = 64 * 1024 * 1024;

type Arrived = { readonly kind: "data"; readonly data: string } | { readonly kind: "stray"; readonly line: string };

/**
 * Yields the JSON value of each event until `[DONE]` or the end of the body; leaving it early destroys the connection. Comments are
 * skipped. Throws GateError for an HTTP error, another content type, a line or value that is none, an error sent as an event, and
 * a connection that is cut; the reason of the signal when that is aborted.
 */
export async function* eventStream(ask: Ask): AsyncGenerator<unknown, void> {
  const { body, contentType } = await answerTo(ask);
  if (contentType !== "text/event-stream") {
    const { text } = await textOf(body);
    throw malformed(ask, `${contentType || "no content type"} instead of text/event-stream`, text);
  }
  const arrived: Arrived[] = [];
  const parser = createParser({
    maxBufferSize: longestEvent,
    onEvent: ({ data }) => arrived.push({ kind: "data", data }),
    onError: ({ type, line, message }) => {
      if (type !== "invalid-retry") arrived.push({ kind: "stray", line: line ?? message });
    },
  });
  const decoder = new TextDecoder();
  for await (const part of body) {
    if (part.kind === "cut") throw await cutOff(ask, part.broken.reason);
    parser.feed(decoder.decode(part.bytes, { stream: true }));
    for (const one of arrived.splice(0)) {
      if (one.kind === "data" && one.data === "[DONE]") return;
      yield jsonOf(ask, one);
    }
  }
  // An event without the blank line after it, at the end of a whole body.
  parser.feed(`${decoder.decode()}\n\n`);
  for (const one of arrived) {
    if (one.kind === "data" && one.data === "[DONE]") return;
    yield jsonOf(ask, one);
  }
}

function jsonOf(ask: Ask, arrived: Arrived): unknown {
  if (arrived.kind === "stray") {
    // Older llama.cpp servers send an error under a field of that name.
    if (arrived.line.startsWith("error:")) throw inStream(ask, arrived.line.slice("error:".length).trim());
    throw malformed(ask, "not an event", arrived.line);
  }
  let value: unknown;
  try {
    value = JSON.parse(arrived.data);
  } catch {
    throw malformed(ask, "not JSON", arrived.data);
  }
  if (typeof value === "object" && value !== null && "error" in value && value.error !== null)
    throw inStream(ask, JSON.stringify(value.error));
  return value;
}

const inStream = (ask: Ask, error: string) =>
  new GateError([errorInStream({ ...ask, ...logOf(ask.running), tokens: ask.tokens(), error })]);
