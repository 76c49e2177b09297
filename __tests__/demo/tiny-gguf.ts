/** Builds a small GGUF file in memory: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md */

export interface TinyTensor {
  readonly name: string;
  readonly shape: readonly number[];
  readonly type: number;
  readonly data: Uint8Array;
}

export interface TinyGguf {
  readonly version?: number;
  readonly alignment?: number;
  /** Words of a vocabulary, to make the head long. */
  readonly words?: readonly string[];
  readonly tensors: readonly TinyTensor[];
}

/** The bytes of a file with one metadata value of each kind that the reader must step over. */
export function tinyGguf({ version = 3, alignment = 32, words = ["a", "é"], tensors }: TinyGguf): Buffer {
  const u32 = (value: number) => {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32LE(value);
    return bytes;
  };
  const u64 = (value: number) => {
    const bytes = Buffer.alloc(8);
    bytes.writeBigUInt64LE(BigInt(value));
    return bytes;
  };
  const text = (value: string) => Buffer.concat([u64(Buffer.byteLength(value)), Buffer.from(value)]);
  const entries = [
    [text("general.alignment"), u32(4), u32(alignment)],
    [text("general.name"), u32(8), text("tiny")],
    [text("a.flag"), u32(7), Buffer.from([1])],
    [text("a.float"), u32(12), Buffer.alloc(8)],
    [text("a.words"), u32(9), u32(8), u64(words.length), ...words.map(text)],
    [text("a.numbers"), u32(9), u32(5), u64(3), Buffer.alloc(12)],
    [text("a.nested"), u32(9), u32(9), u64(1), u32(1), u64(2), Buffer.alloc(2)],
  ];
  const padded = (length: number) => Math.ceil(length / alignment) * alignment;
  let offset = 0;
  const infos = tensors.flatMap(({ name, shape, type, data }) => {
    const info = [text(name), u32(shape.length), ...shape.map(u64), u32(type), u64(offset)];
    offset = padded(offset + data.length);
    return info;
  });
  const head = Buffer.concat([
    Buffer.from("GGUF"),
    u32(version),
    u64(tensors.length),
    u64(entries.length),
    ...entries.flat(),
    ...infos,
  ]);
  const weights = tensors.map(({ data }) => Buffer.concat([data, Buffer.alloc(padded(data.length) - data.length)]));
  return Buffer.concat([head, Buffer.alloc(padded(head.length) - head.length), ...weights]);
}
