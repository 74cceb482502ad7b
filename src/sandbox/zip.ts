import { crc32, deflateRawSync, inflateRawSync } from 'node:zlib';

const LOCAL = 0x04034b50;
const CENTRAL = 0x02014b50;
const END = 0x06054b50;
const DEFLATED = 8;
const STORED = 0;
const MOST_BYTES = 256 << 20;

/** A ZIP archive with one file, deflated. */
export function zipOne(name: string, content: Buffer): Buffer {
  const path = Buffer.from(name, 'utf8');
  const packed = deflateRawSync(content);
  const common = Buffer.alloc(26); // the fields a local and a central header share, from "version needed" on
  common.writeUInt16LE(20, 0);
  common.writeUInt16LE(0x0800, 2); // name in UTF-8
  common.writeUInt16LE(DEFLATED, 4);
  common.writeUInt16LE(0x21, 8); // 1980-01-01
  common.writeUInt32LE(crc32(content), 10);
  common.writeUInt32LE(packed.length, 14);
  common.writeUInt32LE(content.length, 18);
  common.writeUInt16LE(path.length, 22);
  const local = Buffer.concat([word(LOCAL), common, path, packed]);
  const central = Buffer.concat([
    word(CENTRAL),
    Buffer.from([20, 0]),
    common,
    Buffer.alloc(14),
    path,
  ]);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(1, 4);
  end.writeUInt16LE(1, 6);
  end.writeUInt32LE(central.length, 8);
  end.writeUInt32LE(local.length, 12);
  return Buffer.concat([local, central, word(END), end]);
}

/** The first file of an archive. @throws when it is not a ZIP or too large. */
export function unzipOne(archive: Buffer): Buffer {
  const end = archive.lastIndexOf(word(END));
  if (end < 0) throw new RangeError('not a ZIP archive');
  const central = archive.readUInt32LE(end + 16);
  if (archive.readUInt32LE(central) !== CENTRAL) throw new RangeError('broken ZIP directory');
  const method = archive.readUInt16LE(central + 10);
  const packedSize = archive.readUInt32LE(central + 20);
  const local = archive.readUInt32LE(central + 42);
  const start = local + 30 + archive.readUInt16LE(local + 26) + archive.readUInt16LE(local + 28);
  const packed = archive.subarray(start, start + packedSize);
  if (method === STORED) return packed;
  return inflateRawSync(packed, { maxOutputLength: MOST_BYTES });
}

function word(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}
