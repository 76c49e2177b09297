/** Makes a drifted weight file: a copy of a GGUF file in which part of one tensor is stored more coarsely. */
import { constants } from "node:fs";
import { copyFile, type FileHandle, open, rm } from "node:fs/promises";
import { weightsNoTensor, weightsNotGguf } from "../messages/demo.ts";
import { GateError } from "../model/problem.ts";
import { type GgufTensor, ggmlTypes, readGgufHead } from "./gguf.ts";

export interface WeightEdit {
  readonly tensor: string;
  /** Leading rows that are edited, at least 1. */
  readonly rows: number;
}

export interface EditedWeights {
  /** Bytes that differ from the original. */
  readonly changedBytes: number;
  /** Bytes of the file, the same as the original's. */
  readonly fileBytes: number;
}

/** Blocks of 32 weights: bytes of a block, and of the scale (and offset) before its 16 bytes of 4-bit weights. */
const blocks = { [ggmlTypes.Q4_0]: { bytes: 18, head: 2 }, [ggmlTypes.Q4_1]: { bytes: 20, head: 4 } } as const;
const weightsPerBlock = 32;
/** Clears the lowest bit of both 4-bit weights in a byte. */
const coarser = 0b1110_1110;

/**
 * Copies `from` to `to` (sharing its blocks where the file system can) and leaves 3 of 4 bits of the weights in some rows.
 * Throws GateError, with no file left at `to`, when the file or the tensor cannot be edited.
 */
export async function editWeights(from: string, to: string, edit: WeightEdit): Promise<EditedWeights> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  try {
    const file = await open(to, "r+");
    try {
      const changedBytes = await coarsen(file, from, edit);
      await file.sync();
      return { changedBytes, fileBytes: (await file.stat()).size };
    } finally {
      await file.close();
    }
  } catch (error) {
    await rm(to, { force: true });
    throw error;
  }
}

async function coarsen(file: FileHandle, name: string, edit: WeightEdit): Promise<number> {
  const tensor = (await readTensors(file, name)).find((candidate) => candidate.name === edit.tensor);
  const refuse = (why: string) => new GateError([weightsNoTensor({ file: name, tensor: edit.tensor, why })]);
  if (tensor === undefined) throw refuse("the file has no tensor of that name");
  const block = tensor.type === ggmlTypes.Q4_0 || tensor.type === ggmlTypes.Q4_1 ? blocks[tensor.type] : null;
  if (block === null) throw refuse(`it is stored as ggml type ${tensor.type}`);
  const [columns = 0, ...others] = tensor.shape;
  const rows = others.reduce((product, length) => product * length, 1);
  if (columns % weightsPerBlock !== 0) throw refuse(`its rows have ${columns} weights, no multiple of 32`);
  if (edit.rows < 1 || edit.rows > rows) throw refuse(`it has ${rows} rows, and ${edit.rows} shall be edited`);
  const length = (columns / weightsPerBlock) * block.bytes * edit.rows;
  const bytes = await readExactly(file, tensor.offset, length);
  if (bytes === null) throw refuse("the file ends before it does");
  let changed = 0;
  for (let index = 0; index < length; index += 1) {
    if (index % block.bytes < block.head) continue;
    const before = bytes[index] ?? 0;
    bytes[index] = before & coarser;
    if (bytes[index] !== before) changed += 1;
  }
  await file.write(bytes, 0, length, tensor.offset);
  return changed;
}

/** Reads as much of the head as is needed: the vocabulary makes it a few megabytes long. */
async function readTensors(file: FileHandle, name: string): Promise<readonly GgufTensor[]> {
  const { size } = await file.stat();
  for (let length = Math.min(1 << 20, size); ; length = Math.min(length * 2, size)) {
    const bytes = await readExactly(file, 0, length);
    const reading = readGgufHead(bytes ?? new Uint8Array());
    if (reading.kind === "read") return reading.tensors;
    const why = reading.kind === "invalid" ? reading.why : "it ends in the middle of its head";
    if (reading.kind === "invalid" || length === size) throw new GateError([weightsNotGguf({ file: name, why })]);
  }
}

async function readExactly(file: FileHandle, position: number, length: number): Promise<Uint8Array | null> {
  const bytes = new Uint8Array(length);
  let filled = 0;
  while (filled < length) {
    const { bytesRead } = await file.read(bytes, filled, length - filled, position + filled);
    if (bytesRead === 0) return null;
    filled += bytesRead;
  }
  return bytes;
}
