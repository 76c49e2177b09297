/** Formats of weights: which files of a model engines pass over, because the same weights are there as safetensors. */

const safetensors = /^[^/]+\.safetensors$/;
const otherFormats =
  /\.(?:bin|pt|pth|ckpt|h5|msgpack|ot|onnx|onnx_data|tflite|mlmodel|npz|gguf)$|(?:^|\/)(?:original|onnx|openvino|coreml)\//;

/** The names (relative to the model's folder, with `/`) without other formats of the same weights, when there are safetensors in the root. */
export function withoutOtherFormats<Named>(named: readonly Named[], nameOf: (one: Named) => string): readonly Named[] {
  if (!named.some((one) => safetensors.test(nameOf(one)))) return named;
  return named.filter((one) => !otherFormats.test(nameOf(one)));
}
