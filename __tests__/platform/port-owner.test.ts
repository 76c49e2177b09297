/** Who listens, asked about our own sockets. */
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "@jest/globals";
import { listensOn } from "../../src/platform/port-owner.ts";
import { freePort } from "../../src/platform/ports.ts";

test.each(["127.0.0.1", "0.0.0.0"])("our own socket on %s is found among ours and not among others", async (host) => {
  const port = await freePort();
  expect(listensOn(port, [process.pid])).toBeNull();
  const server = createServer().listen(port, host);
  await once(server, "listening");
  expect(listensOn(port, [process.pid])).toBe(true);
  expect(listensOn(port, [process.ppid])).not.toBe(true);
  expect(listensOn(port, [])).toBe(false);
  server.close();
  await once(server, "close");
});
