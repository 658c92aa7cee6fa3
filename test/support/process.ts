import { type ChildProcess, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('../../', import.meta.url));

export type Ended = { readonly code: number | null; readonly stdout: string; readonly stderr: string };

/** A process of the house as a person would start it, with nothing of our own environment. */
export type Running = {
  readonly child: ChildProcess;
  readonly port: number;
  readonly url: string;
  /** Resolves when the house is open; throws with its last words when it ends instead. */
  ready(): Promise<void>;
  ended(): Promise<Ended>;
};

export function run(file: string, args: readonly string[], env: Record<string, string>): Running {
  const port = Number(env.PORT ?? 3000);
  const child = spawn(process.execPath, [file, ...args], {
    cwd: root,
    env: { PATH: process.env.PATH, TZ: process.env.TZ ?? 'UTC', ...env },
  });
  let stdout = '';
  let stderr = '';
  child.stdout.on('data', (text) => {
    stdout += text;
  });
  child.stderr.on('data', (text) => {
    stderr += text;
  });
  const ended = new Promise<Ended>((resolve) => child.on('close', (code) => resolve({ code, stdout, stderr })));
  const url = `http://127.0.0.1:${port}`;
  const ready = async (): Promise<void> => {
    for (const deadline = performance.now() + 60_000; performance.now() < deadline; await sleep(20)) {
      if (child.exitCode !== null) throw new Error(`it ended: ${(await ended).stderr}`);
      const answer = await fetch(`${url}/readyz`).catch(() => null);
      if (answer?.ok) return;
    }
    throw new Error(`not ready in a minute: ${stdout}${stderr}`);
  };
  return { child, port, url, ready, ended: () => ended };
}

export async function freePort(): Promise<number> {
  const probe = createServer();
  await new Promise<void>((resolve) => probe.listen(0, '127.0.0.1', resolve));
  const { port } = probe.address() as { port: number };
  await new Promise((resolve) => probe.close(resolve));
  return port;
}
