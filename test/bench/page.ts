import assert from 'node:assert/strict';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import http from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { databaseClock } from '../../src/lib/clock.ts';
import { connect } from '../../src/lib/database.ts';
import { paths } from '../../src/paths.ts';
import { createSignInLink } from '../../src/people/sign-in-store.ts';
import { cloneDatabase } from '../support/database.ts';
import { fillWithHires } from '../support/many-hires.ts';
import { type BenchOptions, type Figure, figureOf, inTurn, median } from './rounds.ts';

const asOf = Temporal.PlainDate.from('2026-03-15');
const sizes = {
  small: { employees: 300, hires: 3000, due: 2500 },
  full: { employees: 50_000, hires: 200_000, due: 184_000 },
};
const rounds = 8;
const clients = 8;
const roundMs = 1500;

/**
 * The signed-in page "my referrals" against bare Express with the one query: requests a second under load, and how long
 * one client waits that is alone.
 */
export async function benchPage({ full, say }: BenchOptions): Promise<Figure[]> {
  const database = await cloneDatabase();
  const folder = await mkdtemp(join(tmpdir(), 'vouch-bench-'));
  const servers: ChildProcess[] = [];
  try {
    say('page: filling the programme');
    const { employeeId, token } = await prepare(database.url, full);
    const ours = await start(servers, 'page-ours.ts', [database.url, folder]);
    const cookie = await signIn(ours, token);
    const html = await pageOf(ours, { cookie });
    const frameFile = join(folder, 'frame.json');
    await writeFile(frameFile, JSON.stringify(frameOf(html)));
    const bare = await start(servers, 'page-bare.ts', [database.url, String(employeeId), frameFile]);
    const bareHtml = await pageOf(bare, {});
    const sizes = bareHtml.length / html.length;
    assert.ok(
      sizes > 0.85 && sizes < 1.15,
      `the two pages are no longer alike: ${html.length} and ${bareHtml.length} letters`,
    );
    say('page: warming up');
    for (const [port, headers] of [
      [ours, { cookie }],
      [bare, {}],
    ] as const)
      await load(port, headers, roundMs);
    const pairs = await inTurn(rounds, {
      ours: () => load(ours, { cookie }, roundMs),
      reference: () => load(bare, {}, roundMs),
    });
    const waits = await inTurn(rounds, {
      ours: () => wait(ours, { cookie }, roundMs / 3),
      reference: () => wait(bare, {}, roundMs / 3),
    });
    return [
      figureOf(
        'page',
        '>=0.65',
        pairs.map(ratio),
        `${middle(pairs, 'ours', 0)} requests a second, bare ${middle(pairs, 'reference', 0)}`,
      ),
      figureOf(
        'page-alone',
        '<=1.5',
        waits.map(ratio),
        `${middle(waits, 'ours', 2)} ms, bare ${middle(waits, 'reference', 2)} ms`,
      ),
    ];
  } finally {
    for (const server of servers) server.kill();
    await database.drop();
    await rm(folder, { recursive: true, force: true });
  }
}

type Pair = { ours: number; reference: number };

const ratio = (pair: Pair): number => pair.ours / pair.reference;

function middle(pairs: readonly Pair[], side: keyof Pair, digits: number): string {
  return median(pairs.map((pair) => pair[side])).toFixed(digits);
}

async function prepare(url: string, full: boolean): Promise<{ employeeId: number; token: string }> {
  const db = connect(url, { poolMax: 2 });
  try {
    await fillWithHires(db, { ...(full ? sizes.full : sizes.small), asOf });
    const { rows } = await db.raw(
      'select referrer_id as id from referrals group by 1 order by abs(count(*) - 10), referrer_id limit 1',
    );
    const employeeId: number = rows[0].id;
    const clock = databaseClock('Europe/Berlin');
    const token = await db.transaction(async (trx) => createSignInLink(trx, employeeId, await clock.now(trx)));
    return { employeeId, token };
  } finally {
    await db.destroy();
  }
}

async function start(servers: ChildProcess[], file: string, args: string[]): Promise<number> {
  const script = fileURLToPath(new URL(file, import.meta.url));
  const child = spawn(process.execPath, [script, ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    env: { ...process.env, NODE_ENV: 'production' },
  });
  servers.push(child);
  const [text] = await once(child.stdout as NonNullable<typeof child.stdout>, 'data');
  return Number(String(text).trim());
}

/** Through the link and its button, as people do; answers the cookies. */
async function signIn(port: number, token: string): Promise<string> {
  const jar = new Map<string, string>();
  const visit = async (method: string, path: string, body?: string): Promise<string> => {
    const headers: Record<string, string> = { cookie: cookies(jar) };
    if (body) headers['content-type'] = 'application/x-www-form-urlencoded';
    const answer = await fetch(`http://127.0.0.1:${port}${path}`, {
      method,
      headers,
      redirect: 'manual',
      ...(body ? { body } : {}),
    });
    for (const one of answer.headers.getSetCookie()) {
      const [name, value] = (one.split(';')[0] as string).split(/=(.*)/s) as [string, string];
      jar.set(name, value);
    }
    return answer.text();
  };
  const link = paths.signInLink(token);
  const page = await visit('GET', link);
  const csrf = /name="csrf" value="([^"]+)"/.exec(page)?.[1] ?? '';
  await visit('POST', link, new URLSearchParams({ csrf }).toString());
  return cookies(jar);
}

const cookies = (jar: Map<string, string>): string => [...jar].map(([name, value]) => `${name}=${value}`).join('; ');

async function pageOf(port: number, headers: Record<string, string>): Promise<string> {
  const answer = await fetch(`http://127.0.0.1:${port}${paths.myReferrals()}`, { headers, redirect: 'manual' });
  const text = await answer.text();
  assert.equal(answer.status, 200);
  assert.ok(text.includes('Candidate '), 'the page shows no referral');
  return text;
}

/** What stands before and after the list, so that the reference sends as much. */
function frameOf(html: string): { before: string; after: string } {
  const list = '<ul class="list-links my-referrals">';
  const from = html.indexOf(list) + list.length;
  const to = html.lastIndexOf('</ul>', html.indexOf('</main>'));
  assert.ok(from > list.length && to > from, 'the page has no list');
  return { before: html.slice(0, from), after: html.slice(to) };
}

/** Eight clients that ask again as soon as they are answered; requests a second. */
async function load(port: number, headers: Record<string, string>, ms: number): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: clients });
  const began = performance.now();
  let answered = 0;
  const client = async (): Promise<void> => {
    while (performance.now() - began < ms) {
      await request({ agent, port, headers });
      answered += 1;
    }
  };
  await Promise.all(Array.from({ length: clients }, client));
  const seconds = (performance.now() - began) / 1000;
  agent.destroy();
  return answered / seconds;
}

/** One client that asks again as soon as it is answered; the median of its milliseconds. */
async function wait(port: number, headers: Record<string, string>, ms: number): Promise<number> {
  const agent = new http.Agent({ keepAlive: true, maxSockets: 1 });
  const began = performance.now();
  const waits: number[] = [];
  while (performance.now() - began < ms) {
    const asked = performance.now();
    await request({ agent, port, headers });
    waits.push(performance.now() - asked);
  }
  agent.destroy();
  return median(waits);
}

function request({
  agent,
  port,
  headers,
}: {
  agent: http.Agent;
  port: number;
  headers: Record<string, string>;
}): Promise<void> {
  return new Promise((resolve, reject) => {
    const options = { agent, host: '127.0.0.1', port, path: paths.myReferrals(), headers };
    http
      .get(options, (answer) => {
        answer.resume();
        answer.on('end', () =>
          answer.statusCode === 200 ? resolve() : reject(new Error(`answered ${answer.statusCode}`)),
        );
      })
      .on('error', reject);
  });
}
