import { vllmServer } from "../../src/engines/vllm-server/vllm-server.ts";
import { describeEngine } from "../contracts/engine-contract.ts";
import { fakeVllm } from "./fake-vllm-server.ts";
import { runningAt } from "./sample-suite.ts";
import { serverSuite } from "./vllm-server-suite.ts";

describeEngine("vllm-server", {
  engine: () => vllmServer,
  async start(behaviour) {
    let die = () => {};
    const server = await fakeVllm({ behaviour, onDeath: () => die() });
    const running = runningAt(server.baseUrl);
    die = () => running.die(1);
    return {
      suite: serverSuite(),
      running,
      trace: () => server.received.findLast(({ method }) => method === "POST")?.text ?? "",
      stop: server.stop,
    };
  },
  codes: {
    error: "engines/http-status",
    silent: "replay/stalled",
    "half a message": "engines/malformed-reply",
    "dies at token 7": "engines/died",
    "without ids": "engines/no-token-ids",
    "another model": "engines/wrong-model",
    empty: "replay/empty-completion",
  },
});
