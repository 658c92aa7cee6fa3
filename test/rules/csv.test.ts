import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { type CsvOptions, detectDelimiter, guardFormula, number, readCsv, writeCsv } from '../../src/lib/csv.ts';

const columns = ['staff_number', 'full_name'];
const bytes = (text: string) => new TextEncoder().encode(text);

async function readFine(text: string, options: CsvOptions = { required: columns }) {
  const read = await readCsv(bytes(text), options);
  assert.ok(read.ok, JSON.stringify(read));
  return read.value;
}

async function problemsOf(file: string | Uint8Array, options: CsvOptions = { required: columns }) {
  const read = await readCsv(typeof file === 'string' ? bytes(file) : file, options);
  return read.ok ? read.value.problems : read.problems;
}

describe('reading CSV', () => {
  it('reads comma, semicolon and tab, with and without BOM, any line end', async () => {
    for (const delimiter of [',', ';', '\t'] as const) {
      for (const end of ['\n', '\r\n', '\r']) {
        for (const bom of ['', '\uFEFF']) {
          const text = `${bom}staff_number${delimiter}full_name${end}007${delimiter}Anna Петрова${end}`;
          const table = await readFine(text);
          assert.equal(table.delimiter, delimiter);
          assert.deepEqual(table.columns, columns);
          assert.deepEqual(table.rows, [{ line: 2, cells: { staff_number: '007', full_name: 'Anna Петрова' } }]);
        }
      }
    }
  });

  it('says where a line begins, also after a cell of several lines and after empty lines', async () => {
    const table = await readFine('staff_number,full_name\n1,"Anna\nPetrova"\n\n , \n2,Ben\n3,"a ""b"", c"\n,\n');
    assert.deepEqual(
      table.rows.map((row) => [row.line, row.cells.full_name]),
      [
        [2, 'Anna\nPetrova'],
        [6, 'Ben'],
        [7, 'a "b", c'],
      ],
    );
  });

  it('takes column names in any case and trims cells', async () => {
    const table = await readFine(' Staff Number ;FULL-NAME\n 1 ; Anna \n');
    assert.deepEqual(table.rows[0]?.cells, { staff_number: '1', full_name: 'Anna' });
  });

  it('lets optional columns be there or not', async () => {
    const options = { required: ['staff_number'], optional: ['level'] };
    assert.equal((await readFine('staff_number\n1\n', options)).rows.length, 1);
    assert.equal((await readFine('level,staff_number\nL3,1\n', options)).rows[0]?.cells.level, 'L3');
  });

  it('keeps a cell or a column named __proto__ harmless', async () => {
    const table = await readFine('staff_number,__proto__\n1,x\n', { required: ['staff_number', '__proto__'] });
    assert.equal(Object.getOwnPropertyDescriptor(table.rows[0]?.cells ?? {}, '__proto__')?.value, 'x');
    assert.equal(({} as Record<string, unknown>).x, undefined);
  });

  it('tells lines with too few or too many cells, and reads on', async () => {
    const table = await readFine('staff_number,full_name\n1\n2,Ben\n3,C,x\n');
    assert.deepEqual(
      table.rows.map((row) => row.line),
      [3],
    );
    assert.deepEqual(table.problems, [
      { reason: 'wrongCellCount', line: 2, column: null, params: { expected: 2, found: 1 } },
      { reason: 'wrongCellCount', line: 4, column: null, params: { expected: 2, found: 3 } },
    ]);
  });

  it('tells a cell that is too long by its column, one character less is fine', async () => {
    const options = { required: columns, maxCellLength: 5 };
    assert.deepEqual(await problemsOf('staff_number,full_name\n1,abcde\n', options), []);
    assert.deepEqual(await problemsOf('staff_number,full_name\n1,abcdef\n', options), [
      { reason: 'cellTooLong', line: 2, column: 'full_name', params: { limit: 5 } },
    ]);
    assert.equal((await problemsOf('staff_number,full_name\nabcdef,1\n', options))[0]?.column, 'staff_number');
  });

  it('tells all that is wrong with the header', async () => {
    assert.deepEqual(
      (await problemsOf('full_name,salary,full_name,,\n')).map((one) => [one.reason, one.line, one.column]),
      [
        ['unknownColumn', 1, 'salary'],
        ['duplicateColumn', 1, 'full_name'],
        ['unknownColumn', 1, 4],
        ['duplicateColumn', 1, 5],
        ['missingColumn', 1, 'staff_number'],
      ],
    );
  });

  it('tells a broken quote by line', async () => {
    for (const text of ['staff_number,full_name\n1,A\n2,"B\n', 'staff_number,full_name\n1,A\n2,"B"x\n']) {
      const [problem] = await problemsOf(text);
      assert.equal(problem?.reason, 'badQuotes');
      assert.equal(problem?.line, 3, text);
    }
    assert.equal((await problemsOf('staff_number,full_name\n1,A\n2,"B"x\n'))[0]?.column, 'full_name');
  });

  it('refuses a file that is empty, no text, in another encoding, or too large', async () => {
    assert.equal((await problemsOf(''))[0]?.reason, 'empty');
    assert.equal((await problemsOf('\uFEFF \n\n'))[0]?.reason, 'empty');
    assert.equal((await problemsOf(',\n , \n'))[0]?.reason, 'empty');
    const windows1251 = Uint8Array.from([...bytes('staff_number,full_name\n1,'), 0xc0, 0xed, 0xed, 0xe0, 0x0a]);
    assert.deepEqual(await problemsOf(windows1251), [{ reason: 'notUtf8', line: 2, column: null, params: {} }]);
    assert.deepEqual((await problemsOf('staff_number,full_name\n1,A\0\n'))[0], {
      reason: 'notText',
      line: 2,
      column: null,
      params: {},
    });
    assert.equal((await problemsOf('\0staff_number,full_name\n'))[0]?.reason, 'notText');
    const text = 'staff_number,full_name\n1,A\n';
    assert.deepEqual(await problemsOf(text, { required: columns, maxBytes: text.length }), []);
    assert.equal((await problemsOf(text, { required: columns, maxBytes: text.length - 1 }))[0]?.reason, 'tooLarge');
  });

  it('refuses more lines than allowed, the last allowed one is read', async () => {
    const text = 'staff_number,full_name\n1,A\n2,B\n';
    assert.equal((await readFine(text, { required: columns, maxRows: 2 })).rows.length, 2);
    assert.deepEqual(await problemsOf(text, { required: columns, maxRows: 1 }), [
      { reason: 'tooManyRows', line: 3, column: null, params: { limit: 1 } },
    ]);
  });

  it('reads long files whole, also where a sign of two halves falls between two pieces', async () => {
    const name = '\u{1F600}'.repeat(40);
    const lines = Array.from({ length: 5_000 }, (_, at) => `${at},${'x'.repeat(at % 7)}${name}`);
    const table = await readFine(`staff_number,full_name\n${lines.join('\n')}\n`);
    assert.equal(table.rows.length, 5_000);
    assert.ok(table.rows.every((row) => row.cells.full_name?.replace(/^x*/, '') === name));
  });

  it('sees the delimiter in the header only, and not inside quotes', () => {
    assert.equal(detectDelimiter('a;b\n1,2,3,4;5'), ';');
    assert.equal(detectDelimiter('"x;y;z",b'), ',');
    assert.equal(detectDelimiter('alone'), ',');
  });
});

describe('writing CSV', () => {
  it('ends each line with CRLF and quotes what needs it', () => {
    assert.equal(
      writeCsv([
        ['a', 'b'],
        ['1,2', 'say "x"'],
        [null, 3],
      ]),
      'a,b\r\n"1,2","say ""x"""\r\n,3\r\n',
    );
    assert.equal(writeCsv([['a', 'b,c']], { delimiter: ';', bom: true }), '\uFEFFa;b,c\r\n');
  });

  it('keeps leading zeros', () => assert.equal(writeCsv([['007']]), '007\r\n'));

  it('defuses text that a spreadsheet would run, and never a number', () => {
    for (const text of ['=1+1', '+1', '-1', '@x', '\tx', '\rx', '=HYPERLINK("http://evil")', '\uFF1D1']) {
      assert.equal(guardFormula(text), `'${text}`);
    }
    for (const text of ['a=1', '1-2', '', "'=1", 'анна', '(=1)']) assert.equal(guardFormula(text), text);
    assert.equal(writeCsv([['-5', -5, number('-12.50'), number('-12,50')]]), `'-5,-5,-12.50,"-12,50"\r\n`);
    assert.throws(() => number('=1'), /not a number/);
    assert.throws(() => number('-'), /not a number/);
    assert.throws(() => number('1.'), /not a number/);
    assert.throws(() => writeCsv([[Number.NaN]]), /finite/);
  });

  it('is read back as it was written, guard included', async () => {
    const text = fc
      .string({ unit: 'binary', maxLength: 20 })
      .filter((one) => !one.includes('\0') && one.isWellFormed());
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.tuple(text, text), { maxLength: 10 }),
        fc.constantFrom(',', ';', '\t'),
        async (rows, delimiter) => {
          const file = writeCsv([columns, ...rows], { delimiter: delimiter as ',' });
          const table = await readFine(file);
          assert.deepEqual(
            table.rows.map((row) => [row.cells.staff_number, row.cells.full_name]),
            rows
              .map((row) => row.map((cell) => guardFormula(cell).trim()))
              .filter((row) => row.some((cell) => cell !== '')),
          );
        },
      ),
    );
  });
});
