import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from './app.ts';
import { ensureFirstPolicy } from './bonuses/policy-service.ts';
import { type Config, ConfigError, isUnencrypted, loadConfig } from './config.ts';
import { type House, openHouse } from './house.ts';
import type { Db } from './lib/database.ts';
import type { Deps } from './lib/deps.ts';
import { openLog } from './lib/log.ts';
import { explainStartFailure, StartFailure } from './lib/start-failure.ts';
import { FIRST_ADMIN_COMMAND } from './people/first-admin-service.ts';
import { startTimetable } from './timetable.ts';
import { nobodyIsHere, welcome } from './welcome.ts';

// START HERE. config → database → demo company → app → timetable, and the way back on SIGTERM.
//
//   node src/server.ts             the house opens
//   node src/server.ts --migrate   the database is brought up to date, no more
//   node src/server.ts --demo      an empty database gets the demo company, no more

/** Any number will do, as long as every process takes the same one. */
const demoLock = 7_105_664;
/** How long requests in hand may take after the signal to stop. */
const secondsToFinish = 25;

const stopAsked = Promise.withResolvers<NodeJS.Signals>();
for (const signal of ['SIGTERM', 'SIGINT'] as const) {
  process.on(signal, () => stopAsked.resolve(signal));
}

try {
  const config = loadConfig();
  if (process.argv.includes('--migrate')) await openAndClose(config, async () => 'The database is up to date.');
  else if (process.argv.includes('--demo')) await openAndClose(config, moveDemoIn);
  else await serve(config);
} catch (error) {
  if (!(error instanceof StartFailure || error instanceof ConfigError)) throw error;
  process.stderr.write(`${error.message}\n`);
  process.exitCode = 1;
}

async function serve(config: Config): Promise<void> {
  // At a terminal the address comes last: what is no warning waits until it stands there.
  const log = openLog(config.production || config.logLevel !== 'info' ? config.logLevel : 'warn');
  const house = await openHouse(config, { log, supervise: true });
  const { deps } = house;
  let server: Server;
  try {
    if (config.demo) await moveDemoIn(deps);
    await ensureFirstPolicy(deps);
    server = await listen(createServer(await createApp(deps)), config);
  } catch (error) {
    await house.close();
    throw explainStartFailure(error, { port: config.port, dataDir: config.dataDir });
  }
  const clock = await startTimetable(deps);
  log.info({ port: (server.address() as AddressInfo).port }, 'the house is open');
  if (config.production) await warnOperator(deps);
  else process.stdout.write(await welcome(deps));
  log.level = config.logLevel;

  const signal = await stopAsked.promise;
  leaveWhenAskedAgain();
  log.info({ signal }, 'closing: no new requests, those in hand are finished');
  await clock.stop();
  await finishRequests(server);
  await closeHouse(house);
  log.info('closed');
}

/** What an operator should know of a house that opens all the same. */
async function warnOperator({ config, db, log }: Deps): Promise<void> {
  if (isUnencrypted(config))
    log.warn(
      'BASE_URL is plain http: sessions and sign-in links can be read on the way. Put TLS in front, use https://',
    );
  if (await nobodyIsHere(db)) log.warn(`Nobody is here yet; the first admin moves in with: ${FIRST_ADMIN_COMMAND}`);
}

/** Not at once: Ctrl+C reaches us twice, from the terminal and through npm. */
function leaveWhenAskedAgain(): void {
  const patientUntil = performance.now() + 1000;
  const leave = (): void => void (performance.now() > patientUntil && process.exit(1));
  for (const again of ['SIGTERM', 'SIGINT'] as const) process.on(again, leave);
}

async function listen(server: Server, config: Config): Promise<Server> {
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(config.port, config.host, resolve);
  });
  return server;
}

async function finishRequests(server: Server): Promise<void> {
  // A kept-alive connection that has just had its answer would otherwise hold the door open.
  const idle = setInterval(() => server.closeIdleConnections(), 50);
  const impatience = setTimeout(() => server.closeAllConnections(), secondsToFinish * 1000);
  await new Promise((resolve) => server.close(resolve));
  clearInterval(idle);
  clearTimeout(impatience);
}

async function closeHouse(house: House): Promise<void> {
  try {
    await house.close();
  } catch (error) {
    house.deps.log.error({ err: error }, 'the house did not close cleanly');
    process.exitCode = 1;
  }
}

async function openAndClose(config: Config, work: (deps: Deps) => Promise<string>): Promise<void> {
  const house = await openHouse(config, { log: openLog(config.logLevel) });
  try {
    process.stdout.write(`${await work(house.deps)}\n`);
  } finally {
    await house.close();
  }
}

/**
 * Only into a house where nobody lives yet, and wholly or not at all: in one transaction, so that a start broken off
 * leaves no half of a company behind, and of several processes one moves in.
 */
async function moveDemoIn(deps: Deps): Promise<string> {
  const inhabited = async (db: Db): Promise<boolean> => (await db('employees').first('id')) !== undefined;
  const untouched = 'The database has people in it already, so it stays as it is.';
  if (await inhabited(deps.db)) return untouched;
  const { seedDemo } = await import('./demo.ts');
  return deps.db.transaction(async (trx) => {
    await trx.raw('select pg_advisory_xact_lock(?)', [demoLock]);
    if (await inhabited(trx)) return untouched;
    await seedDemo({ ...deps, db: trx });
    return 'The demo company is there.';
  });
}
