import { sglang } from "../../src/engines/sglang/sglang.ts";
import { describeEngine } from "../contracts/engine-contract.ts";
import { fakeSglang } from "./fake-sglang-server.ts";
import { runningAt, suiteOf } from "./sample-suite.ts";

describeEngine("sglang", {
  engine: () => sglang,
  async start(behaviour) {
    let die = () => {};
    const server = await fakeSglang({ behaviour, onDeath: () => die() });
    const running = runningAt(server.baseUrl);
    die = () => running.die(1);
    return {
      suite: suiteOf({ name: "sglang" }),
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
