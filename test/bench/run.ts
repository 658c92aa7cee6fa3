import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { openEmbeddedPostgres } from '../../src/lib/embedded-postgres.ts';
import { benchBonusRun } from './bonus-run.ts';
import { benchPage } from './page.ts';
import type { BenchOptions, Figure } from './rounds.ts';

// npm run bench                     a table, on a small set of data
// npm run bench -- --full           on the large one
// npm run bench -- --json           one line of JSON a figure
// npm run bench -- bonus-run        only this figure
//
// Each figure is a ratio to a bare reference measured in the same run, in turn, so that it means the same on any machine.

const benches: Record<string, (options: BenchOptions) => Promise<Figure | Figure[]>> = {
  page: benchPage,
  'bonus-run': benchBonusRun,
};

const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { json: { type: 'boolean', default: false }, full: { type: 'boolean', default: false } },
});
const unknown = positionals.filter((name) => !(name in benches));
if (unknown.length > 0) {
  console.error(`There is no figure ${unknown.join(', ')}; there are ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
const wanted = positionals.length > 0 ? positionals : Object.keys(benches);

const server = await openServer();
const figures: Figure[] = [];
try {
  for (const name of wanted) {
    const measured = await benches[name]?.({ full: values.full, say: (text) => console.error(`  ${text}`) });
    for (const one of [measured ?? []].flat()) {
      figures.push(one);
      const { figure, value, target, ok } = one;
      if (values.json) console.log(JSON.stringify({ figure, value, target, ok }));
    }
  }
} finally {
  await server.stop();
}
if (!values.json) printTable(figures);
process.exitCode = figures.every((figure) => figure.ok) ? 0 : 1;

function printTable(rows: readonly Figure[]): void {
  const cells = rows.map((row) => [
    row.figure,
    row.value.toFixed(2),
    row.target,
    row.ok ? 'yes' : 'NO',
    `${row.lowest.toFixed(2)} to ${row.highest.toFixed(2)} in ${row.rounds} rounds`,
    row.note,
  ]);
  const table = [['figure', 'ratio', 'target', 'met', 'spread', 'median'], ...cells];
  const widths = table[0]?.map((_, column) => Math.max(...table.map((row) => (row[column] ?? '').length))) ?? [];
  for (const row of table)
    console.log(
      row
        .map((cell, column) => cell.padEnd(widths[column] ?? 0))
        .join('  ')
        .trimEnd(),
    );
}

async function openServer(): Promise<{ stop(): Promise<void> }> {
  if (process.env.DATABASE_URL) return { stop: async () => undefined };
  const folder = await mkdtemp(join(tmpdir(), 'vouch-bench-'));
  const settings = {
    fsync: 'off',
    synchronous_commit: 'off',
    max_wal_size: '4GB',
    shared_buffers: '256MB',
    max_connections: '100',
  };
  const postgres = await openEmbeddedPostgres(folder, { settings });
  process.env.DATABASE_URL = postgres.url;
  return {
    async stop() {
      await postgres.stop();
      await rm(folder, { recursive: true, force: true });
    },
  };
}
