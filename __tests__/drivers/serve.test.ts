/** The driver of vLLM's server under a stand-in for vLLM: what it starts, what it says of itself, and what it refuses. */
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "@jest/globals";
import { vllmServer } from "../../src/engines/vllm-server/vllm-server.ts";
import { defaultDeterminism } from "../../src/suite/determinism-schema.ts";

const determinism = { ...defaultDeterminism, multiprocessing: true };
const { multiprocessing: _, batch_invariant: __, ...inForce } = determinism;
const ofEngine = { compile: false, autotune: false, batch_invariant: false };

/** Runs the middleware that it is given, as vLLM's server would, and tells what it saw. */
const server = `
import asyncio, importlib, json, os, subprocess, sys, types
words = sys.argv[1:]
module, name = words[words.index("--middleware") + 1].rsplit(".", 1)
class Client:
    model_config = types.SimpleNamespace(logprobs_mode="raw_logprobs", get_vocab_size=lambda: 3)
    engine_core = types.SimpleNamespace()
    async def collective_rpc(self, method):
        assert method == "inference_gate_attested"
        return [os.environ["ATTESTED"]] * 2
    def get_tokenizer(self):
        size = int(os.environ["TOKENS"])
        return types.SimpleNamespace(chat_template="{{ x }}", get_vocab=lambda: {"a": 1}, vocab_size=size)
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

const measured = { facts: { "torch.version": "2" }, in_force: inForce, of_engine: ofEngine };

function run(words: readonly string[] = [], attested: object = measured, tokens = 3, args: object = {}) {
  const settings = { version: 1, args, model: { name: "org/model" }, determinism, sampling_fields: [] };
  const { PATH = "" } = process.env;
  const env = {
    PATH,
    PYTHONPATH: join(folder, "site"),
    INFERENCE_GATE_SETTINGS: JSON.stringify(settings),
    ATTESTED: JSON.stringify(attested),
    TOKENS: String(tokens),
    TMPDIR: folder,
  };
  const ran = spawnSync("python3", [join(folder, "mounted"), "vllm-server", ...words], { encoding: "utf8", env });
  return { code: ran.status, err: ran.stderr, said: parsed(ran.stdout) };
}

/** The last line of the log as the gate reads it. */
function refusedBy(words: readonly string[] = []) {
  const { code, err } = run(words);
  const problem = vllmServer.whyNotStarted?.(err.trimEnd().split("\n"));
  return [code, problem?.code, problem?.verdict, problem?.title, problem?.found];
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

  test("is found where the younger generation of entry points has it", () => {
    rmSync(join(folder, "site/vllm/entrypoints"), { recursive: true });
    write("site/vllm/entrypoints/launchers/api_server/entry.py", server);
    const { code, said } = run(["--model", "org/model"]);
    expect([code, said.name, said.words.slice(0, 2)]).toEqual([0, "__main__", ["--model", "org/model"]]);
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
      "model.rows": 3,
      "model.chat_template": expect.stringMatching(/^sha256:/),
    });
    expect(said.sent.at(-1)).toEqual({ own: true });
  });

  test("are refused for a tokenizer with more tokens than the model has rows", () => {
    expect(answered(run([], measured, 4).said).refused).toMatchObject({
      reason: "tokenizer-mismatch",
      subject: "org/model",
      found: "a tokenizer of 4 tokens",
    });
  });

  test.each<[string, object, string, string]>([
    [
      "a setting that is not in force in a worker",
      { ...measured, in_force: { ...inForce, threads: 2 } },
      "setting-not-in-force",
      "threads",
    ],
    [
      "a setting of vLLM's own that is not in force in a worker",
      { ...measured, of_engine: { ...ofEngine, batch_invariant: true } },
      "setting-not-in-force",
      "batch_invariant",
    ],
    [
      "a compiler that only torch has on",
      { ...measured, in_force: { ...inForce, compile: true } },
      "setting-not-in-force",
      "compile",
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

describe("options are held against the server's own parser before it starts:", () => {
  const parser = `
def make_arg_parser(parser):
    parser.add_argument("--max-model-len", type=int)
    parser.add_argument("--enable-prefix-caching", action=__import__("argparse").BooleanOptionalAction)
    parser.add_argument("--disable-log-stats", action="store_true")
    parser.add_argument("--compilation-config", "-cc")
    return parser
`;
  const flexible = "import argparse\nclass FlexibleArgumentParser(argparse.ArgumentParser): pass\n";

  describe.each([
    ["younger", "entrypoints/launchers/cli_args.py", "utils/argparse_utils.py"],
    ["older", "entrypoints/openai/cli_args.py", "utils/__init__.py"],
  ])("where the %s generation keeps it", (_, options, utils) => {
    beforeEach(() => {
      write(`site/vllm/${options}`, parser);
      write(`site/vllm/${utils}`, flexible);
    });

    test.each<[object, string, string]>([
      [{ max_modl_len: 5 }, "no option --max-modl-len in vLLM 0.32.0", "Did you mean max_model_len?"],
      [
        { enable_prefx_caching: false },
        "no option --no-enable-prefx-caching in vLLM 0.32.0",
        "Did you mean enable_prefix_caching?",
      ],
      [
        { "compilation_confg.mode": 0 },
        "no option --compilation-confg in vLLM 0.32.0",
        "Did you mean compilation_config?",
      ],
      [
        { disable_log_stats: false },
        "no option --no-disable-log-stats in vLLM 0.32.0",
        'Remove "disable_log_stats" from engine.args.',
      ],
      [{ max_model_len: 5, zzz: 1 }, "no option --zzz in vLLM 0.32.0", 'Remove "zzz" from engine.args.'],
    ])("%j is refused with exit code 2", (args, found, help) => {
      const { code, err, said } = run([], measured, 3, args);
      const problem = vllmServer.whyNotStarted?.(err.trimEnd().split("\n"));
      expect([code, said]).toEqual([1, null]);
      expect(problem).toMatchObject({ code: "engines/argument-not-taken", verdict: "usage", found });
      expect(problem?.help[0]).toBe(help);
    });

    test.each([
      { max_model_len: 5 },
      { max_model: 5 },
      { enable_prefix_caching: true },
      { enable_prefix_caching: false },
      { no_enable_prefix_caching: true },
      { disable_log_stats: true },
      { compilation_config: { mode: 0 } },
      { "compilation_config.mode": 0 },
      { "compilation_config.pass_config.x": true },
    ])("%j is left to it", (args) => {
      expect(run([], measured, 3, args).said.name).toBe("__main__");
    });
  });

  test("a version that keeps it elsewhere says itself what it does not take", () => {
    expect(run([], measured, 3, { max_modl_len: 5 }).code).toBe(0);
  });
});

describe("one line of the log says what is refused, with exit code 1, and the gate says it as its own:", () => {
  test("no vLLM", () => {
    rmSync(join(folder, "site", "vllm"), { recursive: true });
    expect(refusedBy()).toEqual([
      1,
      "engines/module-missing",
      "error",
      'The Python of engine vllm-server has no module "vllm".',
      "no module of that name",
    ]);
  });

  test("a vLLM that cannot be imported", () => {
    write("site/vllm/__init__.py", "import libplanted_so\n");
    expect(refusedBy().slice(0, 2)).toEqual([1, "engines/import-failed"]);
    expect(refusedBy()[4]).toBe("ModuleNotFoundError: No module named 'libplanted_so'");
  });

  test("a vLLM that cannot be measured", () => {
    write(
      "site/vllm/engine/arg_utils.py",
      "import dataclasses\n@dataclasses.dataclass\nclass EngineArgs:\n    seed: int = 0\n",
    );
    expect(refusedBy()).toEqual([
      1,
      "engines/version-too-old",
      "error",
      "The installed vllm-server is too old for this gate.",
      "a version without --worker-extension-cls",
    ]);
  });

  test("a model folder with a damaged file", () => {
    // As deep as in a cache of the hub: the name must not be cut off.
    const deep = join("models--org--tiny", "snapshots", "1".repeat(40), "model");
    write(join(deep, "config.json"), "{}");
    write(join(deep, "model.safetensors"), "short");
    expect(refusedBy(["--model", join(folder, deep)])).toEqual([
      1,
      "engines/model-unreadable",
      "error",
      'A file of the model is damaged or missing: "model.safetensors".',
      "5 bytes without a whole header",
    ]);
  });
});
