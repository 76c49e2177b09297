/** Another host of the network, as a namespace of this machine: what a container with a way out reaches, and one without must not. */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { asRoot, run } from "./container-machine.ts";

export interface NeighbourHost {
  /** Of documentation's own range (RFC 5737), routed on this machine alone. */
  readonly address: string;
  /** On which it accepts connections. */
  readonly port: number;
  stop(): Promise<void>;
}

const name = `gate-${process.pid}`;
const ends = { here: `${name}a`, there: `${name}b` } as const;
const [gateway, address] = ["198.51.100.1", "198.51.100.2"];
const port = 8080;
const listener = `
import socket
listening = socket.create_server(("${address}", ${port}))
print("listening", flush=True)
while True:
    listening.accept()[0].close()
`;

export async function neighbourHost(): Promise<NeighbourHost> {
  const root = (...words: readonly string[]) => run(...asRoot("ip", ...words));
  const inside = (...words: readonly string[]) => root("netns", "exec", name, "ip", ...words);
  let server: ChildProcess | null = null;
  const stop = async () => {
    if (server !== null && server.exitCode === null && server.kill()) await once(server, "exit");
    // The pair of links ends with the namespace.
    root("netns", "delete", name);
  };
  root("netns", "add", name);
  try {
    root("link", "add", ends.here, "type", "veth", "peer", "name", ends.there, "netns", name);
    root("address", "add", `${gateway}/30`, "dev", ends.here);
    root("link", "set", ends.here, "up");
    inside("address", "add", `${address}/30`, "dev", ends.there);
    inside("link", "set", ends.there, "up");
    inside("route", "add", "default", "via", gateway);
    const [program, ...words] = asRoot("ip", "netns", "exec", name, "python3", "-c", listener);
    server = spawn(program, words, { stdio: ["ignore", "pipe", "inherit"] });
    if (server.stdout === null) throw new Error("no output");
    await once(server.stdout, "data");
    return { address, port, stop };
  } catch (error) {
    await stop();
    throw error;
  }
}
