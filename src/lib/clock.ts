import type { Knex } from 'knex';

/**
 * Where "now" and "today" come from. The database's clock, so that several processes on several machines agree; the
 * day is the calendar day in the company's time zone, wherever the server runs.
 */
export type Clock = {
  readonly timeZone: string;
  now(db: Knex | Knex.Transaction): Promise<Temporal.Instant>;
  today(db: Knex | Knex.Transaction): Promise<Temporal.PlainDate>;
  /** Today, for whoever asked the database something else and got its day as well: a question less for each page. */
  todayBy(databaseDay: Temporal.PlainDate): Temporal.PlainDate;
};

export function databaseClock(timeZone: string): Clock {
  const now = async (db: Knex | Knex.Transaction): Promise<Temporal.Instant> => {
    // clock_timestamp, not now(): in a long transaction the day may have turned since it began.
    const { rows } = await db.raw('select clock_timestamp() as now');
    return rows[0].now;
  };
  return {
    timeZone,
    now,
    today: async (db) => (await now(db)).toZonedDateTimeISO(timeZone).toPlainDate(),
    todayBy: (databaseDay) => databaseDay,
  };
}

/** A clock that stands where it is put: the demo company's past is made with it, and tests that turn the calendar. */
export function settableClock(timeZone: string, start: Temporal.Instant): Clock & { set(at: Temporal.Instant): void } {
  let at = start;
  const today = (): Temporal.PlainDate => at.toZonedDateTimeISO(timeZone).toPlainDate();
  return {
    timeZone,
    set(next) {
      at = next;
    },
    now: async () => at,
    today: async () => today(),
    todayBy: today,
  };
}
