/** Runs a piece of Python that imports the drivers' package, with the Python of the machine and no framework. */
import { spawnSync } from "node:child_process";
import { resolve } from "node:path";

const head = `
import importlib.util, os, sys
sys.dont_write_bytecode = True
here = ${JSON.stringify(resolve("drivers", "inference_gate"))}
spec = importlib.util.spec_from_file_location("inference_gate", here + "/__init__.py", submodule_search_locations=[here])
package = importlib.util.module_from_spec(spec)
sys.modules["inference_gate"] = package
spec.loader.exec_module(package)
`;

export interface PythonRan {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** `input` is its stdin, which ends after it; `env` stands beside PATH. */
export function runPython(code: string, input = "", env: { readonly [name: string]: string } = {}): PythonRan {
  const { PATH = "" } = process.env;
  const ran = spawnSync("python3", ["-c", head + code], { input, encoding: "utf8", env: { PATH, ...env } });
  if (ran.error) throw ran.error;
  return { code: ran.status, out: ran.stdout, err: ran.stderr };
}

/** What the code leaves in `result`, by way of JSON. Throws with its stderr when it fails. */
export function pythonValue(code: string, env: { readonly [name: string]: string } = {}): unknown {
  const ran = runPython(`${code}\nimport json; print("\\n" + json.dumps(result))`, "", env);
  if (ran.code !== 0) throw new Error(ran.err);
  return JSON.parse(ran.out.trimEnd().split("\n").at(-1) ?? "");
}
