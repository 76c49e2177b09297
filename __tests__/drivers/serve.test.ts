/** The driver of vLLM's server under a stand-in for vLLM: what it starts, what it says of itself, and what it refuses. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { defaultDeterminism } from "../../src/suite/determinism-schema.ts";

const determinism = { ...defaultDeterminism, multiprocessing: true };
const inForce = { ...determinism, multiprocessing: undefined };

/** Runs the middleware that it is given, as vLLM's server would, and tells what it saw. */
const server = `
import asyncio, importlib, json, os, subprocess, sys, types
words = sys.argv[1:]
module, name = words[words.index("--middleware") + 1].rsplit(".", 1)
class Client:
    model_config = types.SimpleNamespace(logprobs_mode="raw_logprobs")
    engine_core = types.SimpleNamespace()
    async def collective_rpc(self, method):
        assert method == "inference_gate_attested"
        return [os.environ["ATTESTED"]] * 2
    def get_tokenizer(self):
        return types.SimpleNamespace(chat_template="{{ x }}", get_vocab=lambda: {"a": 1})
async def beside(scope, receive, send):
    await send({"own": True})
sent = []
async def send(message):
    sent.append({key: value.decode() if isinstance(value, bytes) else value for key, value in message.items() if key != "headers"})
middleware = getattr(importlib.import_module(module), name)(beside)
app = types.SimpleNamespace(state=types.SimpleNamespace(engine_client=Client()))
for path in ("/inference-gate/facts", "/health"):
    asyncio.run(middleware({"type": "http", "path": path, "app": app}, None, send))
child = subprocess.run([sys.executable, "-c", "import inference_gate.serve_facts"], capture_output=True, text=True)
print(json.dumps({"words": words, "name": __name__, "sent": sent, "child": child.stderr}))
`;

let folder: string;
const write = (path: string, text: string) => {
  mkdirSync(dirname(join(folder, path)), { recursive: true });
  writeFileSync(join(folder, path), text);
};
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "serve-"));
  write("site/vllm/__init__.py", '__version__ = "0.32.0"\n');
  write(
    "site/vllm/engine/arg_utils.py",
    "import dataclasses\n@dataclasses.dataclass\nclass EngineArgs:\n    worker_extension_cls: str = ''\n    seed: int = 0\n    enforce_eager: bool = False\n    logprobs_mode: str = ''\n",
  );
  write("site/vllm/entrypoints/openai/api_server.py", server);
  // Wherever and under whatever name a container mounts it.
  cpSync(resolve("drivers", "inference_gate"), join(folder, "mounted"), { recursive: true });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

function run(words: readonly string[] = [], attested: object = { facts: { "torch.version": "2" }, in_force: inForce }) {
  const settings = { version: 1, args: {}, model: {}, determinism, sampling_fields: [] };
  const { PATH = "" } = process.env;
  const env = {
    PATH,
    PYTHONPATH: join(folder, "site"),
    INFERENCE_GATE_SETTINGS: JSON.stringify(settings),
    ATTESTED: JSON.stringify(attested),
    TMPDIR: folder,
  };
  const ran = spawnSync("python3", [join(folder, "mounted"), "vllm-server", ...words], { encoding: "utf8", env });
  return { code: ran.status, err: ran.stderr, said: parsed(ran.stdout) };
}

const parsed = (out: string) => (out.trim() === "" ? null : JSON.parse(out));
const answered = (said: { sent: { body?: string }[] }) => JSON.parse(said.sent[1]?.body ?? "null");

describe("the server", () => {
  test("is run as a program, with its own words, our middleware and worker, and explicit values that this version knows", () => {
    const { said } = run(["--model", "org/model", "--seed", "5"]);
    expect(said.name).toBe("__main__");
    expect(said.words).toEqual([
      ...["--model", "org/model", "--seed", "5"],
      ...["--middleware", "inference_gate.serve_facts.Facts"],
      ...["--worker-extension-cls", "inference_gate.serve_worker.Attested"],
      ...["--enforce-eager", "--logprobs-mode", "raw_logprobs"],
    ]);
  });

  test("and its processes find the package, though its folder is called otherwise", () => {
    expect(run().said.child).toBe("");
  });
});

describe("its facts", () => {
  test("are those of the workers, the settings in force and the tokenizer; every other path is left alone", () => {
    const { said } = run();
    const { facts } = answered(said);
    expect(facts).toMatchObject({
      "torch.version": "2",
      "engine.determinism.threads": 1,
      "engine.determinism.multiprocessing": true,
      "engine.threads": 1,
      "engine.logprobs": "raw_logprobs",
      "model.chat_template": expect.stringMatching(/^sha256:/),
    });
    expect(said.sent.at(-1)).toEqual({ own: true });
  });

  test.each<[string, object, string, string]>([
    [
      "a setting that is not in force in a worker",
      { facts: {}, in_force: { ...inForce, threads: 2 } },
      "setting-not-in-force",
      "threads",
    ],
    [
      "what a worker refuses",
      {
        refused: { reason: "setting-not-in-force", subject: "engine.args.dtype", found: "a", expected: "b", hints: [] },
      },
      "setting-not-in-force",
      "engine.args.dtype",
    ],
    ["a worker that answers something else", { else: 1 }, "engine-start-failed", "the server"],
  ])("are refused for %s", (_, attested, reason, subject) => {
    expect(answered(run([], attested).said).refused).toMatchObject({ reason, subject });
  });
});

describe("one line says what is refused, with exit code 1:", () => {
  test("no vLLM", () => {
    rmSync(join(folder, "site", "vllm"), { recursive: true });
    const { code, err } = run();
    expect([code, err.trim()]).toEqual([1, "vllm: found no module of that name, expected vLLM"]);
  });

  test("a vLLM that cannot be measured", () => {
    write(
      "site/vllm/engine/arg_utils.py",
      "import dataclasses\n@dataclasses.dataclass\nclass EngineArgs:\n    seed: int = 0\n",
    );
    const { code, err } = run();
    expect([code, err.trim()]).toEqual([1, expect.stringMatching(/^worker_extension_cls: found a vLLM without it/)]);
  });

  test("a model folder with a damaged file", () => {
    write("model/config.json", "{}");
    write("model/model.safetensors", "short");
    const { code, err } = run(["--model", join(folder, "model")]);
    expect([code, err.trim()]).toEqual([
      1,
      expect.stringMatching(/model\.safetensors: found 5 bytes without a whole header/),
    ]);
  });
});
