import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { RunPoint } from '../../src/bonuses/bonus-run.ts';

export type PayerOrders = {
  url: string;
  asOf: string;
  batchSize?: number;
  lanes?: number;
  /** Dies by SIGKILL when it comes to this point for the n-th time. */
  diesAt?: { point: RunPoint; nth: number };
  /** Pays as one should not; see naive-payer.ts. */
  naive?: boolean;
  /** Waits for a word on its standard input before it begins, so that several begin at once. */
  waits?: boolean;
};

export type Payer = { child: ChildProcess; ready: Promise<void>; ended: Promise<PayerEnd> };
export type PayerEnd = { killed: boolean; counts: Record<string, number> | null; stderr: string };

const script = fileURLToPath(new URL('./payer-process.ts', import.meta.url));
const cache = fileURLToPath(new URL('../../node_modules/.cache/node', import.meta.url));

/** Starts a process of its own that runs the bonus run once. */
export function startPayer(orders: PayerOrders, env: Record<string, string> = {}): Payer {
  const child = spawn(process.execPath, [script, JSON.stringify(orders)], {
    env: { PATH: process.env.PATH, NODE_COMPILE_CACHE: cache, ...env },
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let stdout = '';
  let stderr = '';
  const ready = new Promise<void>((resolve) => {
    child.stdout?.on('data', (text) => {
      stdout += text;
      if (stdout.includes('ready\n')) resolve();
    });
    child.on('close', () => resolve());
  });
  child.stderr?.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<PayerEnd>((resolve) => {
    child.on('close', (_code, signal) => {
      const last = stdout.trim().split('\n').at(-1) ?? '';
      resolve({ killed: signal === 'SIGKILL', counts: last.startsWith('{') ? JSON.parse(last) : null, stderr });
    });
  });
  return { child, ready, ended };
}

export async function pay(orders: PayerOrders, env: Record<string, string> = {}): Promise<PayerEnd> {
  const payer = startPayer(orders, env);
  payer.child.stdin?.end('go\n');
  return payer.ended;
}

/** The same numbers for the same seed; mulberry32. */
export function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
