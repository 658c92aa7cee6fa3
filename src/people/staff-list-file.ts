import { setImmediate as letOthersIn } from 'node:timers/promises';
import { CsvError, parse } from 'csv-parse';
import { ok, type Result, refuse } from '../lib/result.ts';
import type { Problem } from './staff-list.ts';

/** Bytes that a staff list may have: 25 MB, some 200,000 people. */
export const MAX_BYTES = 25 * 1024 * 1024;
/** One line of a staff list is never longer; a quote that is opened and not closed swallows more. */
const maxLineLetters = 100_000;

export type FileRefusal = 'empty' | 'workbook' | 'notText';
export type Encoding = 'utf-8' | 'utf-16le' | 'windows-1251';

/**
 * The text of the file: UTF-8 with or without its mark, UTF-16 as Excel's "Unicode text" has it, or else Windows-1251,
 * which Russian spreadsheets still write. Refused: no bytes, a workbook instead of CSV, and what is no text at all.
 */
export function decode(bytes: Uint8Array): Result<{ text: string; encoding: Encoding }, FileRefusal> {
  if (bytes.length === 0) return refuse('empty');
  // A .xlsx is a zip, an .xls begins with the mark of OLE.
  if (startsWith(bytes, [0x50, 0x4b, 0x03, 0x04]) || startsWith(bytes, [0xd0, 0xcf, 0x11, 0xe0]))
    return refuse('workbook');
  const encoding = encodingOf(bytes);
  const text = new TextDecoder(encoding).decode(bytes);
  if (text.includes('\0')) return refuse('notText');
  return text.trim() === '' ? refuse('empty') : ok({ text, encoding });
}

function startsWith(bytes: Uint8Array, mark: readonly number[]): boolean {
  return mark.every((byte, place) => bytes[place] === byte);
}

function encodingOf(bytes: Uint8Array): Encoding {
  if (startsWith(bytes, [0xff, 0xfe])) return 'utf-16le';
  try {
    new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return 'utf-8';
  } catch {
    return 'windows-1251';
  }
}

/** The delimiter of the header: the one of comma, semicolon and tab that stands there most often. */
export function delimiterOf(text: string): string {
  const header = /^[^\r\n]*/.exec(text)?.[0] ?? '';
  const counts = [',', ';', '\t'].map((sign) => ({ sign, count: header.split(sign).length }));
  return counts.reduce((best, one) => (one.count > best.count ? one : best)).sign;
}

/** How many lines the text has, for the bar that shows how far the check has come; blank ones at the end don't count. */
export function countLines(text: string): number {
  let lines = 1;
  for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1;
  return text.endsWith('\n') ? lines - 1 : lines;
}

export type FileLine = { cells: string[]; line: number };

/** What breaks the file itself ends the reading; it is thrown, as a problem with its line. */
export class FileBroken extends Error {
  readonly problem: Problem;

  constructor(problem: Problem) {
    super(problem.key);
    this.problem = problem;
  }
}

/**
 * The lines of the file, the header first, each with the number of the line it begins on. Reads piece by piece and lets
 * other requests in between. Blank lines are passed over; a broken quote throws FileBroken.
 */
export async function* readLines(text: string): AsyncGenerator<FileLine> {
  let found: FileLine[] = [];
  let lastLine = 0;
  const parser = parse({
    delimiter: delimiterOf(text),
    relax_column_count: true,
    skip_empty_lines: true,
    max_record_size: maxLineLetters,
    // Gathered here and not read from the stream: a stream that breaks throws away what it has not handed out yet.
    on_record: (cells: string[], { lines }) => {
      lastLine = lines;
      // Lines of tabs or semicolons are what spreadsheets leave behind the last row.
      if (cells.some((cell) => cell.trim() !== '')) found.push({ cells, line: lines - breaksIn(cells) });
      return null;
    },
  });
  parser.resume().on('error', () => undefined); // Told by what `hand` answers; without a listener it would end the process.
  const hand = (piece: Buffer | null): Promise<Error | null> =>
    new Promise((done) => {
      const told = (error?: Error | null): void => done(error ?? null);
      if (piece) parser.write(piece, told);
      else parser.end(told);
    });
  for (const piece of [...piecesOf(text), null]) {
    const error = await hand(piece);
    yield* found;
    found = [];
    if (error instanceof CsvError) throw new FileBroken(problemOf(error, lineAfter(text, lastLine)));
    if (error) throw error;
    await letOthersIn();
  }
}

/** The first line below that one where anything stands; all of the record that could not be read begins there. */
function lineAfter(text: string, lastLine: number): number {
  const lines = text.split(/\r\n|\n|\r/);
  let line = lastLine + 1;
  while (line < lines.length && lines[line - 1]?.trim() === '') line += 1;
  return line;
}

function* piecesOf(text: string): Generator<Buffer> {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; at += 65_536) yield bytes.subarray(at, at + 65_536);
}

/** A quoted cell may run over several lines. */
function breaksIn(cells: readonly string[]): number {
  return cells.reduce((sum, cell) => sum + (cell.includes('\n') ? cell.split('\n').length - 1 : 0), 0);
}

/** An unclosed quote is noticed where the file ends, and looked for where its line begins. */
function problemOf(error: CsvError, recordLine: number): Problem {
  const unclosed = error.code === 'CSV_QUOTE_NOT_CLOSED' || error.code === 'CSV_MAX_RECORD_SIZE';
  const line = unclosed ? recordLine : Number((error as CsvError & { lines?: number }).lines) || null;
  return { line, column: null, key: `people.staffList.problem.${unclosed ? 'quoteNotClosed' : 'brokenQuote'}` };
}
