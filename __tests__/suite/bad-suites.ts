/** Suites with mistakes, and every problem that each must be given; held against the loader by bad-suites.test.ts. */

import { preludeEngines } from "../../src/model/determinism.ts";
import { engineNames } from "../../src/model/suite.ts";
import { defaultDeterminism } from "../../src/suite/determinism-schema.ts";
import { suiteSchema } from "../../src/suite/suite-schema.ts";

export interface BadSuite {
  readonly name: string;
  readonly yaml: string;
  /** Further files beside the suite. */
  readonly files?: { readonly [path: string]: string };
  readonly engineGives?: "no ids";
  /** Place, code, title; what was found; what was expected; help. */
  readonly problems: readonly (readonly [string, string, string, ...string[]])[];
}

const suiteFields = Object.keys(suiteSchema.shape);
const determinismFields = Object.keys(defaultDeterminism);
const top = "version: 1\nruntime: process\nengine: { name: llama-cpp }\n";
const sampled = `${top}sampling: { seed: 1, max_tokens: 8 }\n`;
const oneCase = "cases: [{ id: a, prompt: hi }]\n";

export const badYaml: readonly BadSuite[] = [
  {
    name: "a file cut off in a text",
    yaml: `${sampled}cases: [{ id: a, prompt: "hel`,
    problems: [
      [
        'suite.yml:5:30 suite/yaml-syntax: YAML syntax: Missing closing "quote.',
        '"cases: [{ id: a, prompt: \\"hel"',
        "valid YAML 1.2",
        "Close the quote or bracket; if the file was cut off, restore it from version control.",
      ],
    ],
  },
  {
    name: "a file cut off in a name",
    yaml: `${sampled}cases:\n  - id: a\n    pro`,
    problems: [
      [
        "suite.yml:7:5 suite/yaml-syntax: YAML syntax: Implicit map keys need to be followed by map values.",
        '"    pro"',
        "valid YAML 1.2",
        "Write `name: value`; if the file was cut off, restore it from version control.",
      ],
    ],
  },
  {
    name: "a tab as indentation",
    yaml: `${sampled}cases:\n\t- id: a`,
    problems: [
      [
        "suite.yml:6:1 suite/yaml-syntax: YAML syntax: Tabs are not allowed as indentation.",
        '"\\t- id: a"',
        "valid YAML 1.2",
        "Indent with spaces; YAML does not allow tabs there.",
      ],
    ],
  },
  {
    name: "a colon in a plain text",
    yaml: `${sampled}cases:\n  - id: a\n    prompt: Say: hello\n`,
    problems: [
      [
        "suite.yml:7:13 suite/yaml-syntax: YAML syntax: Nested mappings are not allowed in compact mappings.",
        '"    prompt: Say: hello"',
        "valid YAML 1.2",
        "Put a text that contains `: ` in quotes.",
      ],
    ],
  },
  {
    name: "two documents",
    yaml: `${sampled}${oneCase}---\na: 1\n`,
    problems: [
      [
        "suite.yml:6:1 suite/yaml-syntax: YAML syntax: The file holds more than one document.",
        '"---"',
        "valid YAML 1.2",
        "Keep one document a file: remove the line `---` and what follows it.",
      ],
    ],
  },
  {
    name: "a tag",
    yaml: `${top}sampling: !!js/function x\n${oneCase}`,
    problems: [
      [
        "suite.yml:4:11 suite/yaml-syntax: YAML syntax: Unresolved tag: tag:yaml.org,2002:js/function.",
        '"sampling: !!js/function x"',
        "valid YAML 1.2",
        "Remove the `!tag`; only plain values are read.",
      ],
    ],
  },
  {
    name: "a bomb of aliases",
    yaml: "version: 1\nruntime: process\nengine: { name: llama-cpp, args: { a: &a [x,x,x,x,x,x,x,x,x,x], b: &b [ *a, *a, *a, *a, *a, *a, *a, *a, *a, *a], c: &c [ *b, *b, *b, *b, *b, *b, *b, *b, *b, *b], d: &d [ *c, *c, *c, *c, *c, *c, *c, *c, *c, *c], e: &e [ *d, *d, *d, *d, *d, *d, *d, *d, *d, *d], f: &f [ *e, *e, *e, *e, *e, *e, *e, *e, *e, *e], g: &g [ *f, *f, *f, *f, *f, *f, *f, *f, *f, *f], h: &h [ *g, *g, *g, *g, *g, *g, *g, *g, *g, *g], i: &i [ *h, *h, *h, *h, *h, *h, *h, *h, *h, *h] } }\nsampling: { seed: 1, max_tokens: 8 }\ncases: [{ id: a, prompt: hi }]\n",
    problems: [
      [
        "suite.yml:3:248 suite/aliases-expand: YAML aliases expand too far.",
        "aliases that expand to 101218 values and 91100 characters",
        "at most 100000 values and 67108864 characters",
        "Write the values out instead of using aliases.",
      ],
    ],
  },
  {
    name: "an alias inside its own anchor",
    yaml: "version: 1\nruntime: process\nengine: { name: llama-cpp, args: &x { a: [*x] } }\nsampling: { seed: 1, max_tokens: 8 }\ncases: [{ id: a, prompt: hi }]\n",
    problems: [
      [
        "suite.yml:3:43 suite/aliases-expand: YAML aliases expand too far.",
        "alias *x inside its own anchor",
        "an alias after its anchor",
        "Write the values out instead of using aliases.",
      ],
    ],
  },
  {
    name: "an alias without an anchor",
    yaml: `${sampled}cases: [{ id: a, prompt: *nope }]\n`,
    problems: [
      [
        "suite.yml:5:26 suite/yaml-syntax: YAML syntax: Alias *nope has no anchor before it.",
        '"*nope"',
        "valid YAML 1.2",
        "Write &name before the value that *name shall stand for, or put the text in quotes.",
      ],
    ],
  },
  {
    name: "a key written twice",
    yaml: `${sampled}${oneCase}runtime: process\n`,
    problems: [
      [
        "suite.yml:6:1 suite/duplicate-key: runtime is written twice.",
        "a second runtime; the first is on line 2",
        "each key once",
        "Remove one of the two.",
      ],
    ],
  },
  {
    name: "a key that is no text",
    yaml: "version: 1\nruntime: process\nengine: { name: llama-cpp, args: { 1: x, [a]: y, __proto__: z } }\nsampling: { seed: 1, max_tokens: 8 }\ncases: [{ id: a, prompt: hi }]\n",
    problems: [
      [
        "suite.yml:3:36 suite/unsuitable-key: A key of engine.args is no name.",
        "the key 1",
        "a text other than __proto__",
        "Put a number in quotes, or choose another name.",
      ],
      [
        "suite.yml:3:42 suite/unsuitable-key: A key of engine.args is no name.",
        "a key that is no text",
        "a text other than __proto__",
        "Put a number in quotes, or choose another name.",
      ],
      [
        "suite.yml:3:50 suite/unsuitable-key: A key of engine.args is no name.",
        "the key __proto__",
        "a text other than __proto__",
        "Put a number in quotes, or choose another name.",
      ],
    ],
  },
  {
    name: "an empty file",
    yaml: "",
    problems: [
      [
        "suite.yml:1:1 suite/wrong-value: The file cannot be nothing (null).",
        "nothing (null)",
        "a mapping of fields such as version, engine and cases",
        "Correct the file.",
        "See docs/suite.md, or begin with: inference-gate init",
      ],
    ],
  },
  {
    name: "a file of comments",
    yaml: "# nothing\n",
    problems: [
      [
        "suite.yml:1:1 suite/wrong-value: The file cannot be nothing (null).",
        "nothing (null)",
        "a mapping of fields such as version, engine and cases",
        "Correct the file.",
        "See docs/suite.md, or begin with: inference-gate init",
      ],
    ],
  },
  {
    name: "a list",
    yaml: "- a\n- b\n",
    problems: [
      [
        "suite.yml:1:1 suite/wrong-value: The file cannot be a list of 2.",
        "a list of 2",
        "a mapping of fields such as version, engine and cases",
        "Correct the file.",
        "See docs/suite.md, or begin with: inference-gate init",
      ],
    ],
  },
  {
    name: "deep nesting",
    yaml: "version: 1\nruntime: process\nengine: { name: llama-cpp, args: { x: [[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]]] } }\nsampling: { seed: 1, max_tokens: 8 }\ncases: [{ id: a, prompt: hi }]\n",
    problems: [
      [
        "suite.yml:3:101 suite/nested-too-deeply: Values are nested too deeply below engine.args.x[0].",
        "more than 64 levels",
        "at most 64 levels",
        "Write the values with less nesting.",
      ],
    ],
  },
  {
    name: "numbers that would be rounded",
    yaml: `${sampled}${oneCase}model: { name: m, revision: 1234567890123456789012345678901234567890 }\ntimeouts: { case_s: .inf }\n`,
    problems: [
      [
        "suite.yml:6:29 suite/number-not-exact: The number model.revision cannot be kept exactly.",
        "1234567890123456789012345678901234567890",
        "a finite number, whole ones up to 2^53 - 1",
        "Put it in quotes if it is meant as text.",
      ],
      [
        "suite.yml:7:21 suite/number-not-exact: The number timeouts.case_s cannot be kept exactly.",
        ".inf",
        "a finite number, whole ones up to 2^53 - 1",
        "Put it in quotes if it is meant as text.",
      ],
    ],
  },
];

export const badFields: readonly BadSuite[] = [
  {
    name: "unknown fields",
    yaml: `${sampled}${oneCase}smapling: {}\n<<: 1\n"::error::\\u001b[31m\\nx": 1\n`,
    problems: [
      [
        "suite.yml:6:1 suite/unknown-field: smapling is no known field.",
        "smapling",
        `one of ${suiteFields.join(", ")}`,
        "Did you mean sampling? Otherwise remove it.",
      ],
      [
        'suite.yml:7:1 suite/unknown-field: "<<" is no known field.',
        '"<<"',
        `one of ${suiteFields.join(", ")}`,
        "Remove it; docs/suite.md lists the fields.",
        "YAML merge keys are not read: write the fields out, or use a whole alias.",
      ],
      [
        'suite.yml:8:1 suite/unknown-field: "::error::\\u001b[31m\\nx" is no known field.',
        '"::error::\\u001b[31m\\nx"',
        `one of ${suiteFields.join(", ")}`,
        "Remove it; docs/suite.md lists the fields.",
      ],
    ],
  },
  {
    name: "nothing but cases",
    yaml: "cases: []\n",
    problems: [
      ["suite.yml:1:1 suite/missing-field: version is missing.", "nothing", "1", "Add version."],
      [
        "suite.yml:1:1 suite/missing-field: runtime is missing.",
        "nothing",
        "process, docker, podman or attached",
        "Add runtime.",
      ],
      [
        "suite.yml:1:1 suite/missing-field: engine is missing.",
        "nothing",
        "a mapping with at least a name, such as { name: llama-cpp }",
        "Add engine.",
      ],
      [
        "suite.yml:1:1 suite/no-cases: The suite has no cases.",
        "no case",
        "at least one case",
        'Add one: cases: [{ id: hello, prompt: "…" }]',
        "Or name a JSONL file: cases: [{ from: prompts/*.jsonl }]",
      ],
    ],
  },
  {
    name: "an image that is only tagged, and container settings that cannot be",
    yaml: `version: 1\nruntime: docker\nimage: vllm/vllm-openai:v0.11.0\nengine: { name: llama-cpp }\nsampling: { seed: 1, max_tokens: 8 }\n${oneCase}container: { gpus: some, shm_size: 16 GB, ipc: host, tmpfs: [cache], volumes: [{ source: models, target: m }], network: host, cpus: 0 }\n`,
    problems: [
      [
        'suite.yml:3:8 suite/image-not-locked: The image "vllm/vllm-openai:v0.11.0" is not locked: a digest is missing.',
        '"vllm/vllm-openai:v0.11.0"',
        "vllm/vllm-openai:v0.11.0@sha256:…",
        "Find the digest: docker pull vllm/vllm-openai:v0.11.0 && docker image inspect --format '{{index .RepoDigests 0}}' vllm/vllm-openai:v0.11.0",
        "Put what it prints under `image`.",
      ],
      [
        'suite.yml:7:20 suite/wrong-value: container.gpus cannot be "some".',
        '"some"',
        'all, none, a number of GPUs, or a list of devices such as ["0", "1"]',
        "Correct container.gpus.",
      ],
      [
        'suite.yml:7:36 suite/wrong-value: container.shm_size cannot be "16 GB".',
        '"16 GB"',
        "a size such as 512m or 16g",
        "Correct container.shm_size.",
      ],
      [
        'suite.yml:7:62 suite/wrong-value: container.tmpfs[0] cannot be "cache".',
        '"cache"',
        "an absolute path inside the container",
        "Correct container.tmpfs[0].",
      ],
      [
        'suite.yml:7:106 suite/wrong-value: container.volumes[0].target cannot be "m".',
        '"m"',
        "an absolute path inside the container",
        "Correct container.volumes[0].target.",
      ],
      [
        'suite.yml:7:121 suite/wrong-value: container.network cannot be "host".',
        '"host"',
        "none-out or allow",
        "Correct container.network.",
      ],
      [
        "suite.yml:7:133 suite/wrong-value: container.cpus cannot be 0.",
        "0",
        "a number of CPUs above 0",
        "Correct container.cpus.",
      ],
    ],
  },
  {
    name: "variables of GitHub, its runner and the gate among those that are passed on",
    yaml: `version: 1\nruntime: docker\nimage: team/vllm@sha256:${"ab".repeat(32)}\nengine: { name: llama-cpp }\nsampling: { seed: 1, max_tokens: 8 }\n${oneCase}container:\n  env:\n    - HF_TOKEN\n    - GITHUBS\n    - GITHUB_TOKEN\n    - ACTIONS_RUNTIME_TOKEN\n    - RUNNER_TEMP\n    - INPUT_TOKEN\n    - INFERENCE_GATE_INPUTS\n`,
    problems: ["GITHUB_TOKEN", "ACTIONS_RUNTIME_TOKEN", "RUNNER_TEMP", "INPUT_TOKEN", "INFERENCE_GATE_INPUTS"].map(
      (name, index) => [
        `suite.yml:${11 + index}:7 suite/wrong-value: container.env[${2 + index}] cannot be "${name}".`,
        `"${name}"`,
        "a name of a variable (letters, digits and `_`), none of GitHub, its runner or the gate (GITHUB_…, ACTIONS_…, RUNNER_…, INPUT_…, INFERENCE_GATE_…)",
        `Correct container.env[${2 + index}].`,
      ],
    ),
  },
  {
    name: "a container without an image, and an image without a container",
    yaml: `version: 1\nruntime: podman\nengine: { name: llama-cpp }\nsampling: { seed: 1, max_tokens: 8 }\n${oneCase}`,
    problems: [
      [
        "suite.yml:2:1 suite/container-needs-image: runtime podman needs image.",
        "runtime podman without image",
        "an image locked by its digest, such as registry.example/team/vllm@sha256:…",
        "Add the image at the top of the suite, or let the engine run without a container: runtime: process",
      ],
    ],
  },
  {
    name: "an image and a container for a local program",
    yaml: `${sampled}${oneCase}image: vllm@sha256:12\ncontainer: { gpus: all }\n`,
    problems: [
      [
        "suite.yml:6:1 suite/only-for-runtime: image has no effect here: the engine does not run in a container.",
        "image with runtime: process",
        "image only with runtime: docker",
        "Remove image, or say runtime: docker.",
      ],
      [
        "suite.yml:7:1 suite/only-for-runtime: container has no effect here: the engine does not run in a container.",
        "container with runtime: process",
        "container only with runtime: docker",
        "Remove container, or say runtime: docker.",
      ],
    ],
  },
  {
    name: "an image with half a digest, a size without effect and a volume that is not there",
    yaml: `version: 1\nruntime: docker\nimage: vllm@sha256:12\nengine: { name: llama-cpp }\nsampling: { seed: 1, max_tokens: 8 }\n${oneCase}container: { ipc: host, shm_size: 1g, volumes: [{ source: models, target: /m }] }\n`,
    problems: [
      [
        'suite.yml:3:8 suite/image-invalid: image cannot be "vllm@sha256:12": what stands after `@` is not `sha256:` and 64 lower-case hexadecimal digits.',
        '"vllm@sha256:12"',
        "such as registry.example/team/vllm@sha256:… with 64 hexadecimal digits",
        "Copy the whole digest, as `docker image inspect --format '{{index .RepoDigests 0}}' <image>` prints it.",
      ],
      [
        "suite.yml:7:25 suite/shm-size-without-effect: container.shm_size has no effect with ipc: host.",
        "shm_size with ipc: host",
        "one of the two",
        "Remove shm_size, or remove ipc: host.",
      ],
      [
        'suite.yml:7:59 suite/path-not-found: container.volumes[0].source names a path that cannot be used: "models".',
        'nothing at "models"',
        "a file or folder, relative to the folder of the suite",
        "Correct the path, or put the file there.",
      ],
    ],
  },
  {
    name: "values of the wrong kind",
    yaml: 'version: 2\nname: "a b"\nruntime: dockr\nengine: llama\nmodel: { name: "", revision: main }\ndependencies: x\nsampling: []\ncases: {}\ncompare: tokens\nrecord: { launches: 1, repeats: 2.5 }\ntimeouts: { case_s: 0, x: 1 }\nenvironment: { driver: loose }\nredact: yes\n',
    problems: [
      ["suite.yml:1:10 suite/wrong-value: version cannot be 2.", "2", "1", "Correct version."],
      [
        'suite.yml:2:7 suite/wrong-value: name cannot be "a b".',
        '"a b"',
        "1 to 100 letters, digits, `.`, `_` or `-`",
        "Correct name.",
      ],
      [
        'suite.yml:3:10 suite/wrong-value: runtime cannot be "dockr".',
        '"dockr"',
        "process, docker, podman or attached",
        "Did you mean docker?",
      ],
      [
        'suite.yml:4:9 suite/wrong-value: engine cannot be "llama".',
        '"llama"',
        "a mapping with at least a name, such as { name: llama-cpp }",
        "Correct engine.",
      ],
      [
        "suite.yml:5:16 suite/wrong-value: model.name cannot be an empty text.",
        "an empty text",
        "a name such as org/model",
        "Correct model.name.",
      ],
      [
        'suite.yml:5:30 suite/wrong-value: model.revision cannot be "main".',
        '"main"',
        "the full commit id: 40 hexadecimal digits, in quotes",
        "Correct model.revision.",
      ],
      [
        'suite.yml:6:15 suite/wrong-value: dependencies cannot be "x".',
        '"x"',
        "a list of paths",
        "Correct dependencies.",
      ],
      [
        "suite.yml:7:11 suite/wrong-value: sampling cannot be an empty list.",
        "an empty list",
        "a mapping of sampling fields",
        "Correct sampling.",
      ],
      [
        "suite.yml:8:8 suite/wrong-value: cases cannot be an empty mapping.",
        "an empty mapping",
        "a list of cases",
        "Correct cases.",
      ],
      [
        'suite.yml:9:10 suite/wrong-value: compare cannot be "tokens".',
        '"tokens"',
        "a mapping such as { tier: tokens }",
        "Correct compare.",
      ],
      [
        "suite.yml:10:21 suite/wrong-value: record.launches cannot be 1.",
        "1",
        "a whole number from 2 to 100",
        "Correct record.launches.",
      ],
      [
        "suite.yml:10:33 suite/wrong-value: record.repeats cannot be 2.5.",
        "2.5",
        "a whole number from 2 to 100",
        "Correct record.repeats.",
      ],
      [
        "suite.yml:11:21 suite/wrong-value: timeouts.case_s cannot be 0.",
        "0",
        "a number of seconds above 0, at most 604800 (a week)",
        "Correct timeouts.case_s.",
      ],
      [
        "suite.yml:11:24 suite/unknown-field: timeouts.x is no known field.",
        "timeouts.x",
        "one of startup_s, case_s, stall_s, stop_s",
        "Remove it; docs/suite.md lists the fields.",
      ],
      [
        'suite.yml:12:24 suite/wrong-value: environment.driver cannot be "loose".',
        '"loose"',
        "noted or strict",
        "Correct environment.driver.",
      ],
      ['suite.yml:13:9 suite/wrong-value: redact cannot be "yes".', '"yes"', "true or false", "Correct redact."],
    ],
  },
  {
    name: "names that are nearly known ones",
    yaml: `version: 1\nruntime: proces\nengine: { name: vlm }\nsampling: { seed: 1, max_tokens: 8 }\n${oneCase}compare: { tier: token }\n`,
    problems: [
      [
        'suite.yml:2:10 suite/wrong-value: runtime cannot be "proces".',
        '"proces"',
        "process, docker, podman or attached",
        "Did you mean process?",
      ],
      [
        'suite.yml:3:17 suite/wrong-value: engine.name cannot be "vlm".',
        '"vlm"',
        `${engineNames.slice(0, -1).join(", ")} or ${engineNames.at(-1)}`,
        "Did you mean vllm?",
      ],
      [
        'suite.yml:6:18 suite/wrong-value: compare.tier cannot be "token".',
        '"token"',
        "bits, tokens, close or text",
        "Did you mean tokens?",
      ],
    ],
  },
  {
    name: "an engine in every way wrong",
    yaml: "version: 1\nruntime: process\nengine:\n  nam: llama-cpp\n  command: server\n  args: []\n  env: { A: 1, 1B: x }\n  url: ftp://x\nsampling: { seed: 1, max_tokens: 8 }\ncases: [{ id: a, prompt: hi }]\n",
    problems: [
      [
        "suite.yml:3:1 suite/missing-field: engine.name is missing.",
        "nothing",
        `${engineNames.slice(0, -1).join(", ")} or ${engineNames.at(-1)}`,
        "Add engine.name.",
      ],
      [
        "suite.yml:4:3 suite/unknown-field: engine.nam is no known field.",
        "engine.nam",
        "one of name, command, args, env, url",
        "Did you mean name? Otherwise remove it.",
      ],
      [
        'suite.yml:5:12 suite/wrong-value: engine.command cannot be "server".',
        '"server"',
        "a list of words such as [llama-server]",
        "Correct engine.command.",
      ],
      [
        "suite.yml:6:9 suite/wrong-value: engine.args cannot be an empty list.",
        "an empty list",
        "a mapping of the engine's options",
        "Correct engine.args.",
      ],
      [
        "suite.yml:7:13 suite/wrong-value: engine.env.A cannot be 1.",
        "1",
        'a text; put numbers in quotes, such as "1"',
        "Correct engine.env.A.",
      ],
      [
        'suite.yml:7:16 suite/wrong-value: engine.env."1B" cannot be "1B".',
        '"1B"',
        "a variable name (letters, digits and `_`)",
        'Correct engine.env."1B".',
      ],
      [
        "suite.yml:8:3 suite/only-for-runtime: engine.url has no effect here: the engine is started here and given an address.",
        "engine.url with runtime: process",
        "engine.url only with runtime: attached",
        "Remove engine.url, or say runtime: attached.",
      ],
      [
        'suite.yml:8:8 suite/wrong-value: engine.url cannot be "ftp://x".',
        '"ftp://x"',
        "an http or https URL such as http://127.0.0.1:8080",
        "Correct engine.url.",
      ],
    ],
  },
  {
    name: "paths that lead nowhere",
    yaml: `${sampled}${oneCase}model: { name: m, path: nope.gguf }\ndependencies: [a.lock, /etc/passwd, dir]\n`,
    files: { "dir/x": "y" },
    problems: [
      [
        'suite.yml:6:25 suite/path-not-found: model.path names a path that cannot be used: "nope.gguf".',
        'nothing at "nope.gguf"',
        "a file or folder, relative to the folder of the suite",
        "Correct the path, or put the file there.",
      ],
      [
        'suite.yml:7:16 suite/path-not-found: dependencies[0] names a path that cannot be used: "a.lock".',
        'nothing at "a.lock"',
        "a file, relative to the folder of the suite",
        "Correct the path, or put the file there.",
      ],
      [
        'suite.yml:7:24 suite/path-not-found: dependencies[1] names a path that cannot be used: "/etc/passwd".',
        'an absolute path at "/etc/passwd"',
        "a relative path to a file, relative to the folder of the suite",
        "Correct the path, or put the file there.",
      ],
      [
        'suite.yml:7:37 suite/path-not-found: dependencies[2] names a path that cannot be used: "dir".',
        'a folder at "dir"',
        "a file, relative to the folder of the suite",
        "Correct the path, or put the file there.",
      ],
    ],
  },
  {
    name: "determinism for an engine that no driver of ours runs, with a slip of the pen",
    yaml: `${top}determinism: { thread: 2 }\nsampling: { seed: 1, max_tokens: 8 }\n${oneCase}`,
    problems: [
      [
        "suite.yml:4:1 suite/determinism-without-driver: determinism has no effect with engine llama-cpp.",
        "determinism with engine llama-cpp",
        `determinism with an engine that the gate starts with a driver: ${preludeEngines.join(", ")}`,
        "Remove determinism; docs/engines.md says how this engine is started so that two runs agree.",
      ],
      [
        "suite.yml:4:16 suite/unknown-field: determinism.thread is no known field.",
        "determinism.thread",
        `one of ${determinismFields.join(", ")}`,
        "Did you mean threads? Otherwise remove it.",
      ],
    ],
  },
  {
    name: "attached without a URL",
    yaml: "version: 1\nruntime: attached\nengine: { name: openai, command: [x] }\nsampling: { seed: 1, max_tokens: 8 }\ncases: [{ id: a, prompt: hi }]\n",
    problems: [
      [
        "suite.yml:3:1 suite/attached-needs-url: runtime attached needs engine.url.",
        "runtime attached without engine.url",
        "the URL of the running server",
        "Add the URL: engine: { url: http://127.0.0.1:8080 }",
        "Or let the engine be started here: runtime: process",
      ],
      [
        "suite.yml:3:25 suite/only-for-runtime: engine.command has no effect here: the engine already runs and is not started.",
        "engine.command with runtime: attached",
        "engine.command only with runtime: process",
        "Remove engine.command, or say runtime: process.",
      ],
    ],
  },
  {
    name: "a URL for an engine that is started here",
    yaml: "version: 1\nruntime: process\nengine: { name: llama-cpp, url: http://127.0.0.1:1 }\nsampling: { seed: 1, max_tokens: 8 }\ncases: [{ id: a, prompt: hi }]\n",
    problems: [
      [
        "suite.yml:3:28 suite/only-for-runtime: engine.url has no effect here: the engine is started here and given an address.",
        "engine.url with runtime: process",
        "engine.url only with runtime: attached",
        "Remove engine.url, or say runtime: attached.",
      ],
    ],
  },
  {
    name: "a tier that needs ids from an engine without",
    yaml: `${sampled}cases: [{ id: a, prompt: hi }, { id: b, prompt: hi, compare: { tier: text } }, { id: c, prompt: hi, compare: { tier: close } }]\n`,
    engineGives: "no ids",
    problems: [
      [
        "suite.yml:1:1 suite/tier-needs-token-ids: Engine llama-cpp gives no token ids, which tier tokens needs.",
        "tier tokens with engine llama-cpp",
        "tier text",
        "Say so in the suite: compare: { tier: text }",
        "Or use an engine that returns token ids.",
      ],
      [
        'suite.yml:5:110 suite/tier-needs-token-ids: Engine llama-cpp gives no token ids, which tier close needs (case "c").',
        "tier close with engine llama-cpp",
        "tier text",
        "Say so in the suite: compare: { tier: text }",
        "Or use an engine that returns token ids.",
      ],
    ],
  },
  {
    name: "tier close without the runner-up",
    yaml: `${top}sampling: { seed: 1, max_tokens: 8, logprobs: 1 }\n${oneCase}compare: { tier: close }\n`,
    problems: [
      [
        "suite.yml:6:18 suite/close-needs-runner-up: Tier close needs sampling.logprobs of 2 or more.",
        "1",
        "2 or more",
        "Set sampling.logprobs to 2, or leave it out.",
      ],
    ],
  },
  {
    name: "a compare policy out of range",
    yaml: `${sampled}${oneCase}compare: { tier: loose, max_logprob_delta: -1, near_ties: 1 }\n`,
    problems: [
      [
        'suite.yml:6:18 suite/wrong-value: compare.tier cannot be "loose".',
        '"loose"',
        "bits, tokens, close or text",
        "Correct compare.tier.",
      ],
      [
        "suite.yml:6:44 suite/wrong-value: compare.max_logprob_delta cannot be -1.",
        "-1",
        "a number of 0 or more, in nats",
        "Correct compare.max_logprob_delta.",
      ],
      [
        "suite.yml:6:48 suite/unknown-field: compare.near_ties is no known field.",
        "compare.near_ties",
        "one of tier, max_logprob_delta, near_tie",
        "Did you mean near_tie? Otherwise remove it.",
      ],
    ],
  },
];

export const badSampling: readonly BadSuite[] = [
  {
    name: "values out of range",
    yaml: `${top}sampling:\n  temperature: -1\n  top_p: 0\n  top_k: -2\n  min_p: 1.5\n  seed: 4294967295\n  max_tokens: 0\n  logprobs: 21\n  stop: [""]\n  n: 2\n${oneCase}`,
    problems: [
      [
        "suite.yml:5:16 suite/wrong-value: sampling.temperature cannot be -1.",
        "-1",
        "a number of 0 or more",
        "Correct sampling.temperature.",
      ],
      [
        "suite.yml:6:10 suite/wrong-value: sampling.top_p cannot be 0.",
        "0",
        "a number above 0 and at most 1",
        "Correct sampling.top_p.",
      ],
      [
        "suite.yml:7:10 suite/wrong-value: sampling.top_k cannot be -2.",
        "-2",
        "a whole number of 0 or more (0 or -1 is off)",
        "Correct sampling.top_k.",
      ],
      [
        "suite.yml:8:10 suite/wrong-value: sampling.min_p cannot be 1.5.",
        "1.5",
        "a number from 0 to 1",
        "Correct sampling.min_p.",
      ],
      [
        "suite.yml:9:9 suite/wrong-value: sampling.seed cannot be 4294967295.",
        "4294967295",
        'a whole number from 0 to 4294967294 (engines keep 32 bits; 4294967295 means "random" to llama.cpp)',
        "Correct sampling.seed.",
      ],
      [
        "suite.yml:10:15 suite/wrong-value: sampling.max_tokens cannot be 0.",
        "0",
        "a whole number of 1 or more",
        "Correct sampling.max_tokens.",
      ],
      [
        "suite.yml:11:13 suite/wrong-value: sampling.logprobs cannot be 21.",
        "21",
        "a whole number from 1 to 20",
        "Correct sampling.logprobs.",
      ],
      [
        "suite.yml:12:10 suite/wrong-value: sampling.stop[0] cannot be an empty text.",
        "an empty text",
        "a text that is not empty",
        "Correct sampling.stop[0].",
      ],
      [
        "suite.yml:13:6 suite/wrong-value: sampling.n cannot be 2.",
        "2",
        "1, since a golden holds one answer",
        "Correct sampling.n.",
      ],
    ],
  },
  {
    name: "values of the wrong kind",
    yaml: `${top}sampling: { seed: 1.5, max_tokens: "8", temperature: .nan, stop: x, ignore_eos: 1 }\n${oneCase}`,
    problems: [
      [
        "suite.yml:4:19 suite/wrong-value: sampling.seed cannot be 1.5.",
        "1.5",
        'a whole number from 0 to 4294967294 (engines keep 32 bits; 4294967295 means "random" to llama.cpp)',
        "Correct sampling.seed.",
      ],
      [
        'suite.yml:4:36 suite/wrong-value: sampling.max_tokens cannot be "8".',
        '"8"',
        "a whole number of 1 or more",
        "Correct sampling.max_tokens.",
      ],
      [
        "suite.yml:4:54 suite/number-not-exact: The number sampling.temperature cannot be kept exactly.",
        ".nan",
        "a finite number, whole ones up to 2^53 - 1",
        "Put it in quotes if it is meant as text.",
      ],
      [
        'suite.yml:4:66 suite/wrong-value: sampling.stop cannot be "x".',
        '"x"',
        'a list of texts such as ["\\n\\n"]',
        "Correct sampling.stop.",
      ],
      [
        "suite.yml:4:69 suite/sampling-unsupported: Engine llama-cpp cannot honour sampling.ignore_eos.",
        "sampling.ignore_eos",
        "one of temperature, top_p, top_k, min_p, seed, max_tokens, min_tokens, stop, logprobs",
        "Remove sampling.ignore_eos, or choose an engine that honours it.",
      ],
      [
        "suite.yml:4:81 suite/wrong-value: sampling.ignore_eos cannot be 1.",
        "1",
        "true or false",
        "Correct sampling.ignore_eos.",
      ],
    ],
  },
  {
    name: "names that the engine does not honour",
    yaml: `${top}sampling: { seed: 1, max_tokens: 8, max_new_tokens: 3, ignore_eos: true, temperatur: 0, quux: 1, mirostat: 2 }\n${oneCase}`,
    problems: [
      [
        "suite.yml:4:37 suite/sampling-unknown: sampling.max_new_tokens is no sampling field of engine llama-cpp.",
        "sampling.max_new_tokens",
        "one of temperature, top_p, top_k, min_p, seed, max_tokens, min_tokens, stop, logprobs",
        "Did you mean max_tokens?",
      ],
      [
        "suite.yml:4:56 suite/sampling-unsupported: Engine llama-cpp cannot honour sampling.ignore_eos.",
        "sampling.ignore_eos",
        "one of temperature, top_p, top_k, min_p, seed, max_tokens, min_tokens, stop, logprobs",
        "Remove sampling.ignore_eos, or choose an engine that honours it.",
      ],
      [
        "suite.yml:4:74 suite/sampling-unknown: sampling.temperatur is no sampling field of engine llama-cpp.",
        "sampling.temperatur",
        "one of temperature, top_p, top_k, min_p, seed, max_tokens, min_tokens, stop, logprobs",
        "Did you mean temperature?",
      ],
      [
        "suite.yml:4:89 suite/sampling-unknown: sampling.quux is no sampling field of engine llama-cpp.",
        "sampling.quux",
        "one of temperature, top_p, top_k, min_p, seed, max_tokens, min_tokens, stop, logprobs",
        "Remove sampling.quux.",
      ],
    ],
  },
  {
    name: "no seed and no max_tokens",
    yaml: `${top}cases: [{ id: a, prompt: hi }, { id: b, prompt: hi, sampling: { seed: 1 } }]\n`,
    problems: [
      [
        "suite.yml:1:1 suite/sampling-missing: sampling.seed is missing.",
        'no seed for case "a"',
        "sampling.seed at the top of the suite or at each case",
        "Add it: sampling: { seed: 42 }",
      ],
      [
        "suite.yml:1:1 suite/sampling-missing: sampling.max_tokens is missing.",
        'no max_tokens for 2 cases: "a", "b"',
        "sampling.max_tokens at the top of the suite or at each case",
        "Add it: sampling: { max_tokens: 512 }",
      ],
    ],
  },
  {
    name: "a minimum above the maximum",
    yaml: `${sampled}cases: [{ id: a, prompt: hi, sampling: { min_tokens: 9 } }]\n`,
    problems: [
      [
        'suite.yml:5:54 suite/min-tokens-above-max: sampling.min_tokens is greater than sampling.max_tokens in case "a".',
        "min_tokens 9, max_tokens 8",
        "min_tokens of at most max_tokens",
        "Lower min_tokens or raise max_tokens.",
      ],
    ],
  },
];

export const badCases: readonly BadSuite[] = [
  {
    name: "no cases",
    yaml: `${sampled}`,
    problems: [
      [
        "suite.yml:1:1 suite/no-cases: The suite has no cases.",
        "no case",
        "at least one case",
        'Add one: cases: [{ id: hello, prompt: "…" }]',
        "Or name a JSONL file: cases: [{ from: prompts/*.jsonl }]",
      ],
    ],
  },
  {
    name: "an empty list of cases",
    yaml: `${sampled}cases: []\n`,
    problems: [
      [
        "suite.yml:5:1 suite/no-cases: The suite has no cases.",
        "no case",
        "at least one case",
        'Add one: cases: [{ id: hello, prompt: "…" }]',
        "Or name a JSONL file: cases: [{ from: prompts/*.jsonl }]",
      ],
    ],
  },
  {
    name: "ids that differ in case only",
    yaml: `${sampled}cases:\n  - { id: Intro, prompt: x }\n  - { id: b, prompt: x }\n  - id: intro\n    prompt: x\n`,
    problems: [
      [
        'suite.yml:8:9 suite/duplicate-case-id: Case id "intro" is taken.',
        '"intro" here and "Intro" at suite.yml:6:11',
        "ids that differ in more than upper and lower case",
        "Rename one of the two cases.",
      ],
    ],
  },
  {
    name: "ids that are no file names",
    yaml: `${sampled}cases:\n  - { id: ../x, prompt: x }\n  - { id: con, prompt: x }\n  - { id: "", prompt: x }\n  - { id: 5, prompt: x }\n  - { prompt: x }\n  - x\n  -\n`,
    problems: [
      [
        'suite.yml:6:11 suite/bad-case-id: Case id "../x" is no safe file name.',
        '"../x"',
        "1 to 100 letters, digits, `.`, `_` or `-`, beginning with a letter or digit, and no reserved name",
        "Rename the case, such as uk-vs-usa_2.",
      ],
      [
        'suite.yml:7:11 suite/bad-case-id: Case id "con" is no safe file name.',
        '"con"',
        "1 to 100 letters, digits, `.`, `_` or `-`, beginning with a letter or digit, and no reserved name",
        "Rename the case, such as uk-vs-usa_2.",
      ],
      [
        'suite.yml:8:11 suite/bad-case-id: Case id "" is no safe file name.',
        '""',
        "1 to 100 letters, digits, `.`, `_` or `-`, beginning with a letter or digit, and no reserved name",
        "Rename the case, such as uk-vs-usa_2.",
      ],
      [
        "suite.yml:9:11 suite/wrong-value: cases[3].id cannot be 5.",
        "5",
        "1 to 100 letters, digits, `.`, `_` or `-`, as for a file name",
        "Correct cases[3].id.",
      ],
      [
        "suite.yml:10:5 suite/missing-field: cases[4].id is missing.",
        "nothing",
        "1 to 100 letters, digits, `.`, `_` or `-`, as for a file name",
        "Add cases[4].id.",
      ],
      [
        'suite.yml:11:5 suite/wrong-value: cases[5] cannot be "x".',
        '"x"',
        "a case { id, prompt }",
        "Correct cases[5].",
      ],
      [
        "suite.yml:12:4 suite/wrong-value: cases[6] cannot be nothing (null).",
        "nothing (null)",
        "a case { id, prompt }",
        "Correct cases[6].",
      ],
    ],
  },
  {
    name: "prompts missing, doubled and malformed",
    yaml: `${sampled}cases:\n  - { id: a }\n  - { id: b, prompt: x, messages: [] }\n  - { id: c, prompt: "" }\n  - { id: d, prompt_token_ids: [1, -1, x] }\n  - { id: e, messages: [{ role: user }, { content: x, rol: y }] }\n  - { id: f, promt: x }\n`,
    problems: [
      [
        'suite.yml:6:5 suite/prompt-forms: The case "a" has no prompt.',
        "no prompt",
        "exactly one of prompt, prompt_token_ids, messages",
        'Add prompt: "…".',
      ],
      [
        'suite.yml:7:5 suite/prompt-forms: The case "b" has more than one prompt.',
        "prompt and messages",
        "exactly one of prompt, prompt_token_ids, messages",
        "Keep one of them; make a second case for the other.",
      ],
      [
        "suite.yml:7:35 suite/wrong-value: cases[1].messages cannot be an empty list.",
        "an empty list",
        "at least one message",
        "Correct cases[1].messages.",
      ],
      [
        "suite.yml:8:22 suite/wrong-value: cases[2].prompt cannot be an empty text.",
        "an empty text",
        "a text that is not empty",
        "Correct cases[2].prompt.",
      ],
      [
        "suite.yml:9:36 suite/wrong-value: cases[3].prompt_token_ids[1] cannot be -1.",
        "-1",
        "a token id (a whole number from 0 to 4294967294)",
        "Correct cases[3].prompt_token_ids[1].",
      ],
      [
        'suite.yml:9:40 suite/wrong-value: cases[3].prompt_token_ids[2] cannot be "x".',
        '"x"',
        "a token id (a whole number from 0 to 4294967294)",
        "Correct cases[3].prompt_token_ids[2].",
      ],
      [
        "suite.yml:10:25 suite/missing-field: cases[4].messages[0].content is missing.",
        "nothing",
        "a text",
        "Add cases[4].messages[0].content.",
      ],
      [
        "suite.yml:10:41 suite/missing-field: cases[4].messages[1].role is missing.",
        "nothing",
        "a role such as user",
        "Add cases[4].messages[1].role.",
      ],
      [
        "suite.yml:10:55 suite/unknown-field: cases[4].messages[1].rol is no known field.",
        "cases[4].messages[1].rol",
        "one of role, content",
        "Did you mean role? Otherwise remove it.",
      ],
      [
        'suite.yml:11:5 suite/prompt-forms: The case "f" has no prompt.',
        "no prompt",
        "exactly one of prompt, prompt_token_ids, messages",
        'Add prompt: "…".',
      ],
      [
        "suite.yml:11:14 suite/unknown-field: cases[5].promt is no known field.",
        "cases[5].promt",
        "one of id, prompt, prompt_token_ids, messages, sampling, compare",
        "Did you mean prompt? Otherwise remove it.",
      ],
    ],
  },
  {
    name: "NUL and lone surrogates",
    yaml: `${sampled}cases:\n  - { id: a, prompt: "a\\0b" }\n  - { id: b, prompt: "x\\uD800y" }\n  - { id: c, messages: [{ role: user, content: "\\uDC00" }] }\n`,
    problems: [
      [
        "suite.yml:6:22 suite/unsuitable-text: cases[0].prompt holds a character that cannot be sent unchanged.",
        "NUL (U+0000) at character 2",
        "text without NUL",
        "Remove the character.",
        "To gate such an input on purpose, give its token ids as prompt_token_ids.",
      ],
      [
        "suite.yml:7:22 suite/unsuitable-text: cases[1].prompt holds a character that cannot be sent unchanged.",
        "lone surrogate U+D800 at character 2",
        "whole Unicode characters",
        "Remove the character.",
        "To gate such an input on purpose, give its token ids as prompt_token_ids.",
      ],
      [
        "suite.yml:8:48 suite/unsuitable-text: cases[2].messages[0].content holds a character that cannot be sent unchanged.",
        "lone surrogate U+DC00 at character 1",
        "whole Unicode characters",
        "Remove the character.",
        "To gate such an input on purpose, give its token ids as prompt_token_ids.",
      ],
    ],
  },
  {
    name: "case files that are not there, empty, or named twice",
    yaml: `${sampled}cases:\n  - from: no/*.jsonl\n  - from: none.jsonl\n  - { from: e.jsonl, id: x }\n  - from: p*.jsonl\n  - from: p.jsonl\n  - from: "**/*.jsonl"\n  - from: 5\n  - from: dir\n`,
    files: { "e.jsonl": "\n\n", "p.jsonl": '{"id":"a","prompt":"x"}\n', "dir/x": "" },
    problems: [
      [
        'suite.yml:6:11 suite/from-matches-nothing: No case file is found by "no/*.jsonl".',
        "no file matches",
        "at least one JSONL file, relative to the folder of the suite; `*` and `?` match within a name",
        "Correct the path, or remove the item.",
      ],
      [
        'suite.yml:7:11 suite/from-matches-nothing: No case file is found by "none.jsonl".',
        "no such file",
        "at least one JSONL file, relative to the folder of the suite; `*` and `?` match within a name",
        "Correct the path, or remove the item.",
      ],
      [
        "suite.yml:8:5 suite/from-stands-alone: A case list item with from has no other field.",
        "from with id",
        "from alone",
        "Put sampling and compare at the top of the suite or into the lines of the file.",
      ],
      [
        "suite.yml:10:11 suite/case-file-twice: The case file p.jsonl is named twice.",
        "p.jsonl here and at suite.yml:9:11",
        "each file once",
        "Remove one of the two, or narrow the pattern.",
      ],
      [
        'suite.yml:11:11 suite/from-matches-nothing: No case file is found by "**/*.jsonl".',
        "`**` is not read",
        "at least one JSONL file, relative to the folder of the suite; `*` and `?` match within a name",
        "Correct the path, or remove the item.",
      ],
      [
        "suite.yml:12:11 suite/wrong-value: cases[6].from cannot be 5.",
        "5",
        "a path or pattern such as prompts/*.jsonl",
        "Correct cases[6].from.",
      ],
      [
        "dir suite/file-not-read: The file cannot be read.",
        '"it is a folder"',
        "a readable file",
        "Correct the path or the permissions of the file.",
      ],
      [
        "e.jsonl suite/case-file-empty: The case file holds no case.",
        "no line with a case; named at suite.yml:8:13",
        "one JSON object a line",
        "Restore the file, or remove it.",
      ],
    ],
  },
  {
    name: "lines of a case file",
    yaml: `${sampled}cases: [{ from: p.jsonl }, { id: z, prompt: x, compare: { tier: no } }]\n`,
    files: {
      "p.jsonl":
        '{"id":"a","prompt":"x"}\r\n{"id":"A","prompt":"x","sampling":{"top_p":2}}\n{"id":"b"\n\n{"id":"c","promt":"x"}\n[]\n{"id":"d","prompt":"x","from":"y"}\n{"id":"e","prompt":"\\u0000"}\n{"id":"f","prompt":"x","id":"g"}\n{"id":"h","prompt":"x","sampling":{"top_k":99999999999999999999}}\n',
    },
    problems: [
      [
        'suite.yml:5:65 suite/wrong-value: cases[1].compare.tier cannot be "no".',
        '"no"',
        "bits, tokens, close or text",
        "Correct cases[1].compare.tier.",
      ],
      [
        'p.jsonl:2:7 suite/duplicate-case-id: Case id "A" is taken.',
        '"A" here and "a" at p.jsonl:1:7',
        "ids that differ in more than upper and lower case",
        "Rename one of the two cases.",
      ],
      [
        "p.jsonl:2:44 suite/wrong-value: sampling.top_p cannot be 2.",
        "2",
        "a number above 0 and at most 1",
        "Correct sampling.top_p.",
      ],
      [
        "p.jsonl:3:10 suite/json-syntax: The line is not valid JSON.",
        "the end of the line",
        '"," or "}"',
        "Write each case as one JSON object on a line of its own; line breaks inside a text are written \\n.",
      ],
      [
        'p.jsonl:5:1 suite/prompt-forms: The case "c" has no prompt.',
        "no prompt",
        "exactly one of prompt, prompt_token_ids, messages",
        'Add prompt: "…".',
      ],
      [
        "p.jsonl:5:11 suite/unknown-field: promt is no known field.",
        "promt",
        "one of id, prompt, prompt_token_ids, messages, sampling, compare",
        "Did you mean prompt? Otherwise remove it.",
      ],
      [
        "p.jsonl:6:1 suite/wrong-value: The line cannot be an empty list.",
        "an empty list",
        "a case { id, prompt }",
        "Correct the line.",
      ],
      [
        "p.jsonl:7:24 suite/unknown-field: from is no known field.",
        "from",
        "one of id, prompt, prompt_token_ids, messages, sampling, compare",
        "Remove it; docs/suite.md lists the fields.",
      ],
      [
        "p.jsonl:8:20 suite/unsuitable-text: prompt holds a character that cannot be sent unchanged.",
        "NUL (U+0000) at character 1",
        "text without NUL",
        "Remove the character.",
        "To gate such an input on purpose, give its token ids as prompt_token_ids.",
      ],
      [
        "p.jsonl:9:24 suite/duplicate-key: id is written twice.",
        "a second id; the first is on line 9",
        "each key once",
        "Remove one of the two.",
      ],
      [
        "p.jsonl:10:44 suite/number-not-exact: The number sampling.top_k cannot be kept exactly.",
        "99999999999999999999",
        "a finite number, whole ones up to 2^53 - 1",
        "Put it in quotes if it is meant as text.",
      ],
    ],
  },
];
