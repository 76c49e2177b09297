import { once } from "node:events";
import { createServer as createTcpServer } from "node:net";
import { afterEach, describe, expect, test } from "@jest/globals";
import { type HttpOutcome, nodeHttp } from "../../src/platform/http.ts";

const cleanUps: (() => Promise<void>)[] = [];
afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0)) await cleanUp();
});

/** A server that writes these bytes to whoever has sent a request, and then does as told. */
async function rawServer(
  answer: string,
  then: "end" | "wait",
): Promise<{ url: string; requests: string[]; closed: Promise<void> }> {
  const requests: string[] = [];
  let onClosed = () => {};
  const closed = new Promise<void>((resolve) => {
    onClosed = resolve;
  });
  const server = createTcpServer((socket) => {
    socket.on("error", () => {});
    socket.on("close", onClosed);
    socket.once("data", (data) => {
      requests.push(data.toString());
      if (then === "end") socket.end(answer);
      else socket.write(answer);
    });
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  cleanUps.push(async () => {
    server.close();
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { url: `http://127.0.0.1:${address.port}/x`, requests, closed };
}

const get = (url: string, signal = new AbortController().signal) =>
  nodeHttp.send({ method: "GET", url, headers: {}, body: null, signal });

async function readAll(outcome: HttpOutcome) {
  if (outcome.kind === "unreachable") throw new Error(outcome.broken.reason);
  let text = "";
  let cut: string | null = null;
  for await (const part of outcome.body) {
    if (part.kind === "bytes") text += Buffer.from(part.bytes).toString();
    else cut = part.broken.code;
  }
  return { status: outcome.status, contentType: outcome.contentType, text, cut };
}

describe("an answer", () => {
  test("comes with status, plain content type and whole body", async () => {
    const { url } = await rawServer(
      "HTTP/1.1 418 No\r\nContent-Type: Text/Plain; charset=utf-8\r\nContent-Length: 2\r\n\r\nhi",
      "end",
    );
    expect(await readAll(await get(url))).toEqual({ status: 418, contentType: "text/plain", text: "hi", cut: null });
  });

  test("that is cut says so after what had come", async () => {
    const { url } = await rawServer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", "end");
    expect(await readAll(await get(url))).toMatchObject({ text: "hi", cut: "ECONNRESET" });
  });

  test("a JSON body is sent with its length in bytes, on a connection of its own", async () => {
    const { url, requests } = await rawServer("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", "end");
    await readAll(
      await nodeHttp.send({ method: "POST", url, headers: {}, body: '"é"', signal: new AbortController().signal }),
    );
    expect(requests[0]).toMatch(/content-length: 4\r\n/i);
    expect(requests[0]).toMatch(/connection: close\r\n/i);
  });
});

describe("no answer", () => {
  test("a refused connection and one closed without a word are data", async () => {
    const { url } = await rawServer("", "end");
    expect(await get(url)).toMatchObject({ kind: "unreachable", broken: { code: "ECONNRESET" } });
    expect(await get("http://127.0.0.1:1/")).toMatchObject({ kind: "unreachable", broken: { code: "ECONNREFUSED" } });
  });
});

describe("an abort", () => {
  test("before and while waiting rejects with its reason and closes the connection", async () => {
    const reason = new Error("enough");
    await expect(get("http://127.0.0.1:1/", AbortSignal.abort(reason))).rejects.toBe(reason);
    const { url, requests, closed } = await rawServer("", "wait");
    const controller = new AbortController();
    const waiting = get(url, controller.signal);
    while (requests.length === 0) await new Promise((resolve) => setImmediate(resolve));
    controller.abort(reason);
    await expect(waiting).rejects.toBe(reason);
    await closed;
  });

  test("in the middle of a body throws its reason", async () => {
    const { url, closed } = await rawServer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", "wait");
    const controller = new AbortController();
    const reason = new Error("enough");
    const outcome = await get(url, controller.signal);
    if (outcome.kind === "unreachable") throw new Error("unreachable");
    const reading = (async () => {
      for await (const part of outcome.body) if (part.kind === "bytes") controller.abort(reason);
    })();
    await expect(reading).rejects.toBe(reason);
    await closed;
  });

  test("leaving a body early closes the connection", async () => {
    const { url, closed } = await rawServer("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nhi\r\n", "wait");
    const outcome = await get(url);
    if (outcome.kind === "unreachable") throw new Error("unreachable");
    for await (const _ of outcome.body) break;
    await closed;
  });
});
