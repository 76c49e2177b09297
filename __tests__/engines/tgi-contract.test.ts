import { tgi } from "../../src/engines/tgi/tgi.ts";
import { describeEngine } from "../contracts/engine-contract.ts";
import { fakeTgi } from "./fake-tgi-server.ts";
import { runningAt, suiteOf } from "./sample-suite.ts";

describeEngine("tgi", {
  engine: () => tgi,
  refusesTokenIds: "engines/token-prompt",
  async start(behaviour) {
    let die = () => {};
    const server = await fakeTgi({ behaviour, onDeath: () => die() });
    const running = runningAt(server.baseUrl);
    die = () => running.die(1);
    return {
      suite: suiteOf({ name: "tgi" }),
      running,
      trace: () => server.received.findLast(({ path }) => path === "/generate_stream")?.text ?? "",
      stop: server.stop,
    };
  },
  codes: {
    error: "engines/error-in-stream",
    silent: "replay/stalled",
    "half a message": "engines/malformed-reply",
    "dies at token 7": "engines/died",
    // Its answers have no other form than with ids.
    "without ids": null,
    "another model": "engines/wrong-model",
    // Not even the details that end every answer.
    empty: "engines/connection-cut",
  },
});
