import type { AddressInfo } from 'node:net';
import PostalMime, { type Email } from 'postal-mime';
import { SMTPServer } from 'smtp-server';

export type Letter = Email & { receivers: string[] };

export type MailBox = {
  readonly url: string;
  readonly letters: Letter[];
  /** The newest letter to that address; throws when there is none. */
  lastTo(address: string): Letter;
  /** From now on every letter to the address is refused with this code. */
  refuse(address: string, code: number): void;
  close(): Promise<void>;
};

/** A real SMTP server on a real socket of this machine, which keeps what it is given. */
export async function openMailBox(): Promise<MailBox> {
  const letters: Letter[] = [];
  const refused = new Map<string, number>();
  const server = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    logger: false,
    // A test that failed half-way may have left a connection open: it must not keep the process alive.
    closeTimeout: 200,
    onRcptTo({ address }, _session, done) {
      const code = refused.get(address.toLowerCase());
      done(code ? Object.assign(new Error('not here'), { responseCode: code }) : null);
    },
    onData(stream, session, done) {
      const pieces: Buffer[] = [];
      stream.on('data', (piece: Buffer) => pieces.push(piece));
      stream.on('end', async () => {
        const email = await PostalMime.parse(Buffer.concat(pieces));
        letters.push({ ...email, receivers: session.envelope.rcptTo.map((to) => to.address) });
        done();
      });
    },
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const { port } = server.server.address() as AddressInfo;
  return {
    url: `smtp://127.0.0.1:${port}`,
    letters,
    lastTo(address) {
      const letter = letters.findLast((one) => one.receivers.includes(address));
      if (!letter)
        throw new Error(`No letter to ${address}; there are ${letters.map((one) => one.receivers).join(', ')}`);
      return letter;
    },
    refuse(address, code) {
      refused.set(address.toLowerCase(), code);
    },
    close: () => new Promise((done) => server.close(() => done())),
  };
}
