/** Ports of the loopback interface: a free one to hand to an engine, and whether one is taken. */
import { randomInt } from "node:crypto";
import { createServer } from "node:net";

/** Below the range from which Linux takes the ports of outgoing connections, so that none of those steps in between. */
const firstPort = 20_000;
const endOfPorts = 32_000;
const handedOut = new Set<number>();

/** A port of 127.0.0.1 on which nothing listens, never the same one twice in a process. Throws when 200 draws were all taken. */
export async function freePort(): Promise<number> {
  for (let draw = 0; draw < 200; draw += 1) {
    const port = randomInt(firstPort, endOfPorts);
    if (handedOut.has(port) || (await isPortTaken(port))) continue;
    handedOut.add(port);
    return port;
  }
  throw new Error(`no free port between ${firstPort} and ${endOfPorts - 1} on 127.0.0.1`);
}

/** Whether something already listens on this port of 127.0.0.1. */
export function isPortTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(true));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => server.close(() => resolve(false)));
  });
}
