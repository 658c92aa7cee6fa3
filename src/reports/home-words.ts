import { type BonusState, bonusState } from '../bonuses/bonus.ts';
import { later, type PayrollPeriod, payrollPeriodOf } from '../lib/calendar.ts';
import { formatMonths, type Language } from '../lib/format.ts';
import { type Money, totalsByCurrency } from '../lib/money.ts';
import type { Translate } from '../lib/words.ts';
import { openPeriodFrom } from '../payroll/payroll.ts';

type MyBonus = {
  readonly amount: Money;
  readonly period: PayrollPeriod | null;
  readonly payrollCutoffDay: number;
} & Parameters<typeof bonusState>[0];

/** Today, and the periods whose run takes no more lines. */
type Now = { readonly today: Temporal.PlainDate; readonly exported: ReadonlySet<PayrollPeriod> };

type Bucket = 'promised' | 'awarded' | 'paid';
export type Mine = {
  readonly bucket: Bucket;
  readonly label: string;
  readonly sums: readonly Money[];
  readonly note: string;
  readonly months: string | null;
};

/** A forfeited one is nobody's any more, nor one that is about to be: its referral's page says why. */
const bucketOf: Record<BonusState, Bucket | null> = {
  promised: 'promised',
  waitingForConfirmation: 'promised',
  willForfeit: null,
  held: 'promised',
  awarded: 'awarded',
  inRun: 'awarded',
  paid: 'paid',
  forfeited: null,
};

/** Promised, awarded and paid: a sum per currency and the payroll months. Empty while nothing was ever promised. */
export function mineOf(t: Translate, language: Language, bonuses: readonly MyBonus[], now: Now): Mine[] {
  const sorted: Record<Bucket, MyBonus[]> = { promised: [], awarded: [], paid: [] };
  for (const bonus of bonuses) {
    const bucket = bucketOf[bonusState(bonus, now.today)];
    if (bucket) sorted[bucket].push(bonus);
  }
  if (Object.values(sorted).every((list) => list.length === 0)) return [];
  return (['promised', 'awarded', 'paid'] as const).map((bucket) => {
    const list = sorted[bucket];
    const months = bucket === 'paid' ? [] : monthsOf(list, now);
    return {
      bucket,
      label: t(`home.mine.${bucket}`),
      sums: totalsByCurrency(list.map((bonus) => bonus.amount)),
      note: list.length === 0 ? t(`home.mine.none.${bucket}`) : t(`home.mine.note.${bucket}`, { count: list.length }),
      months: months.length > 0 ? t('home.mine.months', { months: formatMonths(months, language) }) : null,
    };
  });
}

/** The nearest payroll months, at most two. A bonus that waits for somebody's word has none yet. */
function monthsOf(list: readonly MyBonus[], { today, exported }: Now): PayrollPeriod[] {
  const months = list.map((bonus) => {
    if (bonus.period !== null) return bonus.period;
    const waits = bonus.heldAt !== null || (bonus.confirmation === 'required' && bonus.passedOn === null);
    if (waits) return null;
    return openPeriodFrom(payrollPeriodOf(later(bonus.dueOn, today), bonus.payrollCutoffDay), exported);
  });
  return [...new Set(months.filter((month) => month !== null))].sort().slice(0, 2);
}
