import { crc32, deflateRawSync } from 'node:zlib';

/** The smallest PDF that a reader opens. */
export function pdf(): Buffer {
  const body = '%PDF-1.4\n1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj\n2 0 obj<</Type/Pages/Kids[]/Count 0>>endobj\n';
  const table = 'xref\n0 3\n0000000000 65535 f \n0000000009 00000 n \n0000000054 00000 n \n';
  return Buffer.from(`${body}${table}trailer<</Size 3/Root 1 0 R>>\nstartxref\n${body.length}\n%%EOF\n`, 'latin1');
}

export type ZipPart = {
  readonly name: string;
  readonly content: Buffer | string;
  /** What the headers claim; the truth when absent. */
  readonly claimedSize?: number;
  readonly isEncrypted?: boolean;
};

const types = (main: string) =>
  `<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">` +
  `<Default Extension="xml" ContentType="application/xml"/><Override PartName="/word/document.xml" ` +
  `ContentType="application/vnd.${main}.main+xml"/></Types>`;
const plain = 'openxmlformats-officedocument.wordprocessingml.document';

export const contentTypes: ZipPart = { name: '[Content_Types].xml', content: types(plain) };
export const macroContentTypes: ZipPart = {
  name: '[Content_Types].xml',
  content: types('ms-word.document.macroEnabled'),
};
export const documentPart: ZipPart = {
  name: 'word/document.xml',
  content: '<?xml version="1.0"?><w:document><w:body><w:p>Maria</w:p></w:body></w:document>',
};

/** A Word document of these parts. */
export function docx(parts: readonly ZipPart[] = [contentTypes, documentPart]): Buffer {
  return zip(parts);
}

/** A zip written by hand, so that it can lie. */
export function zip(parts: readonly ZipPart[]): Buffer {
  const files: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const part of parts) {
    const content = Buffer.from(part.content);
    const packed = deflateRawSync(content, { level: 9 });
    const name = Buffer.from(part.name);
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(part.isEncrypted ? 1 : 0, 2);
    fields.writeUInt16LE(8, 4);
    fields.writeUInt32LE(crc32(content), 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(part.claimedSize ?? content.length, 18);
    fields.writeUInt16LE(name.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), fields, name, packed]);
    const tail = Buffer.alloc(14);
    tail.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), fields, tail, name]));
    files.push(local);
    offset += local.length;
  }
  const central = Buffer.concat(directory);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 0, 'latin1');
  end.writeUInt16LE(parts.length, 8);
  end.writeUInt16LE(parts.length, 10);
  end.writeUInt32LE(central.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...files, central, end]);
}
