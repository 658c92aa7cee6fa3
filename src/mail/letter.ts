import { paths } from '../paths.ts';
import type { EmailFacts, EmailKind } from './email.ts';

/** A sentence to be said in the receiver's language. */
export type Sentence = { key: string; params?: Record<string, Value> };
/** Payroll months, "2027-07", said as "July or August 2027". */
export type Months = { months: string[] };
export type Sum = { minor: number; currency: string };
export type Value = string | number | Temporal.PlainDate | Sum | Months | Sentence;

/** What every letter is made of: one message, one button, the facts as a small table, and why it came. */
export type Letter = {
  subject: Sentence;
  title: Sentence;
  paragraphs: Sentence[];
  /** A person's own words, shown as theirs, and what is said after them. */
  quote: string | null;
  closing: Sentence[];
  facts: { label: string; value: Value }[];
  items: { text: Sentence; path: string }[];
  button: { label: string; path: string };
  /** The sentence at the foot: who sent it and why. */
  because: string;
};

type Parts = Partial<Omit<Letter, 'subject' | 'title' | 'paragraphs' | 'closing' | 'facts'>> & {
  facts?: [label: string, value: Value | null][];
  params?: Record<string, Value>;
  /** Which of the kind's paragraphs are said, by name; "text" alone unless told. */
  say?: string[];
  sayLast?: string[];
};

const day = (iso: string): Temporal.PlainDate => Temporal.PlainDate.from(iso);
const sum = (of: { amountMinor: number; currency: string }): Sum => ({ minor: of.amountMinor, currency: of.currency });
const openingOf = (title: string | null): Value => title ?? { key: 'mail.general' };

function letter(kind: EmailKind, parts: Parts): Letter {
  const { params = {}, say = ['text'], sayLast = [], facts = [] } = parts;
  const sentence = (name: string): Sentence => ({ key: `mail.${kind}.${name}`, params });
  return {
    subject: sentence('subject'),
    title: sentence('title'),
    paragraphs: say.map(sentence),
    quote: parts.quote ?? null,
    closing: sayLast.map(sentence),
    facts: facts.flatMap(([label, value]) => (value === null ? [] : [{ label: `mail.fact.${label}`, value }])),
    items: parts.items ?? [],
    button: parts.button ?? { label: 'mail.button.home', path: paths.home() },
    because: parts.because ?? 'mail.because.referrer',
  };
}

type AboutReferral = { referralId: number; candidateName: string; openingTitle?: string | null };

/** The letters to a referrer are all about one referral: its candidate, its opening, and the way to its page. */
function toReferrer(kind: EmailKind, data: AboutReferral, parts: Parts = {}): Letter {
  const opening: [string, Value][] = data.openingTitle === undefined ? [] : [['opening', openingOf(data.openingTitle)]];
  return letter(kind, {
    ...parts,
    params: { candidate: data.candidateName, ...parts.params },
    facts: [['candidate', data.candidateName], ...opening, ...(parts.facts ?? [])],
    button: parts.button ?? { label: 'mail.button.referral', path: paths.referral(data.referralId) },
  });
}

type Writers = { [Kind in EmailKind]: (data: EmailFacts[Kind]) => Letter };

const writers: Writers = {
  sign_in_link: (data) =>
    letter('sign_in_link', {
      params: { minutes: data.minutes, count: data.minutes },
      button: { label: 'mail.button.signIn', path: paths.signInLink(data.token ?? '…') },
      because: 'mail.because.signIn',
    }),
  thank_you: (data) =>
    toReferrer('thank_you', data, {
      facts: [['answerBy', day(data.answerDueOn)]],
      params: { by: day(data.answerDueOn) },
    }),
  already_recommended: (data) => toReferrer('already_recommended', data),
  new_referral: (data) =>
    toReferrer('new_referral', data, {
      params: { referrer: data.referrerName },
      facts: [
        ['referrer', data.referrerName],
        ['answerBy', day(data.answerDueOn)],
      ],
      button: { label: 'mail.button.review', path: paths.referral(data.referralId) },
      because: 'mail.because.recruiter',
    }),
  stage_moved: (data) =>
    toReferrer('stage_moved', data, {
      say: [`text_${data.stage}`],
      params: { stage: { key: `referrals.stage.${data.stage}` } },
      facts: [['stage', { key: `referrals.stage.${data.stage}` }]],
    }),
  declined: (data) =>
    toReferrer('declined', data, {
      sayLast: ['pool'],
      quote: data.feedback,
      params: { recruiter: data.recruiterName },
      facts: [
        ['reason', { key: `review.reason.${data.reason}.name` }],
        ['recruiter', data.recruiterName],
      ],
    }),
  withdrawn: (data) => toReferrer('withdrawn', data, { quote: data.feedback || null }),
  no_reply: (data) => toReferrer('no_reply', data, { quote: data.feedback || null }),
  hired: (data) => toReferrer('hired', data, hiredParts(data)),
  considered_again: (data) =>
    toReferrer('considered_again', data, {
      params: { until: day(data.ownedUntil), opening: openingOf(data.openingTitle) },
      facts: [['ownedUntil', day(data.ownedUntil)]],
    }),
  first_day_moved: (data) => toReferrer('first_day_moved', data, hiredParts(data)),
  hire_undone: (data) =>
    toReferrer('hire_undone', data, {
      say: data.hadBonus ? ['text', 'bonus'] : ['text'],
      params: { stage: { key: `referrals.stage.${data.stage}` } },
      facts: [['stage', { key: `referrals.stage.${data.stage}` }]],
    }),
  probation_moved: (data) =>
    toReferrer('probation_moved', data, {
      say: data.bonus ? ['text', 'bonus'] : ['text'],
      params: { ends: day(data.probationEndsOn), months: { months: data.bonus?.payrollPeriods ?? [] } },
      facts: [
        ['probationEnds', day(data.probationEndsOn)],
        ['bonus', data.bonus && sum(data.bonus)],
        ['payrollMonth', data.bonus && { months: data.bonus.payrollPeriods }],
      ],
    }),
  bonus_awarded: (data) =>
    toReferrer('bonus_awarded', data, {
      params: { sum: sum(data), months: { months: [data.payrollPeriod] } },
      facts: [
        ['bonus', sum(data)],
        ['payrollMonth', { months: [data.payrollPeriod] }],
      ],
      button: { label: 'mail.button.why', path: paths.bonus(data.bonusId) },
    }),
  bonus_paid: (data) =>
    toReferrer('bonus_paid', data, {
      params: { sum: sum(data), on: day(data.paidOn) },
      facts: [
        ['bonus', sum(data)],
        ['paidOn', day(data.paidOn)],
      ],
      button: { label: 'mail.button.why', path: paths.bonus(data.bonusId) },
    }),
  bonus_forfeited: (data) =>
    toReferrer('bonus_forfeited', data, {
      params: { sum: sum(data), reason: { key: `bonuses.forfeit.${data.reason}` } },
      facts: [
        ['bonus', sum(data)],
        ['reason', { key: `bonuses.forfeit.${data.reason}` }],
      ],
      button: { label: 'mail.button.why', path: paths.bonus(data.bonusId) },
    }),
  bonus_held: (data) =>
    letter('bonus_held', {
      params: { referrer: data.referrerName },
      facts: [
        ['referrer', data.referrerName],
        ['reason', whyHeld(data.reason)],
      ],
      button: { label: 'mail.button.bonus', path: paths.bonus(data.bonusId) },
      because: 'mail.because.admin',
    }),
  probations_ending: (data) =>
    letter('probations_ending', {
      params: { count: data.hires.length },
      say: data.hires.some((hire) => hire.confirmationRequired) ? ['text', 'confirm'] : ['text', 'automatic'],
      items: data.hires.map((hire) => ({
        text: {
          key: 'mail.probations_ending.item',
          params: { candidate: hire.candidateName, ends: day(hire.probationEndsOn) },
        },
        path: paths.hire(hire.hireId),
      })),
      button: { label: 'mail.button.hires', path: paths.hires() },
      because: 'mail.because.recruiter',
    }),
  overdue_digest: (data) =>
    letter('overdue_digest', {
      params: { count: data.referrals.length },
      items: data.referrals.map((referral) => ({
        text: {
          key: 'mail.overdue_digest.item',
          params: {
            candidate: referral.candidateName,
            opening: openingOf(referral.openingTitle),
            due: day(referral.dueOn),
          },
        },
        path: paths.referral(referral.referralId),
      })),
      button: { label: 'mail.button.review', path: paths.review() },
      because: 'mail.because.recruiter',
    }),
};

/** The run says `noAmount`, or `failed: ` and what the machine said. */
function whyHeld(reason: string): Sentence {
  const [word, ...said] = reason.split(': ');
  if (word === 'noAmount') return { key: 'bonuses.held.noAmount' };
  return { key: 'bonuses.held.failed', params: { said: said.join(': ') } };
}

function hiredParts(data: EmailFacts['hired']): Parts {
  if (!data.bonus) {
    const rule = data.noBonusRule
      ? [['reason', { key: `bonuses.rule.${data.noBonusRule}.name` }] as [string, Value]]
      : [];
    return {
      say: ['text', 'noBonus'],
      facts: [['firstDay', day(data.firstDayOn)], ...rule],
      params: { first: day(data.firstDayOn) },
    };
  }
  const months = { months: data.bonus.payrollPeriods };
  return {
    say: ['text', 'promise'],
    params: { first: day(data.firstDayOn), sum: sum(data.bonus), ends: day(data.bonus.probationEndsOn), months },
    facts: [
      ['firstDay', day(data.firstDayOn)],
      ['bonus', sum(data.bonus)],
      ['probationEnds', day(data.bonus.probationEndsOn)],
      ['payrollMonth', months],
    ],
  };
}

/** The letter of an e-mail, from its facts alone; its words are put to it when it is rendered. */
export function letterOf<Kind extends EmailKind>(kind: Kind, data: EmailFacts[Kind]): Letter {
  return (writers[kind] as (data: EmailFacts[Kind]) => Letter)(data);
}
