import { DatabaseSync } from 'node:sqlite';
import { setTimeout as sleep } from 'node:timers/promises';

const patienceMs = 120_000;
const sqliteBusy = 5;

/**
 * Runs the work while no other process of this machine is inside the same lock. The lock is the kernel's, taken through
 * SQLite, which Node brings along: it ends with its process also under kill -9, so a stale one can't exist.
 */
export async function withLockFile<T>(path: string, work: () => Promise<T>): Promise<T> {
  const lock = await take(path);
  try {
    return await work();
  } finally {
    lock.close();
  }
}

async function take(path: string): Promise<DatabaseSync> {
  const lock = new DatabaseSync(path);
  const deadline = performance.now() + patienceMs;
  for (;;) {
    try {
      lock.exec('begin exclusive');
      return lock;
    } catch (error) {
      const busy = (error as { errcode?: number }).errcode === sqliteBusy;
      if (!busy || performance.now() > deadline) {
        lock.close();
        throw error;
      }
      await sleep(20);
    }
  }
}
