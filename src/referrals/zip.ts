import { createInflateRaw } from 'node:zlib';

/**
 * Looks into a zip without unpacking it: enough to tell a Word document from a bomb. Nothing it reads is believed before
 * it is checked against the bytes, and nothing inflated is kept beyond what was asked for.
 */
export type ZipEntry = {
  readonly name: string;
  readonly method: number;
  readonly encrypted: boolean;
  readonly packedSize: number;
  /** As declared; only inflateWithin finds out whether it is true. */
  readonly size: number;
  readonly offset: number;
};

const END = 0x06054b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const END_LENGTH = 22;
const LONGEST_COMMENT = 0xffff;

/** The entries that the central directory declares; null when the bytes are no sound zip (zip64 counts as unsound here). */
export function readEntries(bytes: Buffer, mostEntries: number): ZipEntry[] | null {
  const end = findEnd(bytes);
  if (end === null) return null;
  const count = bytes.readUInt16LE(end + 10);
  let at = bytes.readUInt32LE(end + 16);
  if (count === 0 || count > mostEntries) return null;
  const entries: ZipEntry[] = [];
  for (let read = 0; read < count; read += 1) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== CENTRAL) return null;
    const nameLength = bytes.readUInt16LE(at + 28);
    entries.push({
      name: bytes.toString('utf8', at + 46, at + 46 + nameLength),
      method: bytes.readUInt16LE(at + 10),
      encrypted: (bytes.readUInt16LE(at + 8) & 1) === 1,
      packedSize: bytes.readUInt32LE(at + 20),
      size: bytes.readUInt32LE(at + 24),
      offset: bytes.readUInt32LE(at + 42),
    });
    at += 46 + nameLength + bytes.readUInt16LE(at + 30) + bytes.readUInt16LE(at + 32);
  }
  return entries;
}

function findEnd(bytes: Buffer): number | null {
  const first = Math.max(0, bytes.length - END_LENGTH - LONGEST_COMMENT);
  for (let at = bytes.length - END_LENGTH; at >= first; at -= 1) {
    if (bytes.readUInt32LE(at) === END) return at;
  }
  return null;
}

/** The packed bytes of an entry, or null when its own header is not where the directory says. */
function packedBytes(bytes: Buffer, entry: ZipEntry): Buffer | null {
  if (entry.offset + 30 > bytes.length || bytes.readUInt32LE(entry.offset) !== LOCAL) return null;
  const start = entry.offset + 30 + bytes.readUInt16LE(entry.offset + 26) + bytes.readUInt16LE(entry.offset + 28);
  return start + entry.packedSize > bytes.length ? null : bytes.subarray(start, start + entry.packedSize);
}

/**
 * Inflates an entry in a stream and stops at the first byte beyond `most`. What it holds, up to `keep` bytes; null when
 * there is more than `most`, or it can't be inflated.
 */
export async function inflateWithin(bytes: Buffer, entry: ZipEntry, most: number, keep = 0): Promise<Buffer | null> {
  const packed = packedBytes(bytes, entry);
  if (packed === null) return null;
  if (entry.method === 0) return packed.length > most ? null : packed.subarray(0, keep);
  if (entry.method !== 8) return null;
  const inflate = createInflateRaw();
  inflate.end(packed);
  const kept: Buffer[] = [];
  let keptBytes = 0;
  let seen = 0;
  try {
    for await (const piece of inflate as AsyncIterable<Buffer>) {
      seen += piece.length;
      // Leaving the loop destroys the stream: the rest is never inflated.
      if (seen > most) return null;
      if (keptBytes < keep) {
        kept.push(piece.subarray(0, keep - keptBytes));
        keptBytes += Math.min(piece.length, keep - keptBytes);
      }
    }
  } catch {
    return null;
  }
  return Buffer.concat(kept);
}
