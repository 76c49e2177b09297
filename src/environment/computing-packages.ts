/** Which Python packages compute what a model answers, most telling first; any other is only noted. */

// Each pattern stands for a whole normalised name; `*` for any end of it. A package is here when its code runs between the prompt
// and the token: weights, kernels, libraries of linear algebra, quantisation, tokenizers, chat templates, guided decoding, sampling.
const patterns: readonly string[] = [
  ...[
    "torch",
    "vllm*",
    "sglang*",
    "transformers",
    "text-generation-server",
    "llama-cpp-python",
    "xllamacpp",
    "onnxruntime*",
  ],
  ...["tensorrt*", "ctranslate2", "exllamav2", "mlc-llm*", "optimum*"],
  ...[
    "flash-attn*",
    "flashinfer*",
    "flashmla*",
    "xformers",
    "sgl-kernel*",
    "sageattention",
    "deep-gemm",
    "deep-ep",
    "aiter",
    "amd-aiter",
  ],
  ...[
    "triton",
    "triton-*",
    "pytorch-triton*",
    "tilelang",
    "tvm",
    "apache-tvm*",
    "quack-kernels",
    "kernels",
    "fastsafetensors",
  ],
  ...[
    "nvidia-cublas*",
    "nvidia-cudnn*",
    "nvidia-nccl*",
    "nvidia-cusparse*",
    "nvidia-cutlass*",
    "cuda-toolkit",
    "nvidia-cuda-runtime*",
  ],
  ...[
    "nvidia-cuda-nvrtc*",
    "nvidia-*",
    "cuda-bindings",
    "cuda-python",
    "cupy*",
    "rccl",
    "intel-extension-for-pytorch",
    "oneccl*",
  ],
  ...[
    "bitsandbytes",
    "compressed-tensors",
    "auto-gptq",
    "gptqmodel",
    "autoawq*",
    "torchao",
    "llmcompressor",
    "auto-round",
    "gguf",
  ],
  ...[
    "accelerate",
    "peft",
    "safetensors",
    "deepspeed",
    "mamba-ssm",
    "causal-conv1d",
    "flash-linear-attention",
    "fla-core",
  ],
  ...["tokenizers", "sentencepiece", "tiktoken", "mistral-common", "openai-harmony", "oss-harmony", "jinja2"],
  ...[
    "numpy",
    "scipy",
    "numba",
    "llvmlite",
    "mkl",
    "intel-openmp",
    "dpcpp-cpp-rt",
    "onemkl*",
    "einops",
    "ml-dtypes",
    "jax*",
  ],
  ...["xgrammar", "llguidance", "outlines*", "lm-format-enforcer"],
];

/** Of NVIDIA's packages those that measure, mark or move files. */
const idle = /^nvidia-(?:nvtx|cuda-cupti|cufile|ml-py|cuda-sanitizer|nsight)/;

/** How many places there are. */
export const packagePlaces = patterns.length;

/** Place among the packages that compute, 0 for the most telling; null for one that does not. `name` as PEP 503 writes it. */
export function packagePlace(name: string): number | null {
  if (idle.test(name)) return null;
  const place = patterns.findIndex((pattern) => stands(pattern, name));
  return place === -1 ? null : place;
}

const stands = (pattern: string, name: string) =>
  pattern.endsWith("*") ? name.startsWith(pattern.slice(0, -1)) : name === pattern;
