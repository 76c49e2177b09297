/** The demo's server program behaves as llama-server does, with a real model. */
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { demoChatTemplates, demoPrompts, demoWeightEdit } from "../../src/demo/demo-suite.ts";
import { editWeights } from "../../src/demo/edit-weights.ts";
import type { RealParts } from "../../src/demo/real-parts.ts";
import { realPartsForTests } from "./real-parts.ts";
import { refused, type Served, serve } from "./served.ts";

let parts: RealParts;
let folder = "";
beforeAll(async () => {
  parts = await realPartsForTests();
  folder = mkdtempSync(join(tmpdir(), "driver-"));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function withServer<T>(
  model: string,
  options: readonly string[],
  work: (server: Served) => Promise<T>,
): Promise<T> {
  const server = await serve(parts, model, options);
  try {
    return await work(server);
  } finally {
    await server.end("SIGKILL");
  }
}

const sampling = { n_predict: 64, seed: 42, temperature: 0.8, top_p: 0.95, top_k: 0, min_p: 0, return_tokens: true };
const complete = async (server: Served, prompt: unknown) =>
  (await server.post("/completion", { ...sampling, prompt, cache_prompt: false })).tokens;

describe("llama_server.py refuses", () => {
  test.each<[string, () => string[], RegExp]>([
    [
      "an option it does not know",
      () => ["--model", parts.modelPath, "--draft-max", "4"],
      /^error: invalid argument: --draft-max /,
    ],
    [
      "an option with a value glued on",
      () => ["--model", parts.modelPath, "--port=1"],
      /^error: invalid argument: --port=1 /,
    ],
    ["an option without its value", () => ["--model", parts.modelPath, "--port"], /^error: --port: expected a value$/],
    [
      "a value that is no number",
      () => ["--model", parts.modelPath, "--threads", "two"],
      /^error: --threads: expected a whole number, found 'two'$/,
    ],
    [
      "a value outside its list",
      () => ["--model", parts.modelPath, "--flash-attn", "1"],
      /^error: --flash-attn: expected one of on, off, auto, found '1'$/,
    ],
    ["no model", () => ["--threads", "2"], /^error: --model FILE must be given$/],
    [
      "a model file that is not there",
      () => ["--model", "missing.gguf"],
      /^error: --model: there is no file 'missing.gguf'$/,
    ],
    [
      "a template file that is not there",
      () => ["--model", parts.modelPath, "--chat-template-file", "x"],
      /^error: --chat-template-file: there is no file 'x'$/,
    ],
    [
      "a model file that is none",
      () => ["--model", "package.json", "--port", "1"],
      /failed to load model from package\.json/,
    ],
  ])("%s", (_name, options, reason) => {
    const { code, lines } = refused(parts, options());
    expect(code).toBe(1);
    // Where llama.cpp itself refuses, its own thread may end the process before the driver's last words.
    expect(lines).toContainEqual(expect.stringMatching(reason));
  });

  test("a variable that llama-server would have read", () => {
    const { code, lines } = refused(parts, ["--model", parts.modelPath], { LLAMA_ARG_TEMPERATURE: "2" });
    expect([code, lines.at(-1)]).toEqual([1, expect.stringContaining("LLAMA_ARG_TEMPERATURE")]);
  });

  test("to start without its package, and says where it looks", () => {
    const { code, lines } = refused(parts, ["--model", parts.modelPath], { PYTHONPATH: folder });
    expect([code, lines.at(-1)]).toEqual([1, expect.stringMatching(/cannot load xllamacpp .*PYTHONPATH/)]);
  });
});

describe("llama_server.py serves", () => {
  test.each(["SIGTERM", "SIGINT"] as const)("until %s, and then ends well", async (signal) => {
    const server = await serve(parts, parts.modelPath);
    expect(await server.end(signal)).toEqual({ code: 0, signal: null });
  });

  test("ends while it is answering", async () => {
    const server = await serve(parts, parts.modelPath);
    const answer = server
      .post("/completion", { prompt: "The sea", n_predict: 900, ignore_eos: true })
      .catch(() => "cut");
    await server.post("/tokenize", { content: "The request above has been taken." });
    expect(await server.end("SIGTERM")).toEqual({ code: 0, signal: null });
    expect(await answer).toBe("cut");
  });

  test("the same answer twice, and another one from edited weights", async () => {
    const edited = join(folder, "edited.gguf");
    await editWeights(parts.modelPath, edited, demoWeightEdit);
    const prompt = demoPrompts.find(({ id }) => id === "lighthouse-story")?.user ?? "";
    const [first, second] = await withServer(parts.modelPath, [], async (server) => [
      await complete(server, prompt),
      await complete(server, prompt),
    ]);
    const drifted = await withServer(edited, [], (server) => complete(server, prompt));
    expect(first).toHaveLength(64);
    expect(second).toEqual(first);
    expect(drifted).toHaveLength(64);
    expect(drifted).not.toEqual(first);
  });

  test.each(["recorded", "changed"] as const)("the demo's %s chat template", async (which) => {
    const file = join(folder, `${which}.jinja`);
    writeFileSync(file, demoChatTemplates[which]);
    const { prompt } = await withServer(parts.modelPath, ["--chat-template-file", file], (server) =>
      server.post("/apply-template", { messages: [{ role: "user", content: "Hello" }] }),
    );
    const question = "<|im_start|>user\nHello<|im_end|>\n<|im_start|>assistant";
    expect(prompt).toBe({ recorded: `${question}\n`, changed: question }[which]);
  });
});
