/** A zip archive byte by byte (APPNOTE 6.3.10), so that a test can make one that no honest program would make. */
import { deflateRawSync } from "node:zlib";

export interface ZipFile {
  readonly name: string;
  readonly content: string | Uint8Array;
  /** What the archive says of its size; the truth by default. */
  readonly claimedBytes?: number;
}

export function zipOf(files: readonly ZipFile[]): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const { name, content, claimedBytes } of files) {
    const bytes = Buffer.from(content);
    const packed = deflateRawSync(bytes);
    const title = Buffer.from(name);
    const sizes = Buffer.alloc(20);
    sizes.writeUInt16LE(0x0800, 0); // names are UTF-8
    sizes.writeUInt16LE(8, 2); // deflate
    sizes.writeUInt32LE(packed.length, 12);
    sizes.writeUInt32LE(claimedBytes ?? bytes.length, 16);
    const lengths = Buffer.alloc(4);
    lengths.writeUInt16LE(title.length, 0);
    const local = Buffer.concat([Buffer.from("504b03041400", "hex"), sizes, lengths, title, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    central.push(
      Buffer.concat([
        Buffer.from("504b010214001400", "hex"),
        sizes,
        lengths.subarray(0, 2),
        Buffer.alloc(2),
        tail,
        title,
      ]),
    );
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write("PK\u0005\u0006", 0, "latin1");
  end.writeUInt16LE(files.length, 8);
  end.writeUInt16LE(files.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}
