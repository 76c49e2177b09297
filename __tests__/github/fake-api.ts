/** GitHub's REST API as a real HTTP server: every request and every reply is held against GitHub's own description. */
import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import { apiDescription } from "./api-description.ts";
import { fakeGitRoutes } from "./fake-git-routes.ts";
import type { FakeRepository } from "./fake-repository.ts";
import { fakeRoutes, type Given } from "./fake-routes.ts";
import type { Fault } from "./faults.ts";

export interface FakeApi {
  /** Base address, such as `http://127.0.0.1:41234`. */
  readonly url: string;
  readonly repository: FakeRepository;
  /** Operations in the order in which they were asked, such as `POST /repos/{owner}/{repo}/check-runs`. */
  readonly asked: readonly string[];
  /** The next requests of the operation meet these, one each; `always` meets all of them. */
  fail(operation: string, ...next: readonly Fault[]): void;
  failAlways(operation: string, fault: Fault): void;
  heal(): void;
  /** Stops the server. Throws when a request or a reply was not as the description says. */
  close(): Promise<void>;
}

export interface FakeApiOptions {
  readonly token?: string;
  /** Whose the token is. */
  readonly login?: string;
}

export async function fakeApi({
  token = "t0ken",
  login = "github-actions[bot]",
}: FakeApiOptions = {}): Promise<FakeApi> {
  const description = apiDescription();
  const repository: FakeRepository = {
    ...{ owner: "team", repo: "model", checkRuns: [], comments: [], artifacts: [], runs: [], pulls: [] },
    ...{ git: null, isHuge: false },
  };
  const routes = { ...fakeRoutes(repository, description), ...fakeGitRoutes(repository, description) };
  const asked: string[] = [];
  const breaches: string[] = [];
  const once_ = new Map<string, Fault[]>();
  const always = new Map<string, Fault>();
  const archives = await archiveServer(repository, breaches);

  const answer = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? "/", "http://api");
    const body = await bodyOf(request);
    if (url.pathname === "/graphql") return graphql(response, body);
    const operation = description.operation(request.method ?? "GET", url.pathname);
    if (operation === null) {
      breaches.push(`GitHub has no ${request.method} ${url.pathname}`);
      return send(response, { status: 404, body: { message: "Not Found" } });
    }
    asked.push(operation.name);
    for (const mistake of operation.requestMistakes(url.searchParams, body))
      breaches.push(`${operation.name}: ${mistake}`);
    const fault = once_.get(operation.name)?.shift() ?? always.get(operation.name) ?? null;
    const isAllowed = request.headers.authorization === `token ${token}`;
    const perform = () => {
      const route = routes[operation.name];
      if (!isAllowed) return { status: 401, body: { message: "Bad credentials" } };
      if (operation.parameters.owner !== repository.owner || operation.parameters.repo !== repository.repo) {
        return { status: 404, body: { message: "Not Found" } };
      }
      if (route === undefined) throw new Error(`the fake does not know ${operation.name}`);
      const { parameters } = operation;
      const asOf = { parameters, query: url.searchParams, body: Object(body), login, archives: archives.url };
      return route(asOf);
    };
    if (fault?.kind === "cut" || fault?.kind === "silent") {
      if (fault.done === "everything") perform();
      if (fault.kind === "cut") request.socket.destroy();
      return;
    }
    if (fault?.kind === "page") return page(response, fault.status);
    const given = fault ?? perform();
    if (!("status" in given) || !("body" in given)) throw new Error("a route gives replies only");
    for (const mistake of operation.replyMistakes(given.status, given.body))
      breaches.push(`${operation.name}: ${mistake}`);
    const total = "total" in given ? given.total : undefined;
    send(response, { ...given, headers: { ...given.headers, ...nextPage(total, request) } });
  };

  const graphql = (response: ServerResponse, body: unknown) => {
    asked.push("POST /graphql");
    // GraphQL has a schema of its own; one question is known here.
    const isKnown = /^\s*(?:query\s*)?\{\s*viewer\s*\{\s*login\s*\}\s*\}\s*$/.test(String(Object(body).query));
    if (!isKnown) breaches.push(`POST /graphql: unknown question ${JSON.stringify(body)}`);
    const fault = once_.get("POST /graphql")?.shift() ?? always.get("POST /graphql");
    if (fault?.kind === "status") return send(response, fault);
    send(response, { status: 200, body: { data: { viewer: { login } } } });
  };

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => {
      breaches.push(String(error));
      request.socket.destroy();
    });
  });
  return {
    url: await listening(server),
    repository,
    asked,
    fail(operation, ...next) {
      once_.set(operation, [...(once_.get(operation) ?? []), ...next]);
    },
    failAlways: (operation, fault) => void always.set(operation, fault),
    heal() {
      once_.clear();
      always.clear();
    },
    async close() {
      await Promise.all([stopped(server), archives.close()]);
      if (breaches.length > 0) throw new Error(`against GitHub's description:\n${breaches.join("\n")}`);
    },
  };
}

/** Where the archives of artifacts lie: another host, which must not see the token. */
async function archiveServer(repository: FakeRepository, breaches: string[]) {
  const server = createServer((request, response) => {
    if (request.headers.authorization !== undefined) {
      breaches.push("the token was sent to the host of the archives");
      response.writeHead(400).end();
      return;
    }
    const id = /^\/(\d+)\.zip\?signature=given$/.exec(request.url ?? "")?.[1];
    const artifact = repository.artifacts.find((one) => String(one.id) === id);
    if (artifact === undefined) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": "zip" }).end(artifact.zip);
  });
  return { url: await listening(server), close: () => stopped(server) };
}

async function listening(server: Server): Promise<string> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

async function stopped(server: Server): Promise<void> {
  server.closeAllConnections();
  server.close();
  await once(server, "close");
}

/** The header by which GitHub tells that a list has another page. */
function nextPage(total: number | undefined, { url, headers }: IncomingMessage): { readonly link?: string } {
  const next = new URL(url ?? "/", `http://${headers.host}`);
  const [size, page] = [Number(next.searchParams.get("per_page") ?? 30), Number(next.searchParams.get("page") ?? 1)];
  if (total === undefined || total <= size * page) return {};
  next.searchParams.set("page", String(page + 1));
  return { link: `<${next}>; rel="next"` };
}

async function bodyOf(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  for await (const part of request) parts.push(part);
  const text = Buffer.concat(parts).toString();
  return text === "" ? null : JSON.parse(text);
}

function send(response: ServerResponse, { status, body, headers = {} }: Given): void {
  if (body === null) {
    response.writeHead(status, headers).end();
    return;
  }
  response
    .writeHead(status, { "content-type": "application/json; charset=utf-8", ...headers })
    .end(JSON.stringify(body));
}

function page(response: ServerResponse, status: number): void {
  response.writeHead(status, { "content-type": "text/html" }).end("<html><title>Bad Gateway</title></html>");
}
