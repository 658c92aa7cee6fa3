import assert from 'node:assert/strict';
import type { PolicyTerms } from '../../src/bonuses/policy.ts';
import { ensureFirstPolicy, publishPolicy } from '../../src/bonuses/policy-service.ts';
import { settableClock } from '../../src/lib/clock.ts';
import { changeOpeningState, createOpening, type OpeningText } from '../../src/openings/opening-service.ts';
import type { Employee } from '../../src/people/employee.ts';
import { recommend } from '../../src/referrals/recommend-service.ts';
import { type Cast, cast } from './cast.ts';
import { openTestHouse, type TestHouse } from './house.ts';

export type TestEmail = { readonly kind: string; readonly language: string; readonly data: Record<string, unknown> };

/** A house where recruiting is at work: the cast, a policy, an opening of Anna's, and a clock that stands still. */
export type Recruiting = TestHouse & {
  readonly people: Cast;
  readonly openingId: number;
  /** Puts the clock to ten in the morning of that day, in the company's zone. */
  turnTo(day: string): void;
  /** Somebody new is recommended, for the opening unless told; by Ben unless told. Gives the referral's id. */
  refer(name: string, more?: { by?: Employee; openingId?: number | null }): Promise<number>;
  /** What lies in the outbox for somebody about one referral, by kind. */
  emailsTo(employee: Employee, referralId: number): Promise<Map<string, TestEmail>>;
};

const tenInTheMorning = (day: string): Temporal.Instant =>
  Temporal.PlainDate.from(day).toZonedDateTime({ timeZone: 'Europe/Berlin', plainTime: '10:00' }).toInstant();

export async function openRecruiting(options: { today: string; terms?: Partial<PolicyTerms> }): Promise<Recruiting> {
  const clock = settableClock('Europe/Berlin', tenInTheMorning(options.today));
  const house = await openTestHouse({ clock });
  const { deps, db } = house;
  const people = await cast(house);
  const first = await ensureFirstPolicy(deps);
  if (options.terms) {
    clock.set(tenInTheMorning(options.today).add({ hours: 24 }));
    const countsFrom = await clock.today(db);
    const terms = { ...first.terms, ...options.terms };
    const asked = { afterVersion: 1, countsFrom, terms, note: 'For a test' };
    assert.ok((await publishPolicy(deps, people.david, asked)).ok);
  }
  const openingId = await openOpening(house, people);
  let candidates = 0;
  return {
    ...house,
    people,
    openingId,
    turnTo: (day) => clock.set(tenInTheMorning(day)),
    async refer(name, more = {}) {
      candidates += 1;
      const address = `candidate${candidates}@elsewhere.example`;
      const answer = await recommend(deps, (more.by ?? people.ben).id, {
        submissionKey: `00000000-0000-4000-8000-${String(candidates).padStart(12, '0')}`,
        openingId: more.openingId === undefined ? openingId : more.openingId,
        candidate: {
          fullName: name,
          email: address,
          emailKey: address,
          phone: null,
          profileLink: null,
          profileKey: null,
          skills: [],
        },
        relationship: 'We worked together',
        why: `${name} built the payment system that we were all proud of.`,
        agreedTextVersion: 1,
        resume: null,
      });
      assert.ok(answer.ok);
      return answer.value.referralId;
    },
    async emailsTo({ id }, referralId) {
      const { rows } = await db.raw(
        `select kind, language, data from outbox_emails where to_employee_id = ? and data ->> 'referralId' = ?`,
        [id, String(referralId)],
      );
      const found: TestEmail[] = rows;
      assert.equal(new Set(found.map(({ kind }) => kind)).size, found.length, 'an e-mail of each kind, and no second');
      return new Map(found.map((email) => [email.kind, email]));
    },
  };
}

async function openOpening({ deps }: TestHouse, { anna, farid }: Cast): Promise<number> {
  const text: OpeningText = {
    title: 'Backend Engineer',
    department: 'Engineering',
    country: 'DE',
    place: 'Berlin',
    employmentType: 'permanent',
    level: 'senior',
    description: '',
    skills: [],
    hiringManagerId: farid.id,
    recruiterId: anna.id,
    isPriority: false,
  };
  const made = await createOpening(deps, anna, text);
  assert.ok(made.ok);
  assert.ok((await changeOpeningState(deps, anna, made.value, 'publish')).ok);
  return made.value;
}
