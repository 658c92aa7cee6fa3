import { seedDemo } from '../../src/demo.ts';
import { openTestServer, type TestServer } from './server.ts';

/** The demo company behind a real port: a year of everything, in a database of its own. */
export function openDemoServer(): Promise<TestServer> {
  return openTestServer({ furnish: ({ deps }) => seedDemo(deps) });
}
