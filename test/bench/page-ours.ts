import { createApp } from '../../src/app.ts';
import { loadConfig } from '../../src/config.ts';
import { databaseClock } from '../../src/lib/clock.ts';
import { connect } from '../../src/lib/database.ts';
import type { Deps } from '../../src/lib/deps.ts';
import { openLog } from '../../src/lib/log.ts';

// Vouch as it is served, on a filled database: everything a request meets, with the log at its usual level thrown away.

const [url, dataDir] = process.argv.slice(2) as [string, string];
const config = loadConfig({
  DATABASE_URL: url,
  DATA_DIR: dataDir,
  BASE_URL: 'http://vouch.test',
  SESSION_SECRET: '0123456789abcdef0123456789abcdef',
});
const db = connect(url, { poolMax: 10 });
const log = openLog('info', { write: () => undefined });
const deps = {
  config,
  db,
  clock: databaseClock(config.timeZone),
  log,
  queue: { send: async () => undefined },
} as unknown as Deps;
const app = await createApp(deps);
const server = app.listen(0, '127.0.0.1', () => {
  process.stdout.write(`${(server.address() as { port: number }).port}\n`);
});
process.once('SIGTERM', () => process.exit());
