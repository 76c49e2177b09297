/** Last lines as glibc, CPython 3.11 and vLLM write them. */
import { expect, test } from "@jest/globals";
import { logAdvice } from "../../src/messages/log-advice.ts";

test.each([
  [
    "llama-server: error while loading shared libraries: libgomp.so.1: cannot open shared object file: No such file or directory",
    "The library libgomp.so.1 is missing",
  ],
  [
    "ImportError: libcudart.so.12: cannot open shared object file: No such file or directory",
    "The library libcudart.so.12",
  ],
  ["OSError: [Errno 30] Read-only file system: '/srv/vllm/.cache'", "container.tmpfs"],
  ["PermissionError: [Errno 13] Permission denied: '/gate/0/model.gguf'", "container.user to host"],
  ["OSError: [Errno 28] No space left on device: '/dev/shm/nccl-1'", "container.shm_size"],
  [
    "RuntimeError: Insufficient space in /dev/shm for shared-memory allocation: 160 MiB required, 64 MiB free. Increase /dev/shm (e.g. --shm-size or --ipc=host).",
    "container.shm_size",
  ],
])("%s", (line, says) => {
  expect(logAdvice(["before", line, "after"])).toEqual([expect.stringContaining(says)]);
});

test("a log that says none of it brings no advice", () => {
  expect(
    logAdvice(["llama_model_load: loading", "PermissionError: [Errno 13] Permission denied: '/etc/shadow'"]),
  ).toEqual([]);
});
