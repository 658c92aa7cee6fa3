import assert from 'node:assert/strict';
import { parse } from 'csv-parse';
import { stringify } from 'csv-stringify/sync';

export type Delimiter = ',' | ';' | '\t';

/** A line as read: where it begins in the file (from 1, the header included), and its cells by column name, trimmed. */
export type CsvRow = { readonly line: number; readonly cells: Readonly<Record<string, string>> };

export type CsvTable = {
  readonly delimiter: Delimiter;
  /** As in the header, in small letters, with _ for spaces. */
  readonly columns: readonly string[];
  readonly rows: readonly CsvRow[];
  /** Lines that are not among the rows, and why. */
  readonly problems: readonly CsvProblem[];
};

export type CsvProblemReason =
  | 'empty'
  | 'tooLarge'
  | 'notUtf8'
  | 'notText'
  | 'missingColumn'
  | 'unknownColumn'
  | 'duplicateColumn'
  | 'tooManyRows'
  | 'wrongCellCount'
  | 'cellTooLong'
  | 'badQuotes';

export type CsvProblem = {
  readonly reason: CsvProblemReason;
  /** From 1; null: the file as a whole. */
  readonly line: number | null;
  /** The column's name, or its place from 1 where it has none. */
  readonly column: string | number | null;
  /** Numbers for the sentence: expected, found, limit. */
  readonly params: Readonly<Record<string, number>>;
};

export type CsvRead =
  | { readonly ok: true; readonly value: CsvTable }
  /** The file can't be read as such. */
  | { readonly ok: false; readonly problems: readonly CsvProblem[] };

export type CsvOptions = {
  readonly required: readonly string[];
  readonly optional?: readonly string[];
  readonly maxBytes?: number;
  readonly maxRows?: number;
  readonly maxCellLength?: number;
};

/**
 * Reads a CSV file whole: UTF-8 with or without BOM, comma, semicolon or tab (whichever parts the header), quotes as in
 * RFC 4180, lines without a single cell filled skipped. Other work of the process goes on meanwhile. Structural problems are told by line and
 * column; what the cells mean is for the caller.
 */
export async function readCsv(bytes: Uint8Array, options: CsvOptions): Promise<CsvRead> {
  const { maxBytes = 20_000_000 } = options;
  if (bytes.length > maxBytes) return failed('tooLarge', null, null, { limit: maxBytes, found: bytes.length });
  const text = decode(bytes);
  if (typeof text !== 'string') return text;
  if (text.trim() === '') return failed('empty', null, null);
  const delimiter = detectDelimiter(text);
  return new Reader(options, delimiter).read(text);
}

function failed(
  reason: CsvProblemReason,
  line: number | null,
  column: string | number | null,
  params: Record<string, number> = {},
): CsvRead & { ok: false } {
  return { ok: false, problems: [{ reason, line, column, params }] };
}

function decode(bytes: Uint8Array): string | (CsvRead & { ok: false }) {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    return failed('notUtf8', lineOfBadByte(bytes), null);
  }
  const at = text.indexOf('\0');
  return at < 0 ? text : failed('notText', lineAt(text, at), null);
}

const lineAt = (text: string, at: number): number => text.slice(0, at).split(/\r\n|\n|\r/).length;

/** The line of the first byte that is not UTF-8: what comes before it decodes, and with it does not. */
function lineOfBadByte(bytes: Uint8Array): number {
  const lenient = new TextDecoder('utf-8').decode(bytes);
  return lineAt(lenient, lenient.indexOf('\uFFFD'));
}

/** The sign that parts the header most often, outside quotes. */
export function detectDelimiter(text: string): Delimiter {
  const header = (/^(?:"(?:[^"]|"")*"|[^\r\n"])*/.exec(text.trimStart())?.[0] ?? '').replace(/"(?:[^"]|"")*"/g, '');
  const count = (sign: Delimiter): number => header.split(sign).length;
  return ([',', ';', '\t'] as const).reduce((best, sign) => (count(sign) > count(best) ? sign : best));
}

type ParsedRecord = { record: string[]; info: { lines: number } };

class Reader {
  #options: CsvOptions;
  #delimiter: Delimiter;
  #columns: string[] | null = null;
  #rows: CsvRow[] = [];
  #problems: CsvProblem[] = [];

  constructor(options: CsvOptions, delimiter: Delimiter) {
    this.#options = options;
    this.#delimiter = delimiter;
  }

  async read(text: string): Promise<CsvRead> {
    const parser = parse({ delimiter: this.#delimiter, bom: true, info: true, relax_column_count: true });
    parser.on('error', () => undefined); // Told by the loop below; without a listener it would end the process.
    feed(parser, text);
    let lastLine = 0;
    try {
      for await (const { record, info } of parser as AsyncIterable<ParsedRecord>) {
        const stop = this.#take(record, lastLine + 1);
        if (stop) return stop;
        lastLine = info.lines;
      }
    } catch (error) {
      return this.#unreadable(error, lastLine + 1);
    }
    if (!this.#columns) return failed('empty', null, null);
    return {
      ok: true,
      value: { delimiter: this.#delimiter, columns: this.#columns, rows: this.#rows, problems: this.#problems },
    };
  }

  #take(record: string[], line: number): (CsvRead & { ok: false }) | null {
    // Spreadsheets leave lines of nothing but delimiters at the end.
    if (record.every((cell) => cell.trim() === '')) return null;
    if (!this.#columns) return this.#takeHeader(record, line);
    const { maxRows = 100_000 } = this.#options;
    if (this.#rows.length + this.#problems.length >= maxRows) {
      return failed('tooManyRows', line, null, { limit: maxRows });
    }
    const problem = this.#problemOf(record, line, this.#columns);
    if (problem) this.#problems.push(problem);
    else {
      const cells = Object.fromEntries(this.#columns.map((name, at) => [name, (record[at] ?? '').trim()]));
      this.#rows.push({ line, cells });
    }
    return null;
  }

  #takeHeader(record: string[], line: number): (CsvRead & { ok: false }) | null {
    const columns = record.map((name) =>
      name
        .trim()
        .toLowerCase()
        .replace(/[\s-]+/g, '_'),
    );
    const { required, optional = [] } = this.#options;
    const problems: CsvProblem[] = [];
    const tell = (reason: CsvProblemReason, column: string | number): void => {
      problems.push({ reason, line, column, params: {} });
    };
    columns.forEach((name, at) => {
      if (columns.indexOf(name) !== at) tell('duplicateColumn', name || at + 1);
      else if (!required.includes(name) && !optional.includes(name)) tell('unknownColumn', name.slice(0, 80) || at + 1);
    });
    for (const name of required) if (!columns.includes(name)) tell('missingColumn', name);
    this.#columns = columns;
    return problems.length > 0 ? { ok: false, problems } : null;
  }

  #problemOf(record: string[], line: number, columns: readonly string[]): CsvProblem | null {
    if (record.length !== columns.length) {
      const params = { expected: columns.length, found: record.length };
      return { reason: 'wrongCellCount', line, column: null, params };
    }
    const { maxCellLength = 5_000 } = this.#options;
    const at = record.findIndex((cell) => cell.length > maxCellLength);
    if (at < 0) return null;
    return { reason: 'cellTooLong', line, column: columns[at] ?? null, params: { limit: maxCellLength } };
  }

  #unreadable(error: unknown, line: number): CsvRead {
    const { code, column } = error as { code?: string; column?: unknown };
    if (!code?.startsWith('CSV_')) throw error;
    const place = typeof column === 'number' ? column + 1 : null;
    return failed('badQuotes', line, place === null ? null : (this.#columns?.[place - 1] ?? place));
  }
}

/** Hands the text over piece by piece, so that a long file does not hold everybody else up. */
async function feed(parser: ReturnType<typeof parse>, text: string): Promise<void> {
  const piece = 65_536;
  for (let at = 0; at < text.length && !parser.destroyed; at += piece) {
    let end = at + piece;
    // Never between the halves of a surrogate pair, which would each become a replacement sign.
    const isHigh = /[\uD800-\uDBFF]/.test(text[end - 1] ?? '');
    if (isHigh) end += 1;
    parser.write(text.slice(at, end));
    if (isHigh) at += 1;
    await new Promise((resolve) => setImmediate(resolve));
  }
  if (!parser.destroyed) parser.end();
}

/** A cell to write. Text is guarded; a number goes out as it is; nothing is an empty cell. */
export type CsvCell = string | number | null | CsvNumber;
export type CsvNumber = { readonly number: string };

/** Decimal text that is a number ("-12.50"), so that its minus sign is no formula. Throws on anything else. */
export function number(text: string): CsvNumber {
  assert(/^-?\d+([.,]\d+)?$/.test(text), `not a number: ${text}`);
  return { number: text };
}

/** A text that a spreadsheet would run as a formula gets a leading apostrophe; the wide signs of Asian keyboards count. */
export function guardFormula(text: string): string {
  return /^[=+\-@\t\r\n\uFF1D\uFF0B\uFF0D\uFF20]/.test(text) ? `'${text}` : text;
}

/** Lines of CSV (RFC 4180, CRLF after each), guarded against formulas. A file is the header's line and then the rows'. */
export function writeCsv(
  rows: readonly (readonly CsvCell[])[],
  options: { delimiter?: Delimiter; bom?: boolean } = {},
): string {
  const { delimiter = ',', bom = false } = options;
  const lines = rows.map((row) => row.map(written));
  return (bom ? '\uFEFF' : '') + stringify(lines, { delimiter, record_delimiter: '\r\n' });
}

function written(cell: CsvCell): string {
  if (cell === null) return '';
  if (typeof cell === 'string') return guardFormula(cell);
  if (typeof cell === 'object') return cell.number;
  assert(Number.isFinite(cell), 'a cell holds a finite number');
  return String(cell);
}
