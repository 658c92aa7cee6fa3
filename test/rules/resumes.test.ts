import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { attachmentHeader, judgeResume, LARGEST_RESUME_BYTES, safeFileName } from '../../src/referrals/resume.ts';
import { contentTypes, documentPart, docx, macroContentTypes, pdf, zip } from '../support/resumes.ts';

const reasonFor = async (bytes: Buffer | string): Promise<string> => {
  const judged = await judgeResume(Buffer.from(bytes));
  return judged.ok ? judged.value.extension : judged.reason;
};

describe('a résumé is judged by its bytes', () => {
  it('takes a PDF and a Word document, whatever they are called', async () => {
    assert.equal(await reasonFor(pdf()), 'pdf');
    assert.equal(await reasonFor(docx()), 'docx');
  });

  it('refuses an empty file, and one byte more than 10 MB', async () => {
    assert.equal(await reasonFor(''), 'empty');
    const largest = Buffer.concat([pdf(), Buffer.alloc(LARGEST_RESUME_BYTES - pdf().length, ' ')]);
    assert.equal(await reasonFor(largest), 'pdf');
    assert.equal(await reasonFor(Buffer.concat([largest, Buffer.from(' ')])), 'tooLarge');
  });

  it('refuses a PDF that is a web page, also one that begins like a PDF', async () => {
    assert.equal(await reasonFor('<!DOCTYPE html><title>cv</title>'), 'webPage');
    assert.equal(await reasonFor('  \n<HTML><body onload=alert(1)>'), 'webPage');
    assert.equal(await reasonFor('%PDF-1.4\n<script>alert(1)</script>\n%%EOF'), 'webPage');
  });

  it('refuses what is no document at all', async () => {
    assert.equal(await reasonFor('MZ\x90\x00 a program'), 'neitherPdfNorDocx');
    assert.equal(await reasonFor('Maria Ivanova, engineer'), 'neitherPdfNorDocx');
    assert.equal(await reasonFor(zip([{ name: 'a.txt', content: 'a' }])), 'neitherPdfNorDocx');
    assert.equal(await reasonFor(Buffer.from('d0cf11e0a1b11ae1', 'hex')), 'oldWord');
  });

  it('refuses a PDF that was cut off, and a zip that was', async () => {
    assert.equal(await reasonFor(pdf().subarray(0, 80)), 'damaged');
    assert.equal(await reasonFor(docx().subarray(0, -30)), 'damaged');
    assert.equal(await reasonFor('PK\x03\x04'), 'damaged');
  });

  it('refuses macros, declared or hidden, and passwords', async () => {
    assert.equal(await reasonFor(docx([macroContentTypes, documentPart])), 'macros');
    const hidden = { name: 'word/vbaProject.bin', content: 'macro' };
    assert.equal(await reasonFor(docx([contentTypes, documentPart, hidden])), 'macros');
    assert.equal(await reasonFor(docx([contentTypes, { ...documentPart, isEncrypted: true }])), 'protected');
  });

  it('refuses a bomb that says what it is', async () => {
    const bomb = { name: 'word/media/bomb.xml', content: Buffer.alloc(80 * 1024 * 1024) };
    const bytes = docx([contentTypes, documentPart, bomb]);
    assert.ok(bytes.length < 200_000);
    assert.equal(await reasonFor(bytes), 'swells');
  });

  it('refuses a bomb that lies about its size, without unpacking it', async () => {
    const content = Buffer.alloc(200 * 1024 * 1024);
    const bytes = docx([contentTypes, documentPart, { name: 'word/media/a.xml', content, claimedSize: 1000 }]);
    const before = process.memoryUsage().arrayBuffers;
    assert.equal(await reasonFor(bytes), 'swells');
    assert.ok(process.memoryUsage().arrayBuffers - before < 32 * 1024 * 1024);
  });

  it('refuses small entries that swell together', async () => {
    const parts = Array.from({ length: 30 }, (_, at) => ({
      name: `word/${at}.xml`,
      content: Buffer.alloc(1024 * 1024),
    }));
    assert.equal(await reasonFor(docx([contentTypes, documentPart, ...parts])), 'swells');
  });
});

describe('the name of a file', () => {
  const kind = { mediaType: 'application/pdf', extension: 'pdf' } as const;

  it('keeps what people call it, and loses what is dangerous', () => {
    assert.equal(safeFileName('Мария Иванова.pdf', kind), 'Мария Иванова.pdf');
    assert.equal(safeFileName('../../etc/passwd', kind), 'passwd.pdf');
    assert.equal(safeFileName('C:\\cv\\maria.PDF', kind), 'maria.pdf');
    assert.equal(safeFileName('a\r\nSet-Cookie: x"<b>.docx', kind), 'aSet-Cookie xb.pdf');
    assert.equal(safeFileName('cv\u202Efdp.exe', kind), 'cvfdp.exe.pdf');
    assert.equal(safeFileName('...', kind), 'resume.pdf');
    assert.equal(safeFileName('x'.repeat(5000), kind).length, 124);
  });

  it('goes into a header that nobody can break out of', () => {
    assert.equal(attachmentHeader('cv.pdf'), `attachment; filename="cv.pdf"; filename*=UTF-8''cv.pdf`);
    assert.match(
      attachmentHeader('Мария (новая).pdf'),
      /^attachment; filename="[ -~]+\.pdf"; filename\*=UTF-8''%D0%9C[\w%.-]+$/,
    );
    assert.doesNotMatch(attachmentHeader(`a"; x='1'.pdf`).replace(/^attachment; filename="[^"]*"/, ''), /["']x/);
  });
});
