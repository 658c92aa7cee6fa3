import { type Db, prepared, readDay } from '../lib/database.ts';
import type { MyPlace, WhichOnes } from './my-referrals-form.ts';
import type { DeclineReason, Outcome, Stage } from './referral.ts';

export const PAGE_SIZE = 20;

/** One of somebody's recommendations, as their list shows it. */
export type MyReferral = {
  readonly id: number;
  readonly candidateName: string;
  readonly openingTitle: string | null;
  readonly madeAt: Temporal.Instant;
  readonly madeOn: Temporal.PlainDate;
  readonly stage: Stage;
  /** Days of instants are those of the company's time zone. */
  readonly stageOn: Temporal.PlainDate;
  readonly firstAnswerDueOn: Temporal.PlainDate;
  readonly answeredAt: Temporal.Instant | null;
  readonly outcome: Outcome | null;
  readonly endedOn: Temporal.PlainDate | null;
  readonly declineReason: DeclineReason | null;
  /** At most 240 characters of it. */
  readonly feedback: string | null;
  readonly alreadyRecommended: boolean;
  /** The referrer's own bonus; all null when none is promised. */
  readonly amountMinor: number | null;
  readonly currency: string | null;
  readonly dueOn: Temporal.PlainDate | null;
  readonly awardedOn: Temporal.PlainDate | null;
  readonly forfeitedOn: Temporal.PlainDate | null;
  readonly heldAt: Temporal.Instant | null;
  readonly confirmation: 'automatic' | 'required' | null;
  readonly probationEndsOn: Temporal.PlainDate | null;
  readonly passedOn: Temporal.PlainDate | null;
  readonly leftOn: Temporal.PlainDate | null;
  readonly runId: number | null;
  readonly paidOn: Temporal.PlainDate | null;
};

const select = `select r.id, coalesce(r.candidate_name, c.full_name) as "candidateName", o.title as "openingTitle",
  r.made_at as "madeAt", r.made_on as "madeOn", r.stage,
  (r.stage_since at time zone $5)::date as "stageOn",
  r.first_answer_due_on as "firstAnswerDueOn", r.first_answered_at as "answeredAt", r.outcome,
  (r.ended_at at time zone $5)::date as "endedOn",
  r.decline_reason as "declineReason", left(r.feedback, 240) as feedback, r.already_recommended as "alreadyRecommended",
  b.amount_minor as "amountMinor", b.currency, b.due_on as "dueOn", b.awarded_on as "awardedOn",
  b.forfeited_on as "forfeitedOn", b.held_at as "heldAt", coalesce(p.terms ->> 'confirmation', 'automatic') as confirmation,
  h.probation_ends_on as "probationEndsOn", h.passed_on as "passedOn", h.left_on as "leftOn", l.run_id as "runId", l.paid_on as "paidOn"
from referrals r
join candidates c on c.id = r.candidate_id
left join openings o on o.id = r.opening_id
left join bonuses b on b.referral_id = r.id and b.beneficiary_id = r.referrer_id
left join hires h on h.id = b.hire_id
left join policies p on p.id = b.policy_id
left join payroll_lines l on l.bonus_id = b.id and l.reverses_line_id is null and l.released_at is null
where r.referrer_id = $1
  and ($2 = 'all' or ($2 = 'open') = (r.outcome is null and not r.already_recommended))`;

/** One text for all rows: pg takes longer to read twenty rows of thirty columns than the page takes to be written. */
const asJson = (query: string): string => `select coalesce(json_agg(found), '[]')::text as json from (${query}) found`;

/** The page people open most: one statement a direction, prepared once a connection. */
const older = {
  name: 'my-referrals-older',
  text: asJson(`${select} and (r.made_at, r.id) < ($3::timestamptz, $4::bigint)
order by r.made_at desc, r.id desc limit ${PAGE_SIZE + 1}`),
};
const newer = {
  name: 'my-referrals-newer',
  text: asJson(`${select} and (r.made_at, r.id) > ($3::timestamptz, $4::bigint)
order by r.made_at, r.id limit ${PAGE_SIZE + 1}`),
};
const newest: readonly [string, number] = ['infinity', 0];

export type MyReferrals = {
  readonly rows: readonly MyReferral[];
  readonly hasNewer: boolean;
  readonly hasOlder: boolean;
};

/** One page of what this employee recommended, the newest first. */
export async function listMyReferrals(
  db: Db,
  referrerId: number,
  { which, place, timeZone }: { which: WhichOnes; place: MyPlace | null; timeZone: string },
): Promise<MyReferrals> {
  const isNewer = place?.side === 'newer';
  const from = place ? ([place.madeAt.toString(), place.id] as const) : newest;
  const values = [referrerId, which, ...from, timeZone];
  const [answer] = await prepared<{ json: string }>(db, { ...(isNewer ? newer : older), values });
  const rows = (JSON.parse(answer?.json ?? '[]') as Row[]).map(toMyReferral);
  const isFull = rows.length > PAGE_SIZE;
  const found = rows.slice(0, PAGE_SIZE);
  if (isNewer) found.reverse();
  return { rows: found, hasNewer: isNewer ? isFull : place !== null, hasOlder: isNewer || isFull };
}

type AsText<T> = T extends Temporal.PlainDate | Temporal.Instant ? string : T;
type Row = { readonly [Column in keyof MyReferral]: AsText<MyReferral[Column]> };

const day = (text: string | null): Temporal.PlainDate | null => (text === null ? null : readDay(text));
const instant = (text: string | null): Temporal.Instant | null => (text === null ? null : Temporal.Instant.from(text));

function toMyReferral(row: Row): MyReferral {
  return {
    ...row,
    madeAt: Temporal.Instant.from(row.madeAt),
    madeOn: readDay(row.madeOn),
    stageOn: readDay(row.stageOn),
    firstAnswerDueOn: readDay(row.firstAnswerDueOn),
    answeredAt: instant(row.answeredAt),
    endedOn: day(row.endedOn),
    dueOn: day(row.dueOn),
    awardedOn: day(row.awardedOn),
    forfeitedOn: day(row.forfeitedOn),
    heldAt: instant(row.heldAt),
    probationEndsOn: day(row.probationEndsOn),
    passedOn: day(row.passedOn),
    leftOn: day(row.leftOn),
    paidOn: day(row.paidOn),
  };
}
