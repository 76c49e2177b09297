/** The least that a script can do: sends a body, reads the streamed answer to its end, looks at nothing. */
import { request } from "node:http";

/** Bytes of the answer. Throws for another status than 200 and for a connection that breaks. */
export function sendBare(url: string, body: string): Promise<number> {
  return new Promise((resolve, reject) => {
    const headers = { "content-type": "application/json" };
    const outgoing = request(url, { method: "POST", headers }, (incoming) => {
      let bytes = 0;
      incoming.on("data", (chunk: Buffer) => {
        bytes += chunk.length;
      });
      incoming.on("error", reject);
      incoming.on("end", () => {
        if (incoming.statusCode === 200) resolve(bytes);
        else reject(new Error(`status ${incoming.statusCode}`));
      });
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });
}
