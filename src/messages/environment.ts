/** What the environment could not tell, or told wrongly. */
import { message } from "./message.ts";

const quoted = (text: string) => JSON.stringify(text.length > 80 ? `${text.slice(0, 79)}…` : text);
const lastLines = (text: string) =>
  text
    .split(/\r?\n/)
    .filter((line) => line.trim() !== "")
    .slice(-10);

const cpuIsMeant =
  "If the engine is meant to run on the CPU, say so in the suite (llama-cpp: `args: { n_gpu_layers: 0 }`).";

export const nvidiaSmiMissing = message<{ why: string }>(
  {
    code: "environment/nvidia-smi-missing",
    verdict: "error",
    explanation:
      "The engine says that it computes on a GPU, but there is no `nvidia-smi` on PATH to tell which one. Goldens belong to a " +
      "hardware class, and a guessed class would compare outputs that cannot be expected to agree. `nvidia-smi` comes with the " +
      "NVIDIA driver; in a container it is mounted by the NVIDIA container toolkit.",
    example: { why: "engine.gpu.count is 1" },
  },
  ({ why }) => ({
    title: "The engine uses a GPU, but there is no nvidia-smi to tell which.",
    found: `no nvidia-smi on PATH; ${why}`,
    expected: "nvidia-smi, which comes with the NVIDIA driver",
    help: [
      "Run `nvidia-smi` in the same shell: if the command is not found, install the driver or put it on PATH.",
      "In a container, start it with the NVIDIA container toolkit (`--gpus all`).",
      cpuIsMeant,
    ],
  }),
);

export const nvidiaSmiTimedOut = message<{ command: string; timeoutMs: number }>(
  {
    code: "environment/nvidia-smi-timed-out",
    verdict: "error",
    explanation:
      "`nvidia-smi` was started and never ended. A driver that hangs usually means a GPU that has fallen off the bus or a " +
      "driver that is stuck; an engine on that GPU would hang too. The log of the kernel (`dmesg`, lines with `NVRM`) says more.",
    example: { command: "nvidia-smi -q -x", timeoutMs: 20_000 },
  },
  ({ command, timeoutMs }) => ({
    title: `nvidia-smi gave no answer within ${timeoutMs / 1000} s.`,
    found: `${command} still running`,
    expected: "an answer within a few seconds",
    help: [
      "Run `nvidia-smi` by hand. If it hangs there too, look for lines with NVRM in `dmesg` and reset or reboot the machine.",
      "If every first call is slow, switch persistence mode on: sudo nvidia-smi -pm 1",
      cpuIsMeant,
    ],
  }),
);

export const nvidiaSmiFailed = message<{ command: string; code: number | null; output: string }>(
  {
    code: "environment/nvidia-smi-failed",
    verdict: "error",
    explanation:
      "`nvidia-smi` is installed, so this machine is meant to have a GPU, but the driver does not answer. An engine may then fall " +
      "back to the CPU without a word, and its outputs would be held against the wrong goldens. Common reasons: the driver was " +
      "upgraded and the machine not rebooted (`Driver/library version mismatch`), the kernel module is not loaded (`couldn't " +
      "communicate with the NVIDIA driver`), or the container lost its devices (`Failed to initialize NVML: Unknown Error`).",
    example: {
      command: "nvidia-smi -q -x",
      code: 18,
      output: "Failed to initialize NVML: Driver/library version mismatch\nNVML library version: 535.161",
    },
  },
  ({ command, code, output }) => ({
    title: "nvidia-smi is installed, but the GPU driver does not answer.",
    found: `${command} ended with ${code === null ? "a signal" : `exit code ${code}`}: ${quoted(lastLines(output)[0] ?? "no output")}`,
    expected: "exit code 0 and a description of the GPUs",
    help: [adviceFor(output), cpuIsMeant],
    evidence: lastLines(output),
  }),
);

function adviceFor(output: string): string {
  if (/version mismatch/i.test(output)) return "The driver was upgraded under a running machine: reboot it.";
  if (/communicate with the NVIDIA driver/i.test(output)) {
    return "Load the driver's kernel module (sudo modprobe nvidia); after a kernel upgrade, install the driver again.";
  }
  if (/Unknown Error|Insufficient Permissions/i.test(output)) {
    return "The container or user has no access to /dev/nvidia*: restart the container, or check the permissions.";
  }
  return "Run `nvidia-smi` by hand and mend what it complains about.";
}

export const nvidiaSmiUnreadable = message<{ command: string; output: string }>(
  {
    code: "environment/nvidia-smi-unreadable",
    verdict: "error",
    explanation:
      "`nvidia-smi` ended well, but what it printed is not the XML document that every driver since 418 prints. A wrapper script of " +
      "that name, or a cut-off output, is the likely reason.",
    example: { command: "nvidia-smi -q -x", output: "hello" },
  },
  ({ command, output }) => ({
    title: "What nvidia-smi printed cannot be read.",
    found: `${command} printed ${quoted(lastLines(output)[0] ?? "nothing")}`,
    expected: "an XML document whose root is nvidia_smi_log",
    help: [
      "See what is called: command -v nvidia-smi",
      "If it is NVIDIA's own, please report this with its output.",
      cpuIsMeant,
    ],
    evidence: lastLines(output),
  }),
);

export const gpuExpected = message<{ why: string; found: string }>(
  {
    code: "environment/gpu-expected",
    verdict: "error",
    explanation:
      "The engine or the suite says that a GPU is used, and the driver lists fewer than that. Either the engine fell back to the CPU, " +
      "or the GPU is hidden (`CUDA_VISIBLE_DEVICES`, a container without devices, MIG mode without instances).",
    example: { why: "engine.gpu.count is 1", found: "No devices were found" },
  },
  ({ why, found }) => ({
    title: "A GPU is expected, but the driver lists none that fits.",
    found: `${quoted(found)}; ${why}`,
    expected: "the GPUs that the engine uses",
    help: [
      "Compare `nvidia-smi -L` with CUDA_VISIBLE_DEVICES in the suite's `engine.env`.",
      "In MIG mode, create an instance first: nvidia-smi mig -cgi <profile> -C",
      cpuIsMeant,
    ],
  }),
);

export const modelFileUnreadable = message<{ path: string; why: string }>(
  {
    code: "environment/model-file-unreadable",
    verdict: "error",
    explanation:
      "The weights decide every output, so the lock keeps a digest of each file of the model. A file that cannot be read cannot be " +
      "vouched for.",
    example: { path: "models/model.gguf", why: "ENOENT: no such file or directory" },
  },
  ({ path, why }) => ({
    title: "A file of the model cannot be read.",
    location: { file: path, line: null, column: null },
    found: why,
    expected: "a readable file, or a folder with weight files",
    help: ["Check `model.path` in the suite, and that this user may read the file."],
  }),
);

export const modelFolderEmpty = message<{ path: string; endings: readonly string[] }>(
  {
    code: "environment/model-folder-empty",
    verdict: "error",
    explanation:
      "The folder named as the model holds no file of a kind that an engine loads. A typing mistake in the path, or a download that " +
      "did not finish, would otherwise pass as a model without weights.",
    example: { path: "models/empty", endings: [".gguf", ".safetensors"] },
  },
  ({ path, endings }) => ({
    title: "The model folder holds no model files.",
    location: { file: path, line: null, column: null },
    found: "no file with one of the endings of a model",
    expected: endings.join(", "),
    help: ["Check `model.path` in the suite, and whether the download finished."],
  }),
);

export const modelFileChanging = message<{ path: string }>(
  {
    code: "environment/model-file-changing",
    verdict: "error",
    explanation:
      "The file was written to while its digest was computed, so the digest describes neither the old nor the new content. " +
      "Most often a download is still under way.",
    example: { path: "models/model.gguf" },
  },
  ({ path }) => ({
    title: "A file of the model changed while it was being read.",
    location: { file: path, line: null, column: null },
    found: "another size or time of change after reading than before",
    expected: "a file that nobody writes to",
    help: ["Wait until the download or copy has finished, then run again."],
  }),
);

export const environmentMessages = [
  nvidiaSmiMissing,
  nvidiaSmiTimedOut,
  nvidiaSmiFailed,
  nvidiaSmiUnreadable,
  gpuExpected,
  modelFileUnreadable,
  modelFolderEmpty,
  modelFileChanging,
];
