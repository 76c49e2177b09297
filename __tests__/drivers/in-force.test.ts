import { resolve } from "node:path";
import { describe, expect, test } from "@jest/globals";
import { defaultDeterminism } from "../../src/suite/determinism-schema.ts";
import { pythonValue, runPython } from "./run-python.ts";

const PYTHONPATH = resolve("__tests__", "fixtures", "python");
const head = `
import json
from inference_gate import in_force, prelude
from inference_gate.refusal import Refused
asked = json.loads(${JSON.stringify(JSON.stringify(defaultDeterminism))})
def told(work):
    try: return work()
    except Refused as refused: return [refused.reason, refused.subject, refused.found, refused.expected]
prelude.apply(asked)
import torch
`;
const variables = { PYTHONPATH, PYTHONHASHSEED: "0", CUBLAS_WORKSPACE_CONFIG: ":4096:8", TORCHDYNAMO_DISABLE: "1" };

describe("what is in force", () => {
  test("is what the prelude set, every setting of it that torch can tell", () => {
    const code = `${head}
found = in_force.measured(torch)
in_force.check(asked, found)
result = found`;
    const { multiprocessing: _, batch_invariant: __, ...ofTorch } = defaultDeterminism;
    expect(pythonValue(code, variables)).toEqual(ofTorch);
  });

  test("is left alone in a process that has inherited it, and set in one that has not", () => {
    const code = `${head}
torch.manual_seed(9)
prelude.renew(asked)
inherited = torch.initial_seed()
torch.set_num_interop_threads(asked["interop_threads"] + 1)
prelude.renew(asked)
result = [inherited, torch.initial_seed()]`;
    expect(pythonValue(code, variables)).toEqual([9, defaultDeterminism.seed]);
  });

  test.each([
    ["seed", "torch.manual_seed(9)", "9, read from torch.initial_seed()", "0"],
    ["threads", "torch.set_num_threads(8)", "8, read from torch.get_num_threads()", "1"],
    [
      "cudnn_benchmark",
      "torch.backends.cudnn.benchmark = True",
      "true, read from torch.backends.cudnn.benchmark",
      "false",
    ],
    [
      "deterministic_algorithms",
      "torch.use_deterministic_algorithms(False)",
      "off, read from torch.are_deterministic_algorithms_enabled()",
      "warn",
    ],
    [
      "fill_uninitialized_memory",
      "torch.utils.deterministic.fill_uninitialized_memory = True",
      "true, read from torch.utils.deterministic",
      "false",
    ],
    [
      "cudnn_deterministic",
      "torch.backends.cudnn.deterministic = False",
      "false, read from torch.backends.cudnn.deterministic",
      "true",
    ],
    ["interop_threads", "torch.set_num_interop_threads(4)", "4, read from torch.get_num_interop_threads()", "1"],
    [
      "tf32",
      "torch.backends.cudnn.allow_tf32 = True",
      "true, read from torch.backends and torch.get_float32_matmul_precision()",
      "false",
    ],
    [
      "tf32",
      'torch.set_float32_matmul_precision("high")',
      "true, read from torch.backends and torch.get_float32_matmul_precision()",
      "false",
    ],
  ])("names %s when something has changed it", (name, change, found, expected) => {
    const code = `${head}
${change}
result = told(lambda: in_force.check(asked, in_force.quickly(torch)))`;
    expect(pythonValue(code, variables)).toEqual(["setting-not-in-force", name, found, expected]);
  });

  test.each([
    ["hash_seed", { PYTHONHASHSEED: "random" }, "random, read from PYTHONHASHSEED and sys.flags", "0"],
    ["cublas_workspace", { CUBLAS_WORKSPACE_CONFIG: ":16:8" }, ":16:8, read from CUBLAS_WORKSPACE_CONFIG", ":4096:8"],
    ["compile", { TORCHDYNAMO_DISABLE: "0" }, "true, read from torch._dynamo.config.disable", "false"],
    ["autotune", { TORCHINDUCTOR_MAX_AUTOTUNE: "1" }, "true, read from torch._inductor.config.max_autotune", "false"],
  ])("names %s when the interpreter was started otherwise", (name, changed, found, expected) => {
    const code = `${head}
result = told(lambda: in_force.check(asked, in_force.measured(torch)))`;
    expect(pythonValue(code, { ...variables, ...changed })).toEqual(["setting-not-in-force", name, found, expected]);
  });

  test("does not believe a variable that was set after the start: the hashes tell", () => {
    const { PYTHONHASHSEED: _, ...rest } = variables;
    const code = `os.environ["PYTHONHASHSEED"] = "0"\n${head}
result = told(lambda: in_force.check(asked, in_force.measured(torch)))`;
    expect(pythonValue(code, rest)).toMatchObject(["setting-not-in-force", "hash_seed", expect.any(String), "0"]);
  });
});

describe("the prelude", () => {
  test("refuses settings that it does not know, and settings that are missing", () => {
    const code = `${head}
result = told(lambda: prelude.apply({**asked, "tf33": True}))`;
    expect(pythonValue(code, variables)).toEqual([
      "settings-invalid",
      "determinism",
      "tf33",
      "exactly the settings of this driver",
    ]);
  });

  test("gives each request the same global random numbers, whatever the one before drew", () => {
    const code = `${head}
import random
prelude.seed_everything(3); first = [random.random() for _ in range(5)]
prelude.seed_everything(3)
result = first[:2] == [random.random(), random.random()]`;
    expect(pythonValue(code, variables)).toBe(true);
  });

  test("needs no framework to be imported", () => {
    expect(
      runPython("from inference_gate import launch\nprint([m for m in ('torch', 'numpy') if m in sys.modules])").out,
    ).toBe("[]\n");
  });
});
