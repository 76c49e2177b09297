import { expect, test } from "@jest/globals";
import { inspectedWords } from "../../../src/runtimes/container/inside-command.ts";
import { insideWords, mountRoot } from "../../../src/runtimes/container/mounts.ts";

test("paths of the host are mounted read-only, each once, and named as they are inside", () => {
  const inside = insideWords(
    {
      argv: [
        "llama-server",
        "--model",
        { hostPath: "/srv/models/tiny.gguf" },
        { hostPath: "/srv/models/tiny.gguf", prefix: "--also=" },
        { hostPath: "/srv/my template.jinja" },
        { slot: "host" },
        { slot: "port", prefix: "--port=" },
      ],
    },
    8080,
  );
  expect(inside.words).toEqual([
    ...["llama-server", "--model", "/gate/0/tiny.gguf", "--also=/gate/0/tiny.gguf", "/gate/1/my_template.jinja"],
    ...["0.0.0.0", "--port=8080"],
  ]);
  expect(inside.mounts).toEqual([
    { source: "/srv/models/tiny.gguf", target: "/gate/0/tiny.gguf", access: "read-only" },
    { source: "/srv/my template.jinja", target: "/gate/1/my_template.jinja", access: "read-only" },
  ]);
});

test.each([
  ["/m/tiny.gguf", "/m/tiny.gguf", ""],
  ["/m/big-00001-of-00003.gguf", "/m", "big-00001-of-00003.gguf"],
  ["/c/hub/models--org--m/snapshots/ab/model.safetensors", "/c/hub/models--org--m", "snapshots/ab/model.safetensors"],
  ["/c/hub/models--org--m/snapshots/ab", "/c/hub/models--org--m", "snapshots/ab"],
  ["/", "/", ""],
])("what must be there together with %s", (path, root, below) => {
  expect(mountRoot(path)).toEqual({ root, below });
});

test.each([
  ["llama-server", ["/app/llama-server"], "/app/llama-server"],
  ["/opt/llama-server", ["/app/llama-server"], "/opt/llama-server"],
  ["python3", ["/app/llama-server"], "python3"],
  ["llama-server", ["llama-server"], "llama-server"],
  ["llama-server", [], "llama-server"],
])("the program %s in an image with the entry point %j", (program, Entrypoint, expected) => {
  const inside = inspectedWords({ words: [program, "-x"], mounts: [] }, { Config: { Env: [], Entrypoint } });
  expect(inside.words).toEqual([expected, "-x"]);
});
