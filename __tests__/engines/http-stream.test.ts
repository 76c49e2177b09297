import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { Ask } from "../../src/engines/protocols/ask.ts";
import { eventStream } from "../../src/engines/protocols/http-stream.ts";
import type { BodyPart } from "../../src/platform/http.ts";
import { problemsOf } from "../contracts/engine-contract.ts";
import { runningAt } from "./sample-suite.ts";

/** An engine whose answer arrives in exactly these pieces. */
function answering(parts: readonly BodyPart[], contentType = "text/event-stream"): Ask {
  async function* body() {
    yield* parts;
  }
  return {
    http: { send: async () => ({ kind: "answered", status: 200, contentType, body: body() }) },
    running: runningAt("http://127.0.0.1:1"),
    engine: "llama-cpp",
    caseId: "sea",
    method: "POST",
    url: "http://127.0.0.1:1/completion",
    headers: {},
    body: {},
    signal: new AbortController().signal,
    tokens: () => 3,
  };
}

const bytes = (text: string): BodyPart => ({ kind: "bytes", bytes: Buffer.from(text) });

async function valuesOf(ask: Ask): Promise<unknown[]> {
  const values: unknown[] = [];
  for await (const value of eventStream(ask)) values.push(value);
  return values;
}

describe("what a stream holds does not depend on how it is cut", () => {
  test.each(["\n", "\r\n"])("lines that end in %j", async (end) => {
    const value = fc.record({ content: fc.string({ unit: "grapheme" }), n: fc.integer() });
    await fc.assert(
      fc.asyncProperty(fc.array(value), fc.array(fc.nat(), { maxLength: 20 }), async (values, cuts) => {
        const text = `: hello${end}${end}${values.map((one) => `data: ${JSON.stringify(one)}${end}${end}`).join("")}data: [DONE]${end}${end}`;
        const whole = Buffer.from(text);
        const places = [0, ...cuts.map((cut) => cut % (whole.length + 1)).sort((a, b) => a - b), whole.length];
        const parts = places
          .slice(1)
          .map((to, index): BodyPart => ({ kind: "bytes", bytes: whole.subarray(places[index], to) }));
        expect(await valuesOf(answering(parts))).toEqual(values);
      }),
      { numRuns: 60 },
    );
  });

  test("a last event without a blank line after it counts", async () => {
    expect(await valuesOf(answering([bytes('data: {"a":1}\n\ndata: {"b":2}')]))).toEqual([{ a: 1 }, { b: 2 }]);
  });

  test("nothing after [DONE] is read", async () => {
    expect(await valuesOf(answering([bytes("data: [DONE]\n\ndata: garbage\n\n")]))).toEqual([]);
  });
});

describe("what goes wrong in a stream", () => {
  const cut: BodyPart = { kind: "cut", broken: { code: "ECONNRESET", reason: "aborted" } };
  test.each<[string, readonly BodyPart[], string, string]>([
    ["half a JSON", [bytes('data: {"a"\n\n')], "engines/malformed-reply", '{\\"a\\"'],
    ["no event", [bytes("<html>Bad Gateway</html>\n\n")], "engines/malformed-reply", "<html>"],
    ["an error as an event", [bytes('data: {"error":{"message":"full"}}\n\n')], "engines/error-in-stream", "full"],
    ["an error as a field", [bytes('error: {"message":"full"}\n\n')], "engines/error-in-stream", "full"],
    ["a cut in the middle of an event", [bytes('data: {"a":'), cut], "engines/connection-cut", "aborted"],
  ])("%s", async (_, parts, code, found) => {
    const problems = await problemsOf(() => valuesOf(answering(parts)));
    expect(problems.map((problem) => problem.code)).toEqual([code]);
    expect(problems[0]?.found).toContain(found);
    expect(problems[0]?.title).toContain("sea after 3 tokens");
  });

  test("an answer that is no stream", async () => {
    const problems = await problemsOf(() =>
      valuesOf(answering([bytes('{"content":"all at once"}')], "application/json")),
    );
    expect(problems.map(({ code }) => code)).toEqual(["engines/malformed-reply"]);
    expect(problems[0]?.found).toContain("application/json instead of text/event-stream");
  });

  test("hostile text stays on one line and is cut", async () => {
    const hostile = `\u001b[31m::error::${"x".repeat(500)}\n</details>`;
    const [problem] = await problemsOf(() => valuesOf(answering([bytes(`data: ${hostile.replaceAll("\n", "")}\n\n`)])));
    expect(problem?.found?.length).toBeLessThan(200);
    expect(problem?.found).not.toContain("\u001b");
  });
});
