/** drivers/inference_gate/attestation.py in a real Python, on installations and configurations made for it. */
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "@jest/globals";
import { z } from "zod";

const drivers = fileURLToPath(new URL("../../drivers", import.meta.url));
const factsSchema = z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()]));

let site = "";
beforeAll(() => {
  site = mkdtempSync(join(tmpdir(), "attestation-"));
});
afterAll(() => rmSync(site, { recursive: true, force: true }));

function write(path: string, text: string): void {
  mkdirSync(dirname(join(site, path)), { recursive: true });
  writeFileSync(join(site, path), text);
}

/** A package as pip leaves it. */
function install(name: string, version: string, more: { [file: string]: string } = {}): void {
  const info = `${name.replaceAll("-", "_")}-${version}.dist-info`;
  write(`${info}/METADATA`, `Metadata-Version: 2.1\nName: ${name}\nVersion: ${version}\n`);
  for (const [file, text] of Object.entries(more)) write(`${info}/${file}`, text);
}

/** What `expression` gives after `from inference_gate.attestation import *`, in a Python that sees only these folders. */
function python(expression: string, env: { [name: string]: string } = {}) {
  const program = `import json\nfrom inference_gate import attestation\nprint(json.dumps(${expression}))`;
  const output = execFileSync("python3", ["-S", "-c", program], {
    encoding: "utf8",
    env: { PATH: process.env.PATH ?? "", PYTHONPATH: `${site}:${drivers}`, PYTHONDONTWRITEBYTECODE: "1", ...env },
  });
  return factsSchema.parse(JSON.parse(output));
}

describe("packages", () => {
  test("are told by normalised name, with what a version does not tell", () => {
    install("Typing_Extensions", "4.16.0");
    install("vllm", "0.33.0.dev1", {
      "direct_url.json": '{"url":"https://x/vllm.git","vcs_info":{"vcs":"git","commit_id":"0123456789abcdef0123"}}',
    });
    install("own-kernels", "1.0", { "direct_url.json": '{"url":"file:///work/own","dir_info":{"editable":true}}' });
    install("broken", "1.0", { "direct_url.json": "{" });
    write("nothing-1.0.dist-info/METADATA", "");
    write("_vendor/inside-2.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: inside\nVersion: 2.0\n");
    expect(python("attestation.package_facts()", { PYTHONPATH: `${site}:${drivers}:${site}/_vendor` })).toEqual({
      "package.typing-extensions": "4.16.0",
      "package.vllm": "0.33.0.dev1 (commit 0123456789ab)",
      "package.own-kernels": "1.0 (editable)",
      "package.broken": "1.0",
    });
  });

  test("of two of one name the one that is imported counts", () => {
    write("first/twice-2.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: twice\nVersion: 2.0\n");
    write("second/twice-1.0.dist-info/METADATA", "Metadata-Version: 2.1\nName: twice\nVersion: 1.0\n");
    const told = python("attestation.package_facts()", { PYTHONPATH: `${site}/first:${site}/second:${drivers}` });
    expect(told).toMatchObject({ "package.twice": "2.0" });
  });
});

describe("the engine's version", () => {
  const versionOf = (module: string, before = "") =>
    python(`(${before === "" ? "None" : before}, attestation.engine_facts(${JSON.stringify(module)}))[1]`);

  test("comes from the distribution that brings the module, whatever it is called", () => {
    install("engine-one-cpu", "1.2.3", { RECORD: "engine_one/__init__.py,,\n" });
    write("engine_one/__init__.py", "raise RuntimeError('imported')");
    expect(versionOf("engine_one")).toEqual({ "engine.distribution": "engine-one-cpu", "engine.version": "1.2.3" });
  });

  test("comes from the module's own file where there is no distribution", () => {
    write("engine_two/__init__.py", "raise RuntimeError('imported')");
    write("engine_two/_version.py", "__version__ = version = '0.9.1+cu130'\n");
    expect(versionOf("engine_two")).toEqual({ "engine.version": "0.9.1+cu130" });
  });

  test("is the imported module's, and another answer is told beside it", () => {
    install("engine-three", "3.0", { "top_level.txt": "engine_three\n" });
    write("engine_three/__init__.py", "__version__ = '3.1'\n");
    expect(versionOf("engine_three", '__import__("engine_three")')).toEqual({
      "engine.distribution": "engine-three",
      "engine.version": "3.1",
      "engine.version.also": "3.0",
    });
  });

  test("is not made up for a module that is not there", () => {
    expect(versionOf("engine_four")).toEqual({});
  });
});

test("variables: those that shape an output, and never a door, an address or an identity", () => {
  const given = {
    VLLM_BATCH_INVARIANT: "1",
    CUBLAS_WORKSPACE_CONFIG: ":4096:8",
    OMP_NUM_THREADS: "2",
    PYTHONHASHSEED: "0",
    VLLM_API_KEY: "door",
    VLLM_S3_SECRET: "door",
    SGLANG_ACCESS_TOKEN: "door",
    VLLM_PORT: "1234",
    TRANSFORMERS_OFFLINE: "1",
    VLLM_CACHE_ROOT: "/var/cache/x",
    VLLM_LOGGING_LEVEL: "DEBUG",
    VLLM_RUN: "0737dedf793046e8aeaef5ec1aae6f22",
    HOME: "/root",
    AWS_SECRET_ACCESS_KEY: "door",
  };
  expect(python(`attestation.variable_facts(json.loads(${JSON.stringify(JSON.stringify(given))}))`)).toEqual({
    "engine.env.CUBLAS_WORKSPACE_CONFIG": ":4096:8",
    "engine.env.OMP_NUM_THREADS": "2",
    "engine.env.PYTHONHASHSEED": "0",
    "engine.env.VLLM_BATCH_INVARIANT": "1",
  });
});

test("a configuration becomes flat facts: settings by their words, no object of the memory, no address", () => {
  write(
    "configured.py",
    `import dataclasses, enum
class Mode(enum.Enum):
    EAGER = 1
class dtype:
    def __str__(self): return "torch.bfloat16"
class PretrainedConfig:
    def __init__(self, name): self.name = name
    def to_dict(self): return {"_name_or_path": self.name, "hidden_size": 64}
@dataclasses.dataclass
class Model:
    dtype: object; seed: int; tokenizer: str; hf_config: object; revision: object = None
@dataclasses.dataclass
class Config:
    model_config: Model; mode: Mode; sizes: list; layers: dict; host: str; hook: object; port: int = 8000
def made(place):
    layers = {"model.layers.%d.attn" % n: "Flash(%d heads)" % 4 for n in range(80)}
    return Config(Model(dtype(), 0, place, PretrainedConfig(place)), Mode.EAGER, [1, 2], layers, "::1", lambda: 0)
`,
  );
  const told = python('attestation.flat("engine.config", __import__("configured").made("/a"))');
  expect(told).toEqual({
    "engine.config.model.dtype": "bfloat16",
    "engine.config.model.seed": 0,
    "engine.config.model.hf_config": expect.stringMatching(/^sha256:[0-9a-f]{64}$/),
    "engine.config.mode": "EAGER",
    "engine.config.sizes": "[1, 2]",
    "engine.config.layers": '["Flash(4 heads)"]',
  });
  expect(python('attestation.flat("engine.config", __import__("configured").made("/b"))')).toEqual(told);
});

test("a tokenizer and its chat template are told by digests that follow their content", () => {
  write(
    "tokens.py",
    `class Backend:
    def __init__(self, text): self.text = text
    def to_str(self): return self.text
class Tokenizer:
    def __init__(self, text, template): self.backend_tokenizer, self.chat_template = Backend(text), template
    def __len__(self): return 3
`,
  );
  const of = (text: string, template: string) =>
    python(`attestation.tokenizer_facts(__import__("tokens").Tokenizer("${text}", "${template}"))`);
  const first = of("a", "b");
  expect(first).toMatchObject({ "model.tokenizer.class": "Tokenizer", "model.tokenizer.size": 3 });
  expect(of("a", "b")).toEqual(first);
  expect(of("x", "b")["model.tokenizer"]).not.toBe(first["model.tokenizer"]);
  expect(of("x", "b")["model.chat_template"]).toBe(first["model.chat_template"]);
  expect(of("a", "x")["model.chat_template"]).not.toBe(first["model.chat_template"]);
});

describe("GPUs", () => {
  // A stand-in with torch's names; the numbers are those of NVIDIA's MIG profile 1g.10gb and of an H100.
  const torch = (name: string, sm: number, major: number) => `
class properties:
    name, multi_processor_count, major, minor, total_memory = "${name}", ${sm}, ${major}, 0, 10 * 2**30
class cuda:
    is_available = staticmethod(lambda: True)
    device_count = staticmethod(lambda: 2)
    get_device_properties = staticmethod(lambda index: properties)
`;
  const seen = (text: string) => {
    write("fake_torch.py", text);
    return python('attestation.gpu_facts(__import__("fake_torch"))');
  };

  test("are told with their multiprocessors", () => {
    expect(seen(torch("NVIDIA H100 80GB HBM3", 132, 9))).toMatchObject({
      "gpu.count-visible": 2,
      "gpu.1.name": "NVIDIA H100 80GB HBM3",
      "gpu.1.compute-capability": "9.0",
      "gpu.1.multiprocessors": 132,
      "gpu.1.memory.mib": 10_240,
    });
  });

  test("may be slices", () => {
    expect(seen(torch("NVIDIA A100-SXM4-80GB MIG 1g.10gb", 14, 8))).toMatchObject({
      "gpu.0.name": "NVIDIA A100-SXM4-80GB",
      "gpu.0.mig": "1g.10gb",
      "gpu.0.multiprocessors": 14,
    });
  });

  test("have a driver, by the kernel's own file", () => {
    write("version", "NVRM version: NVIDIA UNIX x86_64 Kernel Module  535.161.08  Sat Feb 17 22:55:48 UTC 2024\n");
    const open = "NVRM version: NVIDIA UNIX Open Kernel Module for x86_64  580.65.06  Release Build\n";
    write("version-open", open);
    expect(python(`{"a": attestation.kernel_driver("${site}/version")}`)).toEqual({ a: "535.161.08" });
    expect(python(`{"a": attestation.kernel_driver("${site}/version-open")}`)).toEqual({ a: "580.65.06" });
  });
});

test("a machine without torch, a broken torch and a broken tokenizer leave facts out and break nothing", () => {
  expect(python("attestation.torch_facts()")).toEqual({});
  write("broken/torch.py", "raise OSError('libcudart.so.12: cannot open shared object file')\n");
  expect(python("attestation.torch_facts()", { PYTHONPATH: `${site}/broken:${drivers}` })).toEqual({});
  expect(python("attestation.tokenizer_facts(object())")).toEqual({ "model.tokenizer.class": "object" });
});
