/** The part of a starter suite that belongs to its engine. What must be edited is marked EDIT, and nothing else is. */
import type { EngineName } from "../model/suite.ts";

const startedHere = `# Who runs the engine: "process" starts it here for every run; "attached" uses one that already runs at engine.url.`;

/** Both ways to run vLLM; `options` says what stands under `args`. */
const onVllm = (
  name: "vllm" | "vllm-server",
  options: string,
) => `# Who runs the engine: "process" starts it here for every run, "docker" or "podman" in a container of the image below.
runtime: process
# For docker or podman: the image by its digest. Then engine.command is the interpreter inside it: [python3].
# image: vllm/vllm-openai@sha256:${"0".repeat(64)}

engine:
  name: ${name}
  # EDIT: the Python that has vLLM, such as venv/bin/python, relative to this folder. Its path is not part of the contract.
  command: [python3]
  # ${options} They are part of the contract: change one, and the goldens must be recorded anew.
  args:
    # A fixed type: "auto" would follow the model's files.
    dtype: bfloat16
    # Prompt and output together, at most what the model was made for.
    max_model_len: 4096
  # Only where vLLM computes on a CPU: the size of its key-value cache in GiB.
  # env: { VLLM_CPU_KVCACHE_SPACE: "4" }

model:
  # EDIT: the model's name on the Hugging Face hub.
  name: org/model
  # EDIT: its full commit id, which \`inference-gate fetch --model org/model --revision main\` tells; \`inference-gate fetch\` then brings the files.
  revision: "${"0".repeat(40)}"
  # Or a folder with the model's files instead of the revision, relative to this one. Their digests are measured at every run.
  # path: models/my-model
`;

/** By the name of the engine. */
export const starterEngines = {
  vllm: onVllm("vllm", "Arguments of vLLM's LLM, by its own names."),
  "vllm-server": onVllm("vllm-server", "Options of vLLM's server, by its own names."),
  "llama-cpp": `${startedHere}
runtime: process

engine:
  name: llama-cpp
  # EDIT: the program that serves, relative to this folder or looked up on PATH.
  command: [llama-server]
  # llama-server's own options. They are part of the contract: change one, and the goldens must be recorded anew.
  args:
    ctx_size: 4096
    # A fixed number: another number of threads adds numbers up in another order, and outputs may differ.
    threads: 4

model:
  name: my-model
  # EDIT: the weight file, relative to this folder. Its digest is measured at every run.
  path: models/my-model.gguf
`,
  openai: `# Who runs the engine: "attached" uses a server that already runs at engine.url; "process" starts engine.command for every run.
runtime: attached

engine:
  name: openai
  # EDIT: where the server listens.
  url: http://127.0.0.1:8000
  # To have it started here instead: runtime: process, and in place of the url its command, to which --host and --port are added.
  # command: [/opt/server/serve]

model:
  # EDIT: the name under which the server serves the model.
  name: org/model
  # The full commit id of the model repository, so that the contract names exactly one set of weights.
  # revision: "0123456789abcdef0123456789abcdef01234567"
`,
} as const satisfies Partial<Record<EngineName, string>>;

export type StarterEngine = keyof typeof starterEngines;

const isStarterEngine = (name: string): name is StarterEngine => name in starterEngines;

/** Engines for which a starter suite can be written. */
export const starterEngineNames: readonly StarterEngine[] = Object.keys(starterEngines).filter(isStarterEngine);
