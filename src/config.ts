import { randomBytes } from 'node:crypto';
import { existsSync, linkSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { z } from 'zod';

/** What the environment says, read once at the start. Nothing else in the house looks at process.env. */
export type Config = {
  readonly production: boolean;
  /** The address to listen on: only this machine in development, every address in production. */
  readonly host: string;
  readonly port: number;
  /** Absolute; holds the résumés and, without DATABASE_URL, the database. */
  readonly dataDir: string;
  /** Null: Vouch starts a PostgreSQL of its own in dataDir. */
  readonly databaseUrl: string | null;
  /** Null: no e-mail leaves the house. */
  readonly smtpUrl: string | null;
  readonly mailFrom: string;
  /** Without a slash at the end. */
  readonly baseUrl: string;
  readonly sessionSecret: string;
  /** IANA name; the company's days begin and end here. */
  readonly timeZone: string;
  /** Whether an empty database gets the demo company. */
  readonly demo: boolean;
  readonly logLevel: LogLevel;
};

export const logLevels = ['fatal', 'error', 'warn', 'info', 'debug', 'trace', 'silent'] as const;
export type LogLevel = (typeof logLevels)[number];

/** The environment can't be used; each problem is one sentence that says what to do. */
export class ConfigError extends Error {
  readonly problems: readonly string[];

  constructor(problems: readonly string[]) {
    super(problems.join('\n'));
    this.name = 'ConfigError';
    this.problems = problems;
  }
}

type Environment = Record<string, string | undefined>;

const knownSecrets = ['change-me', 'changeme', 'keyboard cat', 'secret', 'password', 'example', 'replace'];
const mailbox = /^(?:[^<>@\r\n]*<[^<>@\s]+@[^<>@\s]+>|[^<>@\s]+@[^<>@\s]+)$/;

/** Nothing may stand behind the address: links are made by putting a path there. */
function isBaseUrl(text: string): boolean {
  const url = URL.parse(text);
  if (!url || !/^https?:\/\/[^/]/i.test(text)) return false;
  return url.search === '' && url.hash === '' && url.username === '' && url.password === '';
}

const isUrlOf =
  (...protocols: string[]) =>
  (text: string): boolean =>
    protocols.includes(URL.parse(text)?.protocol ?? '');

const environment = z.object({
  NODE_ENV: z.string().default('development'),
  HOST: z.string().optional(),
  PORT: z.coerce
    .number('PORT must be a number from 1 to 65535.')
    .int('PORT must be a number from 1 to 65535.')
    .min(1, 'PORT must be a number from 1 to 65535.')
    .max(65535, 'PORT must be a number from 1 to 65535.')
    .default(3000),
  DATA_DIR: z.string().default('.data'),
  DATABASE_URL: z
    .string()
    .refine(
      isUrlOf('postgres:', 'postgresql:'),
      'DATABASE_URL must look like postgres://user:password@host:5432/vouch.',
    )
    .optional(),
  SMTP_URL: z
    .string()
    .refine(isUrlOf('smtp:', 'smtps:'), 'SMTP_URL must look like smtp://user:password@mail.example.com:587.')
    .optional(),
  MAIL_FROM: z
    .string()
    .regex(mailbox, 'MAIL_FROM must be an e-mail address, as in Vouch <vouch@example.com>.')
    .default('Vouch <vouch@localhost>'),
  BASE_URL: z
    .string()
    .refine(isBaseUrl, 'BASE_URL must be the address people open, as in https://vouch.example.com.')
    .optional(),
  SESSION_SECRET: z.string().optional(),
  TIME_ZONE: z
    .string()
    .refine(isTimeZone, 'TIME_ZONE must be the name of a time zone, as in Europe/Berlin.')
    .default('Europe/Berlin'),
  DEMO: z.enum(['on', 'off'], 'DEMO must be on or off.').optional(),
  LOG_LEVEL: z.enum(logLevels, `LOG_LEVEL must be one of ${logLevels.join(', ')}.`).optional(),
});

/**
 * Reads the environment. Throws ConfigError with every problem at once: what is malformed, and in production also what
 * is missing or weak. In development a random secret is made at the first start and kept in DATA_DIR.
 */
export function loadConfig(env: Environment = processEnvironment()): Config {
  // compose files and shells hand over unset variables as empty ones.
  const given = Object.fromEntries(Object.entries(env).filter(([, value]) => value?.trim()));
  const parsed = environment.safeParse(given);
  const malformed = parsed.success ? [] : parsed.error.issues.map((issue) => issue.message);
  const weak = given.NODE_ENV === 'production' ? productionProblems(given) : [];
  if (!parsed.success || weak.length > 0) throw new ConfigError([...malformed, ...weak]);
  const values = parsed.data;
  const production = values.NODE_ENV === 'production';
  const dataDir = resolve(values.DATA_DIR);
  return {
    production,
    host: values.HOST ?? (production ? '0.0.0.0' : '127.0.0.1'),
    port: values.PORT,
    dataDir,
    databaseUrl: values.DATABASE_URL ?? null,
    smtpUrl: values.SMTP_URL ?? null,
    mailFrom: values.MAIL_FROM,
    baseUrl: (values.BASE_URL ?? `http://localhost:${values.PORT}`).replace(/\/+$/, ''),
    sessionSecret: values.SESSION_SECRET ?? developmentSecret(dataDir),
    timeZone: values.TIME_ZONE,
    demo: (values.DEMO ?? (production ? 'off' : 'on')) === 'on',
    // In development a person reads along: only what needs them.
    logLevel: values.LOG_LEVEL ?? (production ? 'info' : 'warn'),
  };
}

/** Whether sessions and sign-in links travel a network in the clear: plain http, and not only on this machine. */
export function isUnencrypted({ baseUrl }: Pick<Config, 'baseUrl'>): boolean {
  const url = new URL(baseUrl);
  const isLocal = /^(?:localhost|.+\.localhost|127\.\d+\.\d+\.\d+|\[::1\])$/.test(url.hostname);
  return url.protocol === 'http:' && !isLocal;
}

/** The file .env fills in what the environment leaves open. */
function processEnvironment(): Environment {
  if (existsSync('.env')) process.loadEnvFile('.env');
  return process.env;
}

function productionProblems(given: Environment): string[] {
  const needed: Record<string, string> = {
    DATABASE_URL: 'DATABASE_URL is missing: in production Vouch needs a PostgreSQL of its own, 15 or newer.',
    BASE_URL:
      'BASE_URL is missing: the links in e-mails begin with the address people open, as in https://vouch.example.com.',
    SMTP_URL: 'SMTP_URL is missing: without a mail server nobody can sign in.',
    MAIL_FROM: 'MAIL_FROM is missing: e-mails need a sender, as in Vouch <vouch@example.com>.',
    TIME_ZONE: 'TIME_ZONE is missing: bonuses fall due by the company’s calendar, as in Europe/Berlin.',
  };
  const missing = Object.entries(needed).filter(([name]) => !given[name]);
  const secret = secretProblem(given.SESSION_SECRET);
  return [...(secret ? [secret] : []), ...missing.map(([, sentence]) => sentence)];
}

function secretProblem(secret: string | undefined): string | null {
  const hint = 'make one with: openssl rand -hex 32';
  if (!secret) return `SESSION_SECRET is missing: ${hint}`;
  if (secret.length < 32) return `SESSION_SECRET is too short, it needs 32 characters or more: ${hint}`;
  const guessable = knownSecrets.some((word) => secret.toLowerCase().includes(word)) || new Set(secret).size < 8;
  return guessable ? `SESSION_SECRET can be guessed: ${hint}` : null;
}

/** Offsets such as +01:00 are refused: they know nothing of summer time. */
function isTimeZone(name: string): boolean {
  if (/^[+-]/.test(name)) return false;
  try {
    new Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

function developmentSecret(dataDir: string): string {
  const file = join(dataDir, 'session-secret');
  const draft = `${file}.${process.pid}`;
  try {
    mkdirSync(dataDir, { recursive: true });
    if (!existsSync(file)) {
      // Linked when it is whole: of two processes starting at once one wins, and a full disk leaves no half of a secret.
      writeFileSync(draft, randomBytes(32).toString('hex'), { mode: 0o600 });
      linkSync(draft, file);
    }
  } catch (error) {
    if (!existsSync(file)) throw new ConfigError([unusable(dataDir, error)]);
  } finally {
    if (existsSync(draft)) rmSync(draft);
  }
  try {
    return readFileSync(file, 'utf8').trim();
  } catch (error) {
    throw new ConfigError([unusable(dataDir, error)]);
  }
}

function unusable(dataDir: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  if (code === 'ENOSPC') return `The disk is full: Vouch can’t write to DATA_DIR ${dataDir}.`;
  return `DATA_DIR ${dataDir} is no folder that this account can write to (${code}).`;
}
