/** HTTP as a port: one request, its answer as a stream, and every broken connection as data; no time limit of its own. */
import { type IncomingMessage, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { z } from "zod";

export interface HttpRequest {
  readonly method: "GET" | "POST";
  /** Absolute, http or https. */
  readonly url: string;
  readonly headers: { readonly [name: string]: string };
  /** Sent as JSON in UTF-8; null sends no body. */
  readonly body: string | null;
  /** Aborting it destroys the connection; `send` or the body then throws its reason. */
  readonly signal: AbortSignal;
}

/** Why there is no answer, or not the whole one: Node's error code such as `ECONNREFUSED`, and its sentence. */
export interface BrokenConnection {
  readonly code: string;
  readonly reason: string;
}

export type BodyPart =
  | { readonly kind: "bytes"; readonly bytes: Uint8Array }
  /** The connection ended before the body did; always the last part. */
  | { readonly kind: "cut"; readonly broken: BrokenConnection };

export type HttpOutcome =
  | {
      readonly kind: "answered";
      readonly status: number;
      /** Content type in lower case, without parameters; empty when there is none. */
      readonly contentType: string;
      /** To be read once; leaving it early destroys the connection. */
      readonly body: AsyncIterable<BodyPart>;
    }
  | { readonly kind: "unreachable"; readonly broken: BrokenConnection };

export interface Http {
  send(request: HttpRequest): Promise<HttpOutcome>;
}

/** Each request has a connection of its own: a kept one that the server closes meanwhile would fail the next request. */
export const nodeHttp: Http = {
  send: (request) =>
    new Promise((resolve, reject) => {
      const { method, url, signal, body } = request;
      if (signal.aborted) {
        reject(signal.reason);
        return;
      }
      const data = body === null ? null : Buffer.from(body);
      const headers = {
        ...request.headers,
        connection: "close",
        ...(data === null ? {} : { "content-type": "application/json", "content-length": String(data.length) }),
      };
      const open = new URL(url).protocol === "https:" ? requestHttps : requestHttp;
      const outgoing = open(url, { method, headers, agent: false }, (incoming) => {
        resolve({
          kind: "answered",
          status: incoming.statusCode ?? 0,
          contentType: (incoming.headers["content-type"] ?? "").split(";")[0]?.trim().toLowerCase() ?? "",
          body: bodyOf(incoming, signal),
        });
      });
      const onAbort = () => outgoing.destroy();
      signal.addEventListener("abort", onAbort, { once: true });
      outgoing.on("close", () => signal.removeEventListener("abort", onAbort));
      outgoing.on("error", (error) => {
        if (signal.aborted) reject(signal.reason);
        else resolve({ kind: "unreachable", broken: brokenBy(error) });
      });
      outgoing.end(data ?? undefined);
    }),
};

async function* bodyOf(incoming: IncomingMessage, signal: AbortSignal): AsyncGenerator<BodyPart, void> {
  try {
    for await (const chunk of incoming) yield { kind: "bytes", bytes: chunk };
    signal.throwIfAborted();
  } catch (error) {
    signal.throwIfAborted();
    yield { kind: "cut", broken: brokenBy(error) };
  } finally {
    incoming.destroy();
  }
}

const nodeError = z.object({ code: z.string().catch("UNKNOWN"), message: z.string() });
const severalErrors = z.object({ errors: z.array(z.unknown()).min(1) });

function brokenBy(error: unknown): BrokenConnection {
  // Several addresses of one host that all refuse come as one error without a text of its own.
  const several = severalErrors.safeParse(error);
  const parsed = nodeError.safeParse(several.success ? several.data.errors[0] : error);
  return parsed.success
    ? { code: parsed.data.code, reason: parsed.data.message }
    : { code: "UNKNOWN", reason: String(error) };
}
