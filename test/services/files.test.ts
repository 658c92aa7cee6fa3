import assert from 'node:assert/strict';
import { mkdtempSync, readdirSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { after, test } from 'node:test';
import { openFiles } from '../../src/lib/files.ts';

const home = mkdtempSync(join(tmpdir(), 'vouch-files-'));
after(() => rmSync(home, { recursive: true }));
const folder = join(home, 'resumes');
const files = openFiles(folder);
const bytes = Buffer.from('%PDF-1.7 résumé');

test('gives back the bytes it was given, under a name that says nothing', async () => {
  const key = await files.save(bytes);
  assert.match(key, /^[0-9a-f]{32}$/);
  const found = await files.read(key);
  assert.equal(found?.size, bytes.length);
  assert.deepEqual(found && (await buffer(found.stream)), bytes);
  assert.equal(statSync(join(folder, key)).mode & 0o077, 0, 'for nobody else on this machine');
});

test('leaves nothing unfinished behind, and the same bytes twice are two files', async () => {
  const keys = await Promise.all([files.save(bytes), files.save(bytes)]);
  assert.notEqual(keys[0], keys[1]);
  assert.deepEqual(readdirSync(folder).sort(), (await files.list()).sort());
});

test('finds nothing under a name of a stranger', async () => {
  for (const key of ['', '..', '../secret', 'a'.repeat(32), `${'a'.repeat(31)}/`, '/etc/passwd']) {
    assert.equal(await files.read(key), null, key);
  }
});

test('removes once, and again without complaint', async () => {
  const key = await files.save(bytes);
  await files.remove(key);
  await files.remove(key);
  await files.remove('../resumes');
  assert.equal(await files.read(key), null);
});

test('a folder that can’t be made is an error, not silence', async () => {
  await files.save(bytes);
  const [file = ''] = readdirSync(folder);
  await assert.rejects(openFiles(join(folder, file)).save(bytes), { code: 'EEXIST' });
});
