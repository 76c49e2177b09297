/** A loopback HTTP server of the test: routes as functions, requests recorded, connections cut on demand. */
import { once } from "node:events";
import { createServer, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";

export interface Received {
  readonly method: string;
  readonly path: string;
  readonly headers: { readonly [name: string]: string | string[] | undefined };
  readonly text: string;
}

export interface FakeServer {
  readonly baseUrl: string;
  readonly received: readonly Received[];
  stop(): Promise<void>;
}

export type Route = (request: Received, response: ServerResponse) => void | Promise<void>;

export async function fakeServer(routes: { readonly [path: string]: Route }): Promise<FakeServer> {
  const received: Received[] = [];
  const server = createServer(async (incoming, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of incoming) chunks.push(chunk);
    const path = incoming.url ?? "";
    const request = {
      method: incoming.method ?? "",
      path,
      headers: incoming.headers,
      text: Buffer.concat(chunks).toString(),
    };
    received.push(request);
    const route = routes[path];
    if (route === undefined) return json(response, { error: { code: 404, message: "File Not Found" } }, 404);
    await route(request, response);
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  return {
    baseUrl: `http://127.0.0.1:${port}`,
    received,
    async stop() {
      server.closeAllConnections();
      server.close();
      await once(server, "close");
    },
  };
}

export function json(response: ServerResponse, value: unknown, status = 200): void {
  response.writeHead(status, { "content-type": "application/json; charset=utf-8" });
  response.end(JSON.stringify(value));
}

/** Writes events, whole or in single bytes, until the client leaves. */
export async function sendEvents(
  response: ServerResponse,
  events: Iterable<string>,
  pieces: "whole" | "bytes" = "whole",
): Promise<void> {
  response.writeHead(200, { "content-type": "text/event-stream" });
  response.write(": keep-alive\n\n");
  for (const event of events) {
    const bytes = Buffer.from(`data: ${event}\n\n`);
    const size = pieces === "whole" ? bytes.length : 1;
    for (let at = 0; at < bytes.length && !response.destroyed; at += size) {
      response.write(bytes.subarray(at, at + size));
      await new Promise((resolve) => setImmediate(resolve));
    }
  }
}
