import { llamaCpp } from "../../src/engines/llama-cpp/llama-cpp.ts";
import { describeEngine } from "../contracts/engine-contract.ts";
import { fakeLlama } from "./fake-llama-server.ts";
import { runningAt, suiteOf } from "./sample-suite.ts";

describeEngine("llama-cpp", {
  engine: () => llamaCpp,
  async start(behaviour) {
    let die = () => {};
    const server = await fakeLlama({ behaviour, onDeath: () => die() });
    const running = runningAt(server.baseUrl);
    die = () => running.die(139);
    return {
      suite: suiteOf({ name: "llama-cpp", args: { threads: 2 } }),
      running,
      trace: () => server.received.findLast(({ path }) => path === "/completion")?.text ?? "",
      stop: server.stop,
    };
  },
  codes: {
    error: "engines/http-status",
    silent: "replay/stalled",
    "half a message": "engines/malformed-reply",
    "dies at token 7": "engines/died",
    "without ids": "replay/missing-token-ids",
    "another model": "engines/wrong-model",
    empty: "replay/empty-completion",
  },
});
