import { describe, expect, test } from "@jest/globals";
import { completeLine } from "../../src/engines/protocols/json-lines-request.ts";
import { requestOf } from "../engines/sample-suite.ts";
import { runPython } from "./run-python.ts";

const engine = `
from inference_gate.protocol import Channel, converse
from inference_gate.refusal import Refused

class Engine:
    name, version = "echo", "1"
    def facts(self): return {"engine.device": "cpu"}
    def before_request(self): pass
    def complete(self, request):
        print("INFO: a print of the framework")
        os.system("echo a child of the framework")
        os.write(1, b"bytes past Python\\n")
        if request.prompt["text"] == "fail":
            try:
                raise MemoryError("4 GiB")
            except MemoryError as error:
                raise RuntimeError("Engine core\\n  initialization failed.") from error
        for letter in request.prompt["text"]:
            request.token(ord(letter), -0.5, float("inf"), letter)
            if "h" not in request.prompt["text"] and request.is_stopped(): return {"finish_reason": "abort", "prompt_token_ids": []}
        return {"finish_reason": "stop", "prompt_token_ids": [1]}
    def close(self): print("closed", file=sys.stderr)
`;
const run = (text: string, input: readonly object[]) =>
  runPython(engine + text, input.map((line) => `${JSON.stringify(line)}\n`).join(""));
const lines = (out: string) =>
  out
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => JSON.parse(line));

const talk = "sys.exit(converse(Channel.take_over(), lambda: (None, Engine())))";
/** As the gate itself writes it. */
const complete = (id: string, text: string) =>
  completeLine(id, requestOf(undefined, { prompt: { kind: "text", text } }));
const hello = { type: "hello", protocol: 1 };

describe("the protocol of the drivers", () => {
  test("stays whole whatever the framework, its children or its libraries print; that goes to the log", () => {
    const ran = run(talk, [hello, complete("1", "hé"), { type: "bye" }]);
    expect(ran.code).toBe(0);
    expect(lines(ran.out)).toEqual([
      { type: "ready", protocol: 1, engine: { name: "echo", version: "1" }, facts: { "engine.device": "cpu" } },
      { type: "token", id: "1", index: 0, token_id: 104, logprob: -0.5, margin: null, text: "h" },
      { type: "token", id: "1", index: 1, token_id: 233, logprob: -0.5, margin: null, text: "é" },
      { type: "output", id: "1", finish_reason: "stop", prompt_token_ids: [1] },
    ]);
    expect(ran.err).toContain("INFO: a print of the framework");
    expect(ran.err).toContain("a child of the framework");
    expect(ran.err).toContain("bytes past Python");
    expect(ran.err).toContain("closed");
  });

  test("survives half a line that was on stdout before it", () => {
    const before = `os.write(1, b"a sitecustomize says hello")\n`;
    const [half, ready] = run(before + talk, [{ type: "bye" }]).out.split("\n");
    expect(half).toBe("a sitecustomize says hello");
    expect(JSON.parse(ready ?? "")).toMatchObject({ type: "ready" });
  });

  test("tells an exception by its last line and what to do, keeps the traceback in the log, and goes on", () => {
    const ran = run(talk, [complete("1", "fail"), complete("2", "a"), { type: "bye" }]);
    const [, failed, token] = lines(ran.out);
    expect(failed).toEqual({
      type: "failed",
      id: "1",
      message: "RuntimeError: Engine core initialization failed.",
      hints: ["It began with MemoryError: 4 GiB"],
    });
    expect(token).toMatchObject({ type: "token", id: "2" });
    expect(ran.err).toContain("Traceback (most recent call last)");
  });

  test("ends an answer at a stop, and itself at the end of its input", () => {
    const ran = run(talk, [complete("1", "abc"), { type: "stop", id: "1" }]);
    expect(lines(ran.out).map(({ type }) => type)).toEqual(["ready", "token", "output"]);
    expect(lines(ran.out).at(-1)).toMatchObject({ finish_reason: "abort" });
    expect(ran.code).toBe(0);
  });

  test("refuses in place of ready, whatever the start raises, and waits for the gate to go", () => {
    const refused = `
def broken(): raise Refused("module-missing", "vllm", "no module of that name", "vLLM", ["install it"])
sys.exit(converse(Channel.take_over(), broken))`;
    expect([run(refused, [hello]).code, lines(run(refused, [hello]).out)]).toEqual([
      1,
      [
        {
          type: "refused",
          protocol: 1,
          reason: "module-missing",
          subject: "vllm",
          found: "no module of that name",
          expected: "vLLM",
          hints: ["install it"],
        },
      ],
    ]);
    const raised = `
def broken(): raise ValueError("No available memory for the cache blocks.")
sys.exit(converse(Channel.take_over(), broken))`;
    expect(lines(run(raised, [hello]).out)).toMatchObject([
      {
        reason: "engine-start-failed",
        found: "ValueError: No available memory for the cache blocks.",
        hints: [],
      },
    ]);
  });

  const { sampling, ...withoutSampling } = complete("1", "a");
  test.each<[string, object | string, string]>([
    ["another version", { type: "hello", protocol: 2 }, "hello: protocol 2, expected 1"],
    ["an unknown type", { type: "rest" }, "a message: type 'rest', expected one of bye, complete, hello, stop"],
    ["a field left out", withoutSampling, "complete: fields case, extra, id, needs_token_ids, prompt, type, expected"],
    ["a field that is new", { ...complete("1", "a"), more: 1 }, "complete: fields case, extra, id, more,"],
    [
      "a value of another type",
      { ...complete("1", "a"), sampling: { ...sampling, max_tokens: "9" } },
      "sampling.max_tokens: '9', expected int",
    ],
    [
      "a truth in place of a number",
      { ...complete("1", "a"), sampling: { ...sampling, seed: true } },
      "sampling.seed: True, expected int",
    ],
    ["another kind of prompt", { ...complete("1", "a"), prompt: { kind: "image" } }, "prompt: kind 'image', expected"],
    ["no JSON", '{"type": "bye"', "in b"],
  ])("refuses what is no message of the gate and says what: %s", (_, line, says) => {
    const text = typeof line === "string" ? line : JSON.stringify(line);
    const ran = runPython(engine + talk, `${text}\n`);
    expect([ran.code, lines(ran.out).map(({ type }) => type)]).toEqual([2, ["ready"]]);
    expect(ran.err).toContain("the gate sent what is no message of protocol 1: ");
    expect(ran.err).toContain(says);
  });

  test("ends in peace when nobody reads any more", () => {
    const gone = `
channel = Channel.take_over()
read, write = os.pipe(); os.close(read); os.dup2(write, channel._sink)
sys.exit(converse(channel, lambda: (None, Engine())))`;
    expect(run(gone, [hello])).toMatchObject({ code: 0, out: "\n" });
  });
});
