/** Failures as torch, transformers and vLLM 0.32.0 word them. */
import { expect, test } from "@jest/globals";
import { failureAdvice } from "../../src/messages/failure-advice.ts";

test.each([
  ["torch.OutOfMemoryError: CUDA out of memory. Tried to allocate 2.00 GiB.", "Not enough memory"],
  ["ValueError: No available memory for the cache blocks. Try increasing `gpu_memory_utilization`", "key-value cache"],
  ["ValueError: To serve at least one request (0.5 GiB KV cache is needed, which is larger than", "key-value cache"],
  ["OSError: We couldn't connect to 'https://huggingface.co' to load the files", "not in the local cache"],
  ["RuntimeError: Found no NVIDIA driver on your system.", "No usable GPU"],
  [
    "ValueError: The decoder prompt (length 1100) is longer than the maximum model length of 1024.",
    "Shorten the prompt",
  ],
  ["ValueError: the context of 1024 tokens (max_model_len) was full after 9 tokens", "Shorten the prompt"],
  [
    "max_tokens=1010 cannot be greater than max_model_len=256. Please request fewer output tokens.",
    "Shorten the prompt",
  ],
  ["This model's maximum context length is 1024 tokens. However, your prompt contains", "Shorten the prompt"],
  ["User-specified max_model_len (100000) is greater than the derived max_model_len", "Lower max_model_len"],
  ["torch._inductor.exc.InvalidCxxCompiler: No working C++ compiler found", "needs a C++ compiler"],
  ["ValueError: Please pass the argument `trust_remote_code=True` to allow custom code", "code of its own"],
  ["RuntimeError: ifa != nullptr. Unable to find interface for: [127.0.0.1]", "ip link set lo up"],
  ["RuntimeError: Cannot find any model weights with `/models/tiny`", "has no weights"],
  ["OSError: Error no file named model.safetensors, or pytorch_model.bin, found in directory /m.", "has no weights"],
])("%s", (text, advice) => {
  expect(failureAdvice(["nothing", text, text])).toEqual([expect.stringContaining(advice)]);
});

test("words that tell of nothing known bring no advice", () => {
  expect(failureAdvice(["IndexError: index out of range in self"])).toEqual([]);
});
