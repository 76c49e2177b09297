import { describe, expect, test } from "@jest/globals";
import type { EngineSession } from "../../src/engines/engine.ts";
import { requestLineSchema } from "../../src/engines/protocols/json-lines-messages.ts";
import { openJsonLines } from "../../src/engines/protocols/json-lines-session.ts";
import type { EngineExit, RunningEngine } from "../../src/model/launch-plan.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { requestOf, samplingOf, suiteOf } from "./sample-suite.ts";

const ready = {
  type: "ready",
  protocol: 1,
  engine: { name: "fake", version: "2" },
  facts: { "model.file": "a", device: "cpu" },
};
const token = (index: number, more: object = {}) => ({
  type: "token",
  id: "1",
  index,
  token_id: 10 + index,
  text: `t${index} `,
  ...more,
});
const output = (more: object = {}) => ({ type: "output", id: "1", finish_reason: "stop", ...more });

/** A program that says `greeting` at once and `answers[n]` to the n-th request; text is sent as it is. */
function program(answers: readonly (readonly (object | string)[])[], greeting: readonly (object | string)[] = [ready]) {
  const queue: string[] = [];
  const sent: string[] = [];
  let wake = () => {};
  let isClosed = false;
  let end: (exit: EngineExit) => void = () => {};
  const say = (lines: readonly (object | string)[]) => {
    queue.push(...lines.map((line) => (typeof line === "string" ? line : JSON.stringify(line))));
    wake();
  };
  async function* lines() {
    for (;;) {
      const line = queue.shift();
      if (line !== undefined) yield line;
      else if (isClosed) return;
      else
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
    }
  }
  let requests = 0;
  const running: RunningEngine = {
    endpoint: {
      kind: "stdio",
      lines: lines(),
      async send(line) {
        sent.push(line);
        if (requestLineSchema.parse(JSON.parse(line)).type === "complete") {
          say(answers[requests] ?? []);
          requests += 1;
        }
      },
    },
    facts: [],
    logTail: () => ["log line"],
    logFile: () => "/state/logs/1.log",
    exited: new Promise((resolve) => {
      end = resolve;
    }),
    stop: async () => {},
  };
  say(greeting);
  const close = (exit: EngineExit | null) => {
    isClosed = true;
    wake();
    if (exit !== null) end(exit);
  };
  return { running, sent, say, close };
}

const open = (running: RunningEngine) => openJsonLines(running, suiteOf({ name: "command", command: ["x"] }));
const ask = (session: EngineSession) => session.complete(requestOf(), () => "continue");

describe("a conversation", () => {
  test("begins with hello, sends every field, and ends with bye", async () => {
    const { running, sent } = program([[token(0), output()]]);
    const session = await open(running);
    await ask(session);
    await session.close();
    const lines = sent.map((line) => requestLineSchema.parse(JSON.parse(line)));
    expect(lines.map(({ type }) => type)).toEqual(["hello", "complete", "bye"]);
    expect(lines[1]).toMatchObject({ id: "1", case: "sea", sampling: samplingOf().params, needs_token_ids: true });
  });

  test("facts are under engine. or model.", async () => {
    const session = await open(program([]).running);
    expect((await session.describe()).map(({ key, value }) => [key, value])).toEqual([
      ["engine.name", "fake"],
      ["engine.version", "2"],
      ["model.file", "a"],
      ["engine.device", "cpu"],
    ]);
  });

  test("lines that a framework prints are no messages", async () => {
    const noise = ["Loading weights: 100%", "{'loss': 0.1}", '{"step": 3}', "[1, 2]", "", "null"];
    const { running } = program([["warming up", token(0), ...noise, token(1), { type: "log", text: "hi" }, output()]]);
    expect((await ask(await open(running))).text).toBe("t0 t1 ");
  });

  test("a program that does not stream passes its tokens on at the end", async () => {
    const { running } = program([[output({ text: "whole", token_ids: [4, 5], prompt_token_ids: [1] })]]);
    const streamed: (number | null)[] = [];
    const completion = await (await open(running)).complete(requestOf(), ({ id }) => {
      streamed.push(id);
      return "continue";
    });
    expect([streamed, [...(completion.tokenIds ?? [])], completion.text]).toEqual([[4, 5], [4, 5], "whole"]);
  });

  test("an output that is no text is known by its digest", async () => {
    const digest = `sha256:${"ab".repeat(32)}`;
    const { running } = program([[output({ output_digest: digest })]]);
    const completion = await (await open(running)).complete(
      requestOf(samplingOf(), { needsTokenIds: false }),
      () => "continue",
    );
    expect([completion.outputDigest, completion.text, completion.tokenIds]).toEqual([digest, "", null]);
  });

  test("a token that is no longer wanted is dropped, and the next request gets its own answer", async () => {
    const { running, sent, say } = program([
      [token(0), token(1), token(2)],
      [{ ...token(0, { id: "2" }) }, { ...output(), id: "2" }],
    ]);
    const session = await open(running);
    const left = session.complete(requestOf(), () => "stop");
    say([output({ finish_reason: "abort" })]);
    expect((await left).finishReason).toBe("abort");
    expect([...((await ask(session)).tokenIds ?? [])]).toEqual([10]);
    expect(sent.map((line) => JSON.parse(line).type)).toEqual(["hello", "complete", "stop", "complete"]);
  });

  test("the rest of an answer that ran out of time does not disturb the next one", async () => {
    const { running, say } = program([[token(0)], [{ ...token(0, { id: "2" }) }, { ...output(), id: "2" }]]);
    const session = await open(running);
    const controller = new AbortController();
    const reason = new Error("too slow");
    const left = session.complete(requestOf(samplingOf(), { signal: controller.signal }), () => {
      controller.abort(reason);
      return "continue";
    });
    await expect(left).rejects.toBe(reason);
    say([token(1), output()]);
    expect([...((await ask(session)).tokenIds ?? [])]).toEqual([10]);
  });
});

describe("what a program does wrong", () => {
  test.each<[string, readonly (object | string)[], string, string]>([
    ["half a message", [token(0), '{"type":"token","id":"1","ind'], "engines/malformed-line", "not JSON"],
    ["a field of another type", [token(0, { index: "0" })], "engines/malformed-line", "index"],
    ["an unknown type", [{ type: "tokens", id: "1" }], "engines/malformed-line", "type"],
    ["a wrong id", [token(0, { id: "9" })], "engines/out-of-turn", '\\"id\\":\\"9\\"'],
    ["a token left out", [token(0), token(2)], "engines/out-of-turn", '\\"index\\":2'],
    ["an id for some tokens only", [token(0), token(1, { token_id: null })], "engines/out-of-turn", "null"],
    ["ids that contradict", [token(0), output({ token_ids: [99] })], "engines/out-of-turn", "99"],
    ["an abort that nobody asked for", [token(0), output({ finish_reason: "abort" })], "engines/out-of-turn", "abort"],
    ["ready again", [ready], "engines/out-of-turn", "ready"],
    ["its own failure", [{ type: "failed", id: "1", message: "no image" }], "engines/program-failed", "no image"],
  ])("%s", async (_, answer, code, found) => {
    const session = await open(program([answer]).running);
    const problems = await problemsOf(() => ask(session));
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]?.found).toContain(found);
  });

  test("a message after the end of an answer is found with the next request", async () => {
    const session = await open(program([[token(0), output(), token(1)], []]).running);
    await ask(session);
    const problems = await problemsOf(() => ask(session));
    expect(problems.map(({ code, title }) => [code, title.includes("had been answered")])).toEqual([
      ["engines/out-of-turn", true],
    ]);
  });

  test.each<[string, readonly (object | string)[], string]>([
    ["another version", [{ ...ready, protocol: 2 }], "engines/protocol-version"],
    ["another first message", [token(0)], "engines/out-of-turn"],
  ])("%s at the start", async (_, greeting, code) => {
    const problems = await problemsOf(() => open(program([], greeting).running));
    expect(problems.map((problem) => problem.code)).toEqual([code]);
  });

  test("an exit in the middle tells how, after how many tokens, and the last lines", async () => {
    const { running, close } = program([["about to crash", token(0)]]);
    const session = await open(running);
    const asked = problemsOf(() =>
      session.complete(requestOf(), () => {
        close({ code: 3, signal: null });
        return "continue";
      }),
    );
    expect((await asked).map(({ code, title, found, evidence }) => [code, title, found, evidence])).toEqual([
      [
        "engines/died",
        "The engine ended in case sea after 1 tokens.",
        "exit code 3",
        ["stdout: about to crash", "log line"],
      ],
    ]);
    expect((await asked)[0]?.help.at(-1)).toBe("The whole log of the engine: /state/logs/1.log");
  });

  test("an output that closes while the program runs is named as such", async () => {
    const { running, close } = program([[token(0)]]);
    const session = await open(running);
    close(null);
    expect((await problemsOf(() => ask(session))).map(({ code }) => code)).toEqual(["engines/output-closed"]);
  });

  test("an address instead of stdin and stdout is a fault of ours", async () => {
    const { running } = program([]);
    const http: RunningEngine = { ...running, endpoint: { kind: "http", baseUrl: "http://127.0.0.1:1" } };
    expect((await problemsOf(() => open(http))).map(({ code }) => code)).toEqual(["engines/wrong-transport"]);
  });
});
