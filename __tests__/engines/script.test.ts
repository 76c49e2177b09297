import { describe, expect, test } from "@jest/globals";
import fc from "fast-check";
import type { CompleteLine } from "../../src/engines/protocols/json-lines-messages.ts";
import { type Output, play } from "../../src/engines/scripted/play.ts";
import { tokensOfText } from "../../src/engines/scripted/pseudo-model.ts";
import { readScript } from "../../src/engines/scripted/read-script.ts";
import type { Script, ScriptedAnswer } from "../../src/engines/scripted/script-schema.ts";
import { dependsOnLaunch, scriptedAnswer, tokensOf } from "../../src/engines/scripted/scripted-answer.ts";
import { samplingOf } from "./sample-suite.ts";

const asked = (more: Partial<CompleteLine> = {}): CompleteLine => {
  const { params } = samplingOf({ max_tokens: 64 });
  return {
    type: "complete",
    id: "1",
    case: "sea",
    prompt: { kind: "text", text: "Hi" },
    sampling: { ...params, stop: [], stop_token_ids: [] },
    extra: {},
    needs_token_ids: true,
    ...more,
  };
};

function scriptOf(text: string): Script {
  const read = readScript(text, "answers.yml");
  if (read.kind === "invalid") throw new Error(JSON.stringify(read.problems));
  return read.script;
}

const placesOf = (text: string) => {
  const read = readScript(text, "answers.yml");
  return read.kind === "script"
    ? []
    : read.problems.map(({ title, location }) => `${location?.line}:${location?.column} ${title}`);
};

describe("mistakes in a script", () => {
  test("all are told at once, each at its line and column", () => {
    const text = [
      "version: 1",
      "cases:",
      "  intro:",
      "    txt: hello",
      "    stall_at: soon",
      "  two:",
      "    on_call: { zero: { text: a } }",
    ];
    expect(placesOf(text.join("\n"))).toEqual([
      '5:5 The script has a mistake at "cases.intro.stall_at".',
      '4:5 The script has a mistake at "cases.intro.txt".',
      '7:16 The script has a mistake at "cases.two.on_call.zero".',
    ]);
  });

  test("broken YAML, aliases without end, and other versions", () => {
    expect(placesOf("version: 1\ncases: {").map((place) => place.slice(0, 2))).toEqual(["2:"]);
    const bomb = [
      "a: &a [x,x,x,x,x,x,x,x,x]",
      ...["b", "c", "d", "e"].map((name, at) => `${name}: &${name} [${Array(9).fill(`*${"abcd"[at]}`)}]`),
    ];
    expect(placesOf(bomb.join("\n")).length).toBe(1);
    expect(placesOf("version: 2")).toEqual(['1:1 The script has a mistake at "version".']);
    expect(placesOf("")).toEqual(["1:1 The script has a mistake."]);
  });

  test("JSON is YAML too", () => {
    expect(scriptOf('{"version":1,"default":{"text":"hello"}}').default?.text).toBe("hello");
  });
});

describe("which answer is due", () => {
  const script = scriptOf(`
version: 1
default: { text: anything }
cases:
  sea: { text: blue, delay_ms: 2, on_call: { 2: { text: grey } }, on_launch: { 3: { generate: { tokens: 4 } } } }
`);
  test.each<[string, number, number, ScriptedAnswer]>([
    ["sea", 1, 1, { text: "blue", delay_ms: 2 }],
    ["sea", 2, 1, { text: "grey", delay_ms: 2 }],
    ["sea", 1, 3, { generate: { tokens: 4 }, delay_ms: 2 }],
    ["sea", 2, 3, { text: "grey", delay_ms: 2 }],
    ["sky", 5, 5, { text: "anything" }],
    ["toString", 1, 1, { text: "anything" }],
  ])("%s, call %d of launch %d", (caseId, call, launch, answer) => {
    expect(JSON.parse(JSON.stringify(scriptedAnswer(script, caseId, { call, launch })))).toEqual(answer);
  });

  test("none without a default, and a launch only where it is asked for", () => {
    expect(scriptedAnswer(scriptOf("version: 1"), "sea", { call: 1, launch: 1 })).toBeNull();
    expect([dependsOnLaunch(script), dependsOnLaunch(scriptOf("version: 1"))]).toEqual([true, false]);
  });
});

describe("the pseudo-model", () => {
  const textOf = (answer: ScriptedAnswer, request = asked()) =>
    [...tokensOf(answer, request).tokens].map(({ text }) => text).join("");
  const generate = { generate: {} };

  test("is the same for the same question and another for any other", () => {
    expect(textOf(generate)).toBe(textOf(generate));
    const questions = [
      asked(),
      asked({ prompt: { kind: "text", text: "Ho" } }),
      asked({ extra: { mirostat: 2 } }),
      asked({ sampling: { ...asked().sampling, seed: 8 } }),
      asked({ sampling: { ...asked().sampling, stop: ["x"] } }),
    ];
    expect(new Set(questions.map((request) => textOf(generate, request))).size).toBe(questions.length);
    expect(textOf({ generate: { salt: "other weights" } })).not.toBe(textOf(generate));
  });

  test("is as long as asked and ends for the right reason", () => {
    expect([...tokensOf(generate, asked()).tokens].length).toBe(64);
    expect(tokensOf(generate, asked()).finishReason).toBe("length");
    expect([...tokensOf({ generate: { tokens: 10 } }, asked()).tokens].length).toBe(10);
    expect(tokensOf({ generate: { tokens: 10 } }, asked()).finishReason).toBe("stop");
    expect(tokensOf({ text: "a b c" }, asked({ sampling: { ...asked().sampling, max_tokens: 2 } })).finishReason).toBe(
      "length",
    );
  });

  test("splits where the script says, and shifts only numbers when told so", () => {
    const ids = (answer: ScriptedAnswer) => [...tokensOf(answer, asked()).tokens].map(({ id }) => id);
    const [before, after] = [ids(generate), ids({ generate: { change_at: 20 } })];
    expect(after.slice(0, 20)).toEqual(before.slice(0, 20));
    expect(after.slice(20)).not.toEqual(before.slice(20));
    const shifted = { generate: { logprob_shift: 0.25 } };
    expect(ids(shifted)).toEqual(before);
    const logprob = (answer: ScriptedAnswer) => [...tokensOf(answer, asked()).tokens][0]?.logprob ?? 0;
    expect(logprob(shifted) - logprob(generate)).toBeCloseTo(0.25, 5);
  });

  test("a fixed text comes out whole, whatever it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        expect(
          tokensOfText(text)
            .map((token) => token.text)
            .join(""),
        ).toBe(text);
      }),
    );
  });
});

describe("playing an answer", () => {
  async function played(answer: ScriptedAnswer, stopAfter = Number.POSITIVE_INFINITY) {
    const lines: string[] = [];
    const log: string[] = [];
    const output: Output = {
      async line(line) {
        lines.push(line);
      },
      log: (line) => log.push(line),
    };
    await play(answer, asked(), output, () => lines.length >= stopAfter);
    return { lines, log };
  }

  test("hostile text is one line of JSON", async () => {
    const text = "::error::\u001b[31m</details>@everyone\n\u0000 end";
    const { lines } = await played({ tokens: [{ id: 1, text }] });
    expect(lines.every((line) => !line.includes("\n"))).toBe(true);
    expect(JSON.parse(lines[0] ?? "").text).toBe(text);
  });

  test("a stop ends it, noise and half a message come where they shall", async () => {
    const { lines } = await played({ text: "a b c d e" }, 2);
    expect(lines.map((line) => JSON.parse(line).type)).toEqual(["token", "token", "output"]);
    expect(JSON.parse(lines[2] ?? "").finish_reason).toBe("abort");
    const noisy = await played({
      text: "a b",
      noise: { stdout: ["loading"], stderr: ["warn"] },
      malformed_at: { token: 1 },
    });
    expect([noisy.lines[0], noisy.lines[2], noisy.log]).toEqual(["loading", '{"type":"token","id":"', ["warn"]]);
  });
});
