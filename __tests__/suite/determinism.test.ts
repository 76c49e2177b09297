import { describe, expect, test } from "@jest/globals";
import { suiteFolder } from "./suite-folder.ts";

const folders = suiteFolder();
const rest = "sampling: { seed: 1, max_tokens: 8 }\ncases: [{ id: a, prompt: hi }]\n";
const loaded = async (head: string) =>
  (await folders.load({ "suite.yml": `version: 1\n${head}\n${rest}` })).determinism;

describe("determinism", () => {
  test.each<[string, string, boolean]>([
    ["vllm", "engine: { name: vllm }", false],
    ["vllm-server, whose engine is always apart", "engine: { name: vllm-server }", true],
    ["vllm-server with settings", "engine: { name: vllm-server }\ndeterminism: { threads: 2 }", true],
    ["a suite that says otherwise", "engine: { name: vllm-server }\ndeterminism: { multiprocessing: false }", false],
  ])("of %s: multiprocessing where the suite is silent", async (_, head, multiprocessing) => {
    expect(await loaded(`runtime: process\n${head}`)).toMatchObject({ multiprocessing });
  });

  test("is nothing for a server that runs already", async () => {
    const head = 'runtime: attached\nengine: { name: vllm-server, url: "http://gpu:8000" }\nmodel: { name: tiny }';
    expect(await loaded(head)).toBeNull();
  });

  test("and cannot be asked of it", async () => {
    const head = 'runtime: attached\nengine: { name: vllm-server, url: "http://gpu:8000" }\nmodel: { name: tiny }';
    await expect(loaded(`${head}\ndeterminism: { threads: 2 }`)).rejects.toThrow(/vllm-server that runs already/);
  });
});
