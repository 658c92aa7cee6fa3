import connectPgSimple from 'connect-pg-simple';
import type { Request, RequestHandler, Response } from 'express';
import session, { type SessionData } from 'express-session';
import type { Knex } from 'knex';
import type { Pool } from 'pg';
import type { Clock } from '../lib/clock.ts';
import { prepared } from '../lib/database.ts';
import type { Deps } from '../lib/deps.ts';
import type { Role, SignedIn } from '../people/employee.ts';
import { cookieName, cookieOptions } from './cookies.ts';

declare module 'express-session' {
  interface SessionData {
    employeeId: number;
  }
}

const idleSeconds = 8 * 60 * 60;
const absoluteSeconds = 7 * 24 * 60 * 60;

/**
 * Whichever limit comes first: idle from now, absolute from signing in. The database writes `signedInAt` into the
 * session when it first stores it, so that one clock decides.
 */
const expiry = (sess: string) =>
  `least(now() + interval '${idleSeconds} seconds', (${sess} ->> 'signedInAt')::timestamptz + interval '${absoluteSeconds} seconds')`;

/** Session, employee, roles and the day in one prepared query: the one thing every page asks first. */
const findText = `
select s.sess, ${expiry('s.sess')} - s.expire > interval '5 minutes' as is_stale,
  (now() at time zone $2)::date as today,
  e.id, e.staff_number, e.full_name, e.email, e.department,
  coalesce(e.chosen_language, e.language) as language, e.chosen_theme as theme,
  array(select r.role from employee_roles r where r.employee_id = e.id) as roles
from sessions s join employees e on e.id = s.employee_id
where s.sid = $1 and s.expire > now()
  and (e.employed_until is null or e.employed_until >= (now() at time zone $2)::date)`;

const moveOnText = `update sessions set expire = ${expiry('sess')} where sid = $1`;

type Row = {
  sess: SessionData;
  is_stale: boolean;
  today: Temporal.PlainDate;
  id: number;
  staff_number: string;
  full_name: string;
  email: string;
  department: string;
  language: SignedIn['language'];
  theme: SignedIn['theme'];
  roles: Role[];
};

type Found = { readonly employee: SignedIn; readonly today: Temporal.PlainDate };
type Done = (error?: unknown) => void;

const PgStore = connectPgSimple(session);

/**
 * Sessions in PostgreSQL. Reading one also reads the employee; people who have left have none. The idle limit is moved
 * on at most every five minutes, so an ordinary page writes nothing.
 */
class SessionStore extends PgStore {
  readonly #db: Knex;
  readonly #clock: Clock;
  /** Whom `get` read, until `createSession` hands them to the request. */
  readonly #found = new WeakMap<object, Found>();
  /**
   * None: express-session would call it as each answer ends, and to wait for it cuts every answer in two. `get` moves
   * the idle limit on.
   */
  override readonly touch = undefined as never;

  constructor(db: Knex, clock: Clock) {
    super({ pool: knexAsPool(db), tableName: 'sessions', pruneSessionInterval: false });
    this.#db = db;
    this.#clock = clock;
  }

  override get(sid: string, done: (error: unknown, sess?: SessionData | null) => void): void {
    this.#find(sid).then((sess) => done(null, sess), done);
  }

  async #find(sid: string): Promise<SessionData | null> {
    const query = { name: 'find-session', text: findText, values: [sid, this.#clock.timeZone] };
    const [row] = await prepared<Row>(this.#db, query);
    if (!row) return null;
    if (row.is_stale) await prepared(this.#db, { name: 'move-session-on', text: moveOnText, values: [sid] });
    this.#found.set(row.sess, { employee: toSignedIn(row), today: this.#clock.todayBy(row.today) });
    return row.sess;
  }

  override createSession(req: Request, sess: SessionData): session.Session & SessionData {
    const found = this.#found.get(sess);
    const created = super.createSession(req, sess);
    if (found) {
      req.employee = found.employee;
      req.today = found.today;
      this.#found.set(created, found);
    }
    return created;
  }

  override set(sid: string, sess: SessionData, done: Done = () => {}): void {
    const values = [sid, JSON.stringify(sess)];
    if (this.#found.has(sess)) {
      // It was there when the request came. Signed out everywhere meanwhile, it stays gone, however slow the upload.
      const update = `update sessions set sess = $2::jsonb || jsonb_build_object('signedInAt', sess -> 'signedInAt'),
  expire = ${expiry('sess')} where sid = $1`;
      prepared(this.#db, { name: 'update-session', text: update, values }).then(() => done(), done);
      return;
    }
    const text = `
insert into sessions (sid, sess, expire)
values ($1, $2::jsonb || jsonb_build_object('signedInAt', now()), now() + interval '${idleSeconds} seconds')
on conflict (sid) do update set
  sess = excluded.sess || jsonb_build_object('signedInAt', sessions.sess -> 'signedInAt'),
  expire = ${expiry('sessions.sess')}`;
    prepared(this.#db, { name: 'save-session', text, values }).then(() => done(), done);
  }
}

/** connect-pg-simple asks for pg's pool, and only for its `query`; the house has one pool, and knex keeps it. */
function knexAsPool(db: Knex): Pool {
  const query = async (text: string, values: unknown[]) => {
    return { rows: await prepared(db, { name: `session-${text.slice(0, 12)}`, text, values }) };
  };
  return { query } as unknown as Pool;
}

function toSignedIn(row: Row): SignedIn {
  const { id, email, department, language, theme } = row;
  const roles: Role[] = ['employee', ...row.roles];
  return { id, staffNumber: row.staff_number, fullName: row.full_name, email, department, language, theme, roles };
}

/** Reads the session of a request, and with it `req.employee`. Visitors get none until they sign in. */
export function sessions(deps: Pick<Deps, 'clock' | 'config' | 'db'>): RequestHandler {
  const { baseUrl, sessionSecret } = deps.config;
  return session({
    name: sessionCookie(baseUrl),
    secret: sessionSecret,
    store: new SessionStore(deps.db, deps.clock),
    resave: false,
    saveUninitialized: false,
    // Behind a proxy the outer leg is https, which it says in X-Forwarded-Proto.
    proxy: baseUrl.startsWith('https:') ? true : undefined,
    cookie: { ...cookieOptions(baseUrl), maxAge: absoluteSeconds * 1000 },
  });
}

function sessionCookie(baseUrl: string): string {
  return cookieName('vouch_session', baseUrl);
}

/** Begins a session for the employee, under a new id: whoever planted or saw the old one has nothing. */
export async function signIn(req: Request, employeeId: number): Promise<void> {
  await new Promise<void>((done, fail) => req.session.regenerate((error) => (error ? fail(error) : done())));
  req.session.employeeId = employeeId;
  await new Promise<void>((done, fail) => req.session.save((error) => (error ? fail(error) : done())));
}

export async function signOut(req: Request, res: Response): Promise<void> {
  const { baseUrl } = req.app.get('frame').config;
  await new Promise<void>((done, fail) => req.session.destroy((error) => (error ? fail(error) : done())));
  res.clearCookie(sessionCookie(baseUrl), cookieOptions(baseUrl));
}
