import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { createApp } from '../../src/app.ts';
import { openLog } from '../../src/lib/log.ts';
import { deliverMail } from '../../src/mail/delivery-service.ts';
import { openTestHouse, type TestHouse, type TestHouseOptions } from './house.ts';
import { type Letter, type MailBox, openMailBox } from './smtp.ts';

export type TestServer = TestHouse & {
  /** http://127.0.0.1:port: also where the links of its letters lead. */
  readonly baseUrl: string;
  /** Hands over what lies in the outbox, and gives the letters that came of it, in whatever order: several travel at once. */
  deliver(): Promise<Letter[]>;
};

export type TestServerOptions = TestHouseOptions & {
  /** Who and what is there before the doors open. */
  furnish?: (house: TestHouse) => Promise<void>;
};

/** The whole house behind a real port of this machine, and its mail on a real SMTP socket. */
export async function openTestServer({ furnish, ...options }: TestServerOptions = {}): Promise<TestServer> {
  const box = await openMailBox();
  const http = createServer();
  await new Promise<void>((done) => http.listen(0, '127.0.0.1', done));
  const baseUrl = `http://127.0.0.1:${(http.address() as AddressInfo).port}`;
  const closeDoors = async (): Promise<void> => {
    http.closeAllConnections();
    await new Promise((done) => http.close(done));
    await box.close();
  };
  const config = { baseUrl, smtpUrl: box.url, mailFrom: 'Vouch <vouch@example.com>', ...options.config };
  // A door left open would keep a test that failed here alive for ever.
  const house = await openTestHouse({ ...options, config, web: false }).catch(async (error) => {
    await closeDoors();
    throw error;
  });
  const close = async (): Promise<void> => {
    await closeDoors();
    await house.close();
  };
  try {
    await furnish?.(house);
    // A page that breaks says why: a browser sees only its number.
    const app = await createApp({ ...house.deps, log: openLog('error') }, { strictViews: true });
    http.on('request', app);
    return { ...house, app, baseUrl, deliver: () => deliver(house, box), close };
  } catch (error) {
    await close();
    throw error;
  }
}

async function deliver(house: TestHouse, { letters }: MailBox): Promise<Letter[]> {
  const before = letters.length;
  const { failed } = await deliverMail(house.deps);
  assert.equal(failed, 0, 'every letter left the house');
  return letters.slice(before);
}
