/** Ports on the real loopback interface. */
import { once } from "node:events";
import { createServer } from "node:net";
import { expect, test } from "@jest/globals";
import { freePort, isPortTaken } from "../../src/platform/ports.ts";

test("a free port can be listened on, is below the ephemeral range and is then taken", async () => {
  const port = await freePort();
  expect(port).toBeGreaterThanOrEqual(20_000);
  expect(port).toBeLessThan(32_768);
  const server = createServer().listen(port, "127.0.0.1");
  await once(server, "listening");
  expect(await isPortTaken(port)).toBe(true);
  server.close();
  await once(server, "close");
  expect(await isPortTaken(port)).toBe(false);
});

test("no port is handed out twice", async () => {
  const ports = await Promise.all(Array.from({ length: 50 }, freePort));
  expect(new Set(ports).size).toBe(50);
});
