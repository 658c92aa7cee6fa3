import { dueOn } from '../../src/bonuses/bonus.ts';
import { insertBonus } from '../../src/bonuses/bonus-store.ts';
import { DEFAULT_TERMS, type PolicyTerms } from '../../src/bonuses/policy.ts';
import type { Db, Trx } from '../../src/lib/database.ts';
import type { Employee } from '../../src/people/employee.ts';

type Day = Temporal.PlainDate;
type House = { readonly db: Db & { transaction<T>(work: (trx: Trx) => Promise<T>): Promise<T> } };

export type PromiseWish = {
  referrer: Pick<Employee, 'id'>;
  /** The hire's manager. */
  manager?: Pick<Employee, 'id'>;
  candidate?: string;
  /** The last day of probation; the first day is six months before. */
  probationEndsOn: Day;
  minor?: number;
  currency?: string;
  terms?: Partial<PolicyTerms>;
  passedOn?: Day;
  leftOn?: Day;
  /** The last day of ownership; by default a year after the recommendation. */
  ownedUntil?: Day;
};

export type Promised = { bonusId: number; hireId: number; referralId: number; candidateId: number; dueOn: Day };

let count = 0;

/** A hire that a referral led to, with the bonus promised for it: what every test about bonuses begins with. */
export async function promiseBonus(house: House, wish: PromiseWish): Promise<Promised> {
  count += 1;
  const terms: PolicyTerms = { ...DEFAULT_TERMS, ...wish.terms };
  const firstDayOn = wish.probationEndsOn.subtract({ months: 6 }).add({ days: 1 });
  const madeOn = firstDayOn.subtract({ days: 40 });
  const madeAt = `${madeOn}T09:00:00Z`;
  return house.db.transaction(async (trx) => {
    const one = async (sql: string, values: unknown[]): Promise<number> =>
      (await trx.raw(`${sql} returning id`, values as never)).rows[0].id;
    const policyId = await policyWith(trx, terms);
    const name = wish.candidate ?? `Candidate ${count}`;
    const candidateId = await one(
      'insert into candidates (full_name, email, email_key, created_at) values (?, ?, ?, ?)',
      [name, `c${count}@example.org`, `c${count}@example.org`, madeAt],
    );
    const referralId = await one(
      `insert into referrals (candidate_id, referrer_id, referrer_roles, policy_id, submission_key, relationship, why,
         agreed_at, agreed_text_version, made_at, made_on, stage, stage_since, first_answer_due_on, first_answered_at,
         outcome, ended_at)
       values (?, ?, '{employee}', ?, gen_random_uuid(), 'colleague', 'Good', ?, 1, ?, ?, 'offer', ?, ?, ?, 'hired', ?)`,
      [
        candidateId,
        wish.referrer.id,
        policyId,
        madeAt,
        madeAt,
        madeOn,
        madeAt,
        madeOn.add({ days: 2 }),
        madeAt,
        madeAt,
      ],
    );
    await one(
      'insert into ownerships (candidate_id, referrer_id, referral_id, owned_from, owned_until) values (?, ?, ?, ?, ?)',
      [candidateId, wish.referrer.id, referralId, madeOn, wish.ownedUntil ?? madeOn.add({ months: 12 })],
    );
    const hireId = await one(
      `insert into hires (referral_id, candidate_id, department, country, level, employment_type, manager_id, first_day_on,
         probation_months, probation_ends_on, passed_on, left_on, recorded_by, recorded_at)
       values (?, ?, 'Engineering', 'DE', 'senior', 'permanent', ?, ?, 6, ?, ?, ?, ?, ?)`,
      [
        ...[referralId, candidateId, wish.manager?.id ?? null, firstDayOn, wish.probationEndsOn],
        ...[wish.passedOn ?? null, wish.leftOn ?? null, wish.referrer.id, madeAt],
      ],
    );
    const due = dueOn(wish, terms);
    const bonusId = await insertBonus(trx, {
      hireId,
      referralId,
      beneficiaryId: wish.referrer.id,
      policyId,
      amount: { minor: wish.minor ?? 150_000, currency: wish.currency ?? 'EUR' },
      promisedAt: Temporal.Instant.from(madeAt),
      dueOn: due,
      why: [],
    });
    return { bonusId, hireId, referralId, candidateId, dueOn: due };
  });
}

/** The version with these terms: made once, and shared by all that were promised under it. */
async function policyWith(trx: Trx, terms: PolicyTerms): Promise<number> {
  const { rows } = await trx.raw('select id from policies where terms = ?::jsonb', [JSON.stringify(terms)]);
  if (rows[0]) return rows[0].id;
  const made = await trx.raw(
    `insert into policies (version, counts_from, terms, created_at)
     select coalesce(max(version), 0) + 1, '2020-01-01', ?::jsonb, '2020-01-01' from policies returning id`,
    [JSON.stringify(terms)],
  );
  return made.rows[0].id;
}
