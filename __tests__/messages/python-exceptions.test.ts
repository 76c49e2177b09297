/** Logs as vLLM 0.32.0 and its processes wrote them, cut in their middle. */
import { describe, expect, test } from "@jest/globals";
import { exceptionsIn } from "../../src/messages/python-exceptions.ts";

const failedStart = [
  "(APIServer pid=7) INFO 11-26 11:47:52 [model.py:733] Resolved architecture: LlamaForCausalLM",
  "(EngineCore pid=8) ERROR 11-26 11:54:00 [core.py:1469] EngineCore failed to start.",
  "(EngineCore pid=8) ERROR 11-26 11:54:00 [core.py:1469] Traceback (most recent call last):",
  '(EngineCore pid=8) ERROR 11-26 11:54:00 [core.py:1469]   File "/site/vllm/v1/engine/core.py", line 1443, in run',
  "(APIServer pid=7) INFO 11-26 11:54:00 [utils.py:9] waiting",
  "(EngineCore pid=8) ERROR 11-26 11:54:00 [core.py:1469]     raise ValueError(",
  "(EngineCore pid=8) ERROR 11-26 11:54:00 [core.py:1469] ValueError: No available memory for the cache blocks.",
  "(EngineCore pid=8) Process EngineCore:",
  "(EngineCore pid=8) Traceback (most recent call last):",
  '(EngineCore pid=8)   File "/usr/lib/python3.12/multiprocessing/process.py", line 314, in _bootstrap',
  "(EngineCore pid=8) ValueError: No available memory for the cache blocks.",
  "(APIServer pid=7) Traceback (most recent call last):",
  '(APIServer pid=7)   File "<frozen runpy>", line 198, in _run_module_as_main',
  "(APIServer pid=7) RuntimeError: Engine core initialization failed. See root cause above.",
];

describe("exceptions in a log", () => {
  test("are told once each, oldest first, whichever process raised them and whatever came between their lines", () => {
    expect(exceptionsIn(failedStart)).toEqual([
      "ValueError: No available memory for the cache blocks.",
      "RuntimeError: Engine core initialization failed. See root cause above.",
    ]);
  });

  test("go on in indented lines, as those of pydantic do", () => {
    expect(
      exceptionsIn([
        "Traceback (most recent call last):",
        '  File "/site/vllm/engine/arg_utils.py", line 1955, in create_model_config',
        "    return ModelConfig(",
        "           ^^^^^^^^^^^^",
        "pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig",
        "  Value error, User-specified max_model_len (100000) is greater than the derived max_model_len",
        "a line of something else",
        "  and one that is indented",
      ]),
    ).toEqual([
      "pydantic_core._pydantic_core.ValidationError: 1 validation error for ModelConfig " +
        "Value error, User-specified max_model_len (100000) is greater than the derived max_model_len",
    ]);
  });

  test("of a chain begin with the first cause, and one without words is told by its name", () => {
    const chain = [
      ...["Traceback (most recent call last):", "  one", "KeyError", ""],
      "The above exception was the direct cause of the following exception:",
      ...["", "Traceback (most recent call last):", "  two", "vllm.v1.engine.exceptions.EngineDeadError: dead"],
    ];
    expect(exceptionsIn(chain)).toEqual(["KeyError", "vllm.v1.engine.exceptions.EngineDeadError: dead"]);
  });

  test("are only those of tracebacks, and of very many the first and the last three", () => {
    expect(
      exceptionsIn(["ValueError: in passing", "Traceback (most recent call last):", "no exception at all"]),
    ).toEqual([]);
    const many = Array.from({ length: 9 }, (_, n) => ["Traceback (most recent call last):", `Error${n}: x`]).flat();
    expect(exceptionsIn(many)).toEqual([0, 1, 2, 6, 7, 8].map((n) => `Error${n}: x`));
  });

  test("are cut where they are long", () => {
    const [long = ""] = exceptionsIn(["Traceback (most recent call last):", `E: ${"x".repeat(900)}`]);
    expect([long.length, long.at(-1)]).toEqual([400, "…"]);
  });
});
