/**
 * A hub on the loopback interface: its API as documented (https://huggingface.co/docs/hub/api) and as @huggingface/hub 2.17.5 asks
 * it, large files redirected to a second server as the real one does, and the faults that networks have.
 */
import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";

export const commit = "12fd25f77366fa6b3b4b768ec3050bf629380bac";
export const modelName = "org/tiny";

export interface HubFault {
  /** Bytes after which a connection is cut, one for each request of a file, in their order; null is whole. */
  readonly cutAfter?: (number | null)[];
  /** Awaited before a cut: bytes that have arrived and are not read yet may be lost with the connection. */
  readonly beforeCut?: () => Promise<void>;
  /** Statuses of the first requests of files. */
  readonly statuses?: number[];
  /** What is sent in the place of a file's content. */
  readonly content?: { readonly [path: string]: Buffer };
  /** Ranges are ignored. */
  readonly noRanges?: boolean;
  /** Status of every answer of the API. */
  readonly api?: number;
  /** The token that is asked for. */
  readonly token?: string;
  /** Entries of the tree beside the files. */
  readonly entries?: readonly unknown[];
}

export interface FakeHub {
  readonly endpoint: string;
  /** `METHOD path`, with `token` behind it when one was sent, and the range. */
  readonly requests: string[];
  fault: HubFault;
  close(): Promise<void>;
}

export const large = (path: string) => /\.(?:safetensors|bin|model)$/.test(path);
export const sha256 = (content: Buffer) => createHash("sha256").update(content).digest("hex");
export const gitId = (content: Buffer) =>
  createHash("sha1").update(`blob ${content.length}\0`).update(content).digest("hex");
export const blobOf = (path: string, content: Buffer) => (large(path) ? sha256(content) : gitId(content));

/** Entries of one answer of the tree; more follow on the next page. */
const pageSize = 3;

export async function fakeHub(files: { readonly [path: string]: Buffer }): Promise<FakeHub> {
  const requests: string[] = [];
  const state: { fault: HubFault } = { fault: {} };
  const note = (request: IncomingMessage, of: string) =>
    requests.push(
      [
        `${of} ${request.method} ${decodeURIComponent((request.url ?? "").split("?")[0] ?? "")}`,
        ...(request.headers.authorization === undefined ? [] : [request.headers.authorization]),
        ...(request.headers.range === undefined ? [] : [request.headers.range]),
      ].join(" "),
    );

  const send = (path: string, request: IncomingMessage, response: ServerResponse) => {
    const { fault } = state;
    const status = fault.statuses?.shift();
    if (status !== undefined) return response.writeHead(status).end();
    const content = fault.content?.[path] ?? files[path] ?? Buffer.alloc(0);
    const from = fault.noRanges ? 0 : Number(/^bytes=(\d+)-/.exec(request.headers.range ?? "")?.[1] ?? 0);
    const body = content.subarray(from);
    const ranged = { "content-range": `bytes ${from}-${content.length - 1}/${content.length}` };
    response.writeHead(from > 0 ? 206 : 200, { "content-length": body.length, ...(from > 0 ? ranged : {}) });
    const cut = fault.cutAfter?.shift() ?? null;
    if (cut === null) return response.end(body);
    const arrived = () => fault.beforeCut?.() ?? Promise.resolve();
    return response.write(body.subarray(0, cut), () => arrived().then(() => response.destroy()));
  };

  const cdn = createServer((request, response) => {
    note(request, "cdn");
    send(decodeURIComponent((request.url ?? "").slice(1)), request, response);
  });
  await listening(cdn);

  const hub = createServer((request, response) => {
    note(request, "hub");
    const { fault } = state;
    const url = new URL(request.url ?? "", "http://hub");
    const json = (status: number, value: unknown, headers: { [name: string]: string } = {}) =>
      response.writeHead(status, { "content-type": "application/json", ...headers }).end(JSON.stringify(value));
    if (fault.token !== undefined && request.headers.authorization !== `Bearer ${fault.token}`)
      return json(401, {
        error: `Access to model ${modelName} is restricted. You must be authenticated to access it.`,
      });
    const [, api, kind, ...rest] = url.pathname.split("/").map(decodeURIComponent);
    if (api === "api" && fault.api !== undefined) return json(fault.api, { error: "Internal Error" });
    const [asked, action, revision] = [rest.slice(0, 2).join("/"), rest[2], rest[3]];
    if (api === "api" && kind === "models") {
      if (asked !== modelName) return json(404, { error: "Repository not found" });
      if (revision !== commit && revision !== "main") return json(404, { error: `Invalid rev id: ${revision}` });
      if (action === "revision")
        return json(200, {
          _id: "1",
          id: modelName,
          sha: commit,
          private: false,
          gated: false,
          lastModified: "2026-01-01",
        });
      const tree = [
        ...Object.entries(files).map(([path, content]) => entryOf(path, content)),
        ...(fault.entries ?? []),
      ];
      const start = Number(url.searchParams.get("cursor") ?? 0);
      const next = new URL(url.pathname, `http://${request.headers.host}`);
      next.searchParams.set("recursive", "true");
      next.searchParams.set("cursor", String(start + pageSize));
      const link = start + pageSize < tree.length ? { link: `<${next}>; rel="next"` } : undefined;
      return json(200, tree.slice(start, start + pageSize), link);
    }
    const path = url.pathname.split("/").slice(5).map(decodeURIComponent).join("/");
    if (files[path] === undefined || !url.pathname.startsWith(`/${modelName}/resolve/${commit}/`))
      return json(404, { error: "Entry not found" }, { "x-error-code": "EntryNotFound" });
    if (!large(path)) return send(path, request, response);
    return response.writeHead(302, { location: `http://127.0.0.1:${portOf(cdn)}/${encodeURIComponent(path)}` }).end();
  });
  await listening(hub);

  return {
    endpoint: `http://127.0.0.1:${portOf(hub)}`,
    requests,
    get fault() {
      return state.fault;
    },
    set fault(fault) {
      state.fault = fault;
    },
    close: async () => {
      for (const server of [hub, cdn]) {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
      }
    },
  };
}

function entryOf(path: string, content: Buffer) {
  const entry = { type: "file", oid: gitId(content), size: content.length, path };
  return large(path) ? { ...entry, lfs: { oid: sha256(content), size: content.length, pointerSize: 135 } } : entry;
}

const listening = (server: Server) => new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));

function portOf(server: Server): number {
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the server does not listen");
  return address.port;
}
