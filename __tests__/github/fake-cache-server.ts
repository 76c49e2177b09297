/**
 * A stand-in for GitHub's cache service on the loopback interface: the three calls of its results API (twirp over JSON, as @actions/cache 6.3.0
 * generates them from `results/api/v1/cache.proto`) and a blob store behind signed addresses.
 */
import { createServer, type IncomingMessage } from "node:http";
import type { AddressInfo } from "node:net";

export type Manners = "serves" | "refuses-saves" | "hangs" | "fails";

export interface FakeCacheServer {
  readonly url: string;
  manners: Manners;
  /** Calls so far, such as `CreateCacheEntry inference-gate-…`. */
  readonly calls: string[];
  /** Archives by key. */
  readonly archives: Map<string, Buffer>;
  close(): Promise<void>;
}

export async function fakeCacheServer(): Promise<FakeCacheServer> {
  const uploads = new Map<string, Buffer>();
  const http = createServer(async (request, response) => {
    const body = await bodyOf(request);
    const { pathname } = new URL(request.url ?? "/", url);
    if (fake.manners === "hangs") return;
    if (fake.manners === "fails") {
      response.writeHead(404).end("{}");
      return;
    }
    const reply = (value: object) => {
      response.setHeader("content-type", "application/json").end(JSON.stringify(value));
    };
    // Account, container, blob: as such stores name things.
    const key = pathname.startsWith("/store/caches/") ? (pathname.split("/").at(-1) ?? "") : null;
    if (key !== null && request.method === "PUT") {
      uploads.set(key, body);
      response
        .writeHead(201, { etag: '"1"', "last-modified": new Date(0).toUTCString(), "x-ms-request-id": "1" })
        .end();
      return;
    }
    if (key !== null) {
      const archive = fake.archives.get(key) ?? Buffer.alloc(0);
      response.writeHead(200, { "content-length": archive.length }).end(archive);
      return;
    }
    const call = pathname.split("/").at(-1) ?? "";
    const asked = JSON.parse(body.toString("utf8"));
    fake.calls.push(`${call} ${asked.key}`);
    const blob = (of: string) => `${url}/store/caches/${of}?sig=signed`;
    switch (call) {
      case "GetCacheEntryDownloadURL": {
        const matched = [...fake.archives.keys()].reverse().find((one) => one.startsWith(asked.key));
        reply(
          matched === undefined
            ? { ok: false }
            : { ok: true, signed_download_url: blob(matched), matched_key: matched },
        );
        return;
      }
      case "CreateCacheEntry":
        reply(
          fake.manners === "refuses-saves"
            ? { ok: false, message: "cache write denied: this run may only read" }
            : { ok: !fake.archives.has(asked.key), signed_upload_url: blob(asked.key) },
        );
        return;
      case "FinalizeCacheEntryUpload":
        fake.archives.set(asked.key, uploads.get(asked.key) ?? Buffer.alloc(0));
        reply({ ok: true, entry_id: "1" });
        return;
      default:
        response.writeHead(404).end();
    }
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
  const url = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const fake: FakeCacheServer = {
    url,
    manners: "serves",
    calls: [],
    archives: new Map(),
    close: () =>
      new Promise((resolve) => {
        http.close(() => resolve());
        http.closeAllConnections();
      }),
  };
  return fake;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk);
  return Buffer.concat(chunks);
}
