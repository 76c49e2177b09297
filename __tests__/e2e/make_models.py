"""Two models as folders that vLLM and transformers read: SmolLM2-135M-Instruct from its GGUF file, and a seeded random Llama of two layers.

    python make_models.py <the GGUF file> <folder for both>
"""

import os
import sys

os.environ["HF_HUB_OFFLINE"] = "1"

import torch  # noqa: E402
from transformers import AutoModelForCausalLM, AutoTokenizer, LlamaConfig, LlamaForCausalLM  # noqa: E402

gguf, out = sys.argv[1:]
place, file = os.path.split(gguf)
tokenizer = AutoTokenizer.from_pretrained(place, gguf_file=file)

model = AutoModelForCausalLM.from_pretrained(place, gguf_file=file, dtype=torch.bfloat16)
# The weights were unpacked on loading, which transformers would refuse to save.
model.hf_quantizer = None
model.is_quantized = False
if hasattr(model.config, "quantization_config"):
    del model.config.quantization_config
model.save_pretrained(os.path.join(out, "smollm2"))
tokenizer.save_pretrained(os.path.join(out, "smollm2"))

torch.manual_seed(0)
config = LlamaConfig(
    vocab_size=len(tokenizer),
    hidden_size=64,
    intermediate_size=128,
    num_hidden_layers=2,
    num_attention_heads=4,
    num_key_value_heads=2,
    head_dim=32,
    max_position_embeddings=2048,
    bos_token_id=tokenizer.bos_token_id,
    eos_token_id=tokenizer.eos_token_id,
    # Wide enough that the tokens of a random model are not all alike.
    initializer_range=0.2,
)
random_model = LlamaForCausalLM(config).to(torch.bfloat16)
random_model.save_pretrained(os.path.join(out, "tiny"))
tokenizer.save_pretrained(os.path.join(out, "tiny"))
