import { randomBytes } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';

export type StoredFile = { readonly stream: Readable; readonly size: number };

/** Files outside the web root under names that say nothing. What a file is called and holds stands in the database. */
export type FileStore = {
  /** Keeps the bytes and returns their key: 32 hexadecimal characters. The file is whole or absent, also after a crash. */
  save(bytes: Uint8Array): Promise<string>;
  /** Null when there is none, or the key is none of ours. */
  read(key: string): Promise<StoredFile | null>;
  /** Deleting what is gone already is no failure. */
  remove(key: string): Promise<void>;
  /** All keys; with an instant, only of what was saved before it. */
  list(savedBefore?: Temporal.Instant): Promise<string[]>;
};

const keyPattern = /^[0-9a-f]{32}$/;

/** Keeps files in the folder, which is made when the first one comes. */
export function openFiles(folder: string): FileStore {
  return {
    async save(bytes) {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      const key = randomBytes(16).toString('hex');
      const unfinished = join(folder, `${key}.part`);
      try {
        const file = await open(unfinished, 'wx', 0o600);
        try {
          await file.writeFile(bytes);
          await file.sync();
        } finally {
          await file.close();
        }
        await rename(unfinished, join(folder, key));
      } catch (error) {
        await rm(unfinished, { force: true });
        throw error;
      }
      return key;
    },
    async read(key) {
      if (!keyPattern.test(key)) return null;
      const path = join(folder, key);
      const found = await stat(path).catch(ignoreMissing);
      return found ? { stream: createReadStream(path), size: found.size } : null;
    },
    async remove(key) {
      if (keyPattern.test(key)) await rm(join(folder, key), { force: true });
    },
    async list(savedBefore) {
      const names = ((await readdir(folder).catch(ignoreMissing)) ?? []).filter((name) => keyPattern.test(name));
      if (!savedBefore) return names;
      const old: string[] = [];
      for (const name of names) {
        const found = await stat(join(folder, name)).catch(ignoreMissing);
        if (found && found.mtimeMs < savedBefore.epochMilliseconds) old.push(name);
      }
      return old;
    },
  };
}

function ignoreMissing(error: NodeJS.ErrnoException): null {
  if (error.code === 'ENOENT') return null;
  throw error;
}
