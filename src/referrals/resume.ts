import { fileTypeFromBuffer } from 'file-type';
import { ok, type Result, refuse } from '../lib/result.ts';
import { inflateWithin, readEntries, type ZipEntry } from './zip.ts';

export const LARGEST_RESUME_BYTES = 10 * 1024 * 1024;
const LONGEST_FILE_NAME = 120;

/** A Word document of ten megabytes is mostly pictures, which hardly shrink; what swells far beyond that is a bomb. */
const LARGEST_UNPACKED_BYTES = 64 * 1024 * 1024;
const HIGHEST_RATIO = 150;
const MOST_ENTRIES = 4_000;
const CONTENT_TYPES = '[Content_Types].xml';
const LARGEST_CONTENT_TYPES = 1024 * 1024;

const DOCX = 'application/vnd.openxmlformats-officedocument.wordprocessingml.document';
export type ResumeKind = { readonly mediaType: string; readonly extension: 'pdf' | 'docx' };
const PDF_KIND: ResumeKind = { mediaType: 'application/pdf', extension: 'pdf' };
const DOCX_KIND: ResumeKind = { mediaType: DOCX, extension: 'docx' };

/** A file in the store, and what was found out about it. */
export type KeptFile = {
  readonly storageName: string;
  readonly fileName: string;
  readonly mediaType: string;
  readonly sizeBytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
};

export const RESUME_REFUSALS = [
  'empty',
  'tooLarge',
  'neitherPdfNorDocx',
  'webPage',
  'oldWord',
  'macros',
  'damaged',
  'swells',
  'protected',
] as const;
export type ResumeRefusal = (typeof RESUME_REFUSALS)[number];

/** What the file is by its bytes; what it is called and what the browser said of it count for nothing. */
export async function judgeResume(bytes: Buffer): Promise<Result<ResumeKind, ResumeRefusal>> {
  if (bytes.length === 0) return refuse('empty');
  if (bytes.length > LARGEST_RESUME_BYTES) return refuse('tooLarge');
  const head = bytes.toString('latin1', 0, 1024);
  if (/<(?:!doctype\s+html|html|head|body|script|iframe|svg)[\s>]/i.test(head)) return refuse('webPage');
  if (head.startsWith('%PDF-')) return judgePdf(bytes);
  if (head.startsWith('PK')) return judgeDocx(bytes);
  // Word before 2007, and a Word document with a password, both come in this older container.
  if (head.startsWith('\xd0\xcf\x11\xe0')) return refuse('oldWord');
  return refuse('neitherPdfNorDocx');
}

async function judgePdf(bytes: Buffer): Promise<Result<ResumeKind, ResumeRefusal>> {
  if ((await fileTypeFromBuffer(bytes))?.mime !== PDF_KIND.mediaType) return refuse('damaged');
  // A cut-off upload begins well and never ends.
  return bytes.includes('%%EOF') ? ok(PDF_KIND) : refuse('damaged');
}

async function judgeDocx(bytes: Buffer): Promise<Result<ResumeKind, ResumeRefusal>> {
  const entries = readEntries(bytes, MOST_ENTRIES);
  if (entries === null) return refuse('damaged');
  if (entries.some((entry) => entry.encrypted)) return refuse('protected');
  if (swells(entries, bytes.length)) return refuse('swells');
  const types = entries.find((entry) => entry.name === CONTENT_TYPES);
  if (!types || !entries.some((entry) => entry.name === 'word/document.xml')) return refuse('neitherPdfNorDocx');
  if (entries.some((entry) => /(^|\/)vba(project|data)/i.test(entry.name))) return refuse('macros');
  const declared = await inflateWithin(bytes, types, LARGEST_CONTENT_TYPES, LARGEST_CONTENT_TYPES);
  if (declared === null) return refuse('damaged');
  if (/macroEnabled/i.test(declared.toString('utf8'))) return refuse('macros');
  for (const entry of entries) {
    // A bomb may declare little and hold much: nothing may be larger than it says, and what it says is bounded above.
    if ((await inflateWithin(bytes, entry, entry.size)) === null) return refuse('swells');
  }
  return (await fileTypeFromBuffer(bytes))?.mime === DOCX ? ok(DOCX_KIND) : refuse('neitherPdfNorDocx');
}

function swells(entries: readonly ZipEntry[], fileSize: number): boolean {
  const unpacked = entries.reduce((sum, entry) => sum + entry.size, 0);
  const packed = entries.reduce((sum, entry) => sum + entry.packedSize, 0);
  // Entries that share their bytes are how a small file declares a huge one.
  return unpacked > LARGEST_UNPACKED_BYTES || packed > fileSize || unpacked > HIGHEST_RATIO * fileSize + 1024 * 1024;
}

/**
 * A file name fit to be shown and handed out: no folders, no control or direction marks, not too long, and with the
 * ending of what the file really is.
 */
export function safeFileName(given: string, kind: ResumeKind): string {
  const last = given.normalize('NFC').split(/[\\/]/).at(-1) ?? '';
  const plain = last.replace(/[\p{Cc}\p{Cf}\p{Cs}"<>|:*?]/gu, '').replace(/\s+/gu, ' ');
  const stem = plain.replace(/\.(?:pdf|docx)$/i, '').replace(/^[.\s]+|[.\s]+$/g, '');
  return `${[...stem].slice(0, LONGEST_FILE_NAME).join('') || 'resume'}.${kind.extension}`;
}

/** `attachment` with the name for every browser: plain ASCII for the old ones, RFC 5987 for the rest. */
export function attachmentHeader(fileName: string): string {
  const ascii = fileName
    .normalize('NFKD')
    .replace(/[^\x20-\x7e]/g, '')
    .replace(/["\\%;]/g, '_')
    .trim();
  const fallback = /^\.[a-z]+$/.test(ascii) ? `resume${ascii}` : ascii;
  const encoded = encodeURIComponent(fileName).replace(
    /['()*]/g,
    (one) => `%${one.charCodeAt(0).toString(16).toUpperCase()}`,
  );
  return `attachment; filename="${fallback}"; filename*=UTF-8''${encoded}`;
}
