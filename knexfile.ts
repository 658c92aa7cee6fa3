import type { Knex } from 'knex';
import { loadConfig } from './src/config.ts';

/** For the knex command only; the house itself connects in src/lib/database.ts. */
const config: Knex.Config = {
  client: 'pg',
  connection: loadConfig().databaseUrl ?? undefined,
  migrations: { directory: './migrations', loadExtensions: ['.ts'] },
};

export default config;
