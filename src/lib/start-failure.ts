import type { Knex } from 'knex';

/** The house can't open, and the message is the one sentence that the person at the terminal needs. */
export class StartFailure extends Error {
  constructor(sentence: string, options?: ErrorOptions) {
    super(sentence, options);
    this.name = 'StartFailure';
  }
}

export type StartContext = { databaseUrl?: string; port?: number; dataDir?: string };

const oldestServer = 15;

/** Refuses a PostgreSQL that lacks what the migrations use. */
export async function requireSupportedServer(db: Knex): Promise<void> {
  const { rows } = await db.raw(`select current_setting('server_version_num')::int as number`);
  const major = Math.floor(rows[0].number / 10_000);
  if (major >= oldestServer) return;
  throw new StartFailure(`DATABASE_URL leads to PostgreSQL ${major}, and Vouch needs ${oldestServer} or newer.`);
}

/** The sentence for an accident at the start that is known; any other error comes back as it is. */
export function explainStartFailure(error: unknown, context: StartContext): unknown {
  if (error instanceof StartFailure || !(error instanceof Error)) return error;
  const code = /Connection terminated unexpectedly/.test(error.message) ? 'ECONNRESET' : codeOf(error);
  const sentence = sentenceFor(code, context) ?? sentenceByWords(error);
  return sentence === null ? error : new StartFailure(sentence, { cause: error });
}

function sentenceFor(code: string, { databaseUrl, port, dataDir }: StartContext): string | null {
  const url = URL.parse(databaseUrl ?? '');
  const server = url ? `${url.hostname}:${url.port || '5432'}` : 'its address';
  const user = url ? decodeURIComponent(url.username) : '';
  const sentences: Record<string, string> = {
    EADDRINUSE: `Port ${port} is in use by another program: stop that one, or choose another with PORT=${(port ?? 0) + 1}.`,
    EADDRNOTAVAIL: 'HOST is no address of this machine.',
    ENOSPC: `The disk is full: Vouch can’t write to ${dataDir ?? 'its folder'}.`,
    53100: 'The disk of the database is full.',
    ENOTDIR: `DATA_DIR ${dataDir} is no folder.`,
    EEXIST: `DATA_DIR ${dataDir} is no folder.`,
    EROFS: `DATA_DIR ${dataDir} can’t be written to: the file system is read-only.`,
    ENOTFOUND: `DATABASE_URL names the server ${url?.hostname}, and no such server is known.`,
    EAI_AGAIN: `DATABASE_URL names the server ${url?.hostname}, and its address can’t be looked up now.`,
    ECONNREFUSED: `No PostgreSQL answers at ${server}: start it, or correct DATABASE_URL.`,
    ETIMEDOUT: `No PostgreSQL answers at ${server} in time: check DATABASE_URL and the network.`,
    EHOSTUNREACH: `The server ${server} of DATABASE_URL can’t be reached.`,
    ENETUNREACH: `The server ${server} of DATABASE_URL can’t be reached.`,
    ECONNRESET: `Whoever answers at ${server} does not speak PostgreSQL: check DATABASE_URL.`,
    '28P01': `PostgreSQL refused the password of the user ${user}: check DATABASE_URL.`,
    28000: `PostgreSQL does not let the user ${user} in: check DATABASE_URL.`,
    '3D000': `PostgreSQL has no database ${url?.pathname.slice(1)}: create it, or correct DATABASE_URL.`,
    53300: 'PostgreSQL has no connection left: raise its max_connections, or stop other programs.',
    42501: `The user ${user} may not change the database: make it the owner of the database.`,
    '57P03': 'PostgreSQL is starting up: try again in a moment.',
  };
  if (code === 'EACCES') {
    return port !== undefined && port < 1024
      ? `Port ${port} may not be used by this account: choose one above 1023 with PORT.`
      : `DATA_DIR ${dataDir} can’t be written to by this account.`;
  }
  return sentences[code] ?? null;
}

function sentenceByWords(error: Error): string | null {
  if (/migration directory is corrupt/.test(error.message)) {
    return 'The database was made by a newer Vouch: start that version, or restore a backup from before.';
  }
  if (
    /Timeout acquiring a connection|timeout expired|Connection terminated due to connection timeout/i.test(
      error.message,
    )
  ) {
    return 'PostgreSQL does not answer in time: check DATABASE_URL and the network.';
  }
  return null;
}

/** Where several addresses were tried, each has failed; the first one says why. */
function codeOf(error: Error): string {
  const first = error instanceof AggregateError ? error.errors[0] : error;
  return String((first as NodeJS.ErrnoException | undefined)?.code ?? '');
}
