import { type Request, Router } from 'express';
import { bonusState } from '../bonuses/bonus.ts';
import { listBonusesOfReferral, type ShownBonus } from '../bonuses/bonus-queries.ts';
import { bonusBadge, bonusStory, monthOf, whyLines } from '../bonuses/bonus-words.ts';
import { type HistoryRow, listHistoryOfReferral } from '../history/history-queries.ts';
import { dayOf, isBefore, later } from '../lib/calendar.ts';
import type { Deps } from '../lib/deps.ts';
import { NotFound } from '../lib/errors.ts';
import type { Translate } from '../lib/words.ts';
import { paths } from '../paths.ts';
import { hasRole } from '../people/employee.ts';
import { idOf, signedIn } from '../web/guards.ts';
import { page } from '../web/page.ts';
import { type MyPlace, parseMyReferrals, WHICH_ONES, type WhichOnes, writePlace } from './my-referrals-form.ts';
import { listMyReferrals, type MyReferral, type MyReferrals } from './my-referrals-queries.ts';
import {
  findLatestResume,
  getReferralPage,
  listResumesOfReferral,
  type ReferralPage,
  type ResumeRow,
} from './referral-queries.ts';
import { stateWord, stepsByDay, stepsOf } from './referral-steps.ts';
import { storyOf } from './referral-story.ts';
import { readRelationship } from './relationship.ts';
import { reviewActionsModel } from './review-queries.ts';

export function referralRoutes(deps: Deps): Router {
  const router = Router();

  router.get(paths.myReferrals(), signedIn, async (req, res) => {
    const { which, place } = parseMyReferrals(req.query);
    const { today } = req;
    const found = await listMyReferrals(deps.db, req.employee.id, { which, place, timeZone: deps.config.timeZone });
    page(req, res, 'referrals/mine', {
      title: req.t('referrals.mine.title'),
      area: 'home',
      today,
      which,
      filters: WHICH_ONES.map((one) => ({
        word: req.t(`referrals.mine.${one}`),
        href: listPath(one),
        isOn: one === which,
      })),
      showFilters: which !== 'all' || found.rows.length > 0,
      emptyKey: which === 'all' ? 'empty' : which === 'open' ? 'emptyOpen' : 'emptyEnded',
      rows: found.rows.map((row) => toRow(req, row, today)),
      ...pagesOf(found, which),
    });
  });

  router.get(paths.referral(':id'), signedIn, async (req, res) => {
    const { today } = req;
    const referral = await getReferralPage(deps.db, idOf(req), today);
    const viewer = viewerOf(req, referral);
    if (viewer === null) throw new NotFound();
    const from = typeof req.query.from === 'string' && /^\/review([?/]|$)/.test(req.query.from) ? req.query.from : '';
    const [history, resumes, bonuses, review] = await Promise.all([
      listHistoryOfReferral(deps.db, referral.id),
      listResumesOfReferral(deps.db, referral.id),
      viewer === 'manager' ? [] : listBonusesOfReferral(deps.db, referral.id, today),
      viewer === 'recruiter'
        ? reviewActionsModel(deps.db, { referralId: referral.id, viewer: req.employee, today, from })
        : null,
    ]);
    // The file belongs to the candidate: who decides reads the last one, also when this referral brought none.
    const kept =
      viewer === 'recruiter' && resumes.length === 0 ? await findLatestResume(deps.db, referral.candidateId) : null;
    const isThanksOnly = viewer === 'referrer' && referral.alreadyRecommended;
    const name = viewer === 'referrer' ? referral.nameGiven : referral.candidateName;
    page(req, res, 'referrals/show', {
      title: name,
      today,
      area: viewer === 'referrer' ? 'home' : 'review',
      crumbs: crumbsOf(req, viewer, from, name),
      viewer,
      isThanksOnly,
      referral,
      name,
      eyebrow: req.t(referral.openingTitle ? 'referrals.show.eyebrow' : 'referrals.show.eyebrowGeneral', {
        opening: referral.openingTitle,
      }),
      state: stateWord(referral),
      steps: words(req, stepsOf(referral, deps.config.timeZone, reachedAt(history))),
      story: storyFor(req, history, viewer),
      bonuses: bonuses
        .filter((one) => viewer === 'recruiter' || one.beneficiaryId === req.employee.id)
        .map((one) => bonusCard(req, one, today)),
      facts: factsOf(req, referral, viewer, { today, timeZone: deps.config.timeZone }),
      contact: viewer === 'recruiter' ? contactOf(req, referral) : [],
      outcomeKey: outcomeKey(referral, viewer),
      whyTitle:
        viewer === 'referrer'
          ? req.t('referrals.show.whyMine')
          : req.t('referrals.show.why', { name: referral.referrerName }),
      relationshipLabel: req.t(
        viewer === 'referrer' ? 'referrals.show.relationshipMine' : 'referrals.show.relationship',
      ),
      relationship: relationshipOf(req, referral.relationship),
      resumes: resumes.filter((one) => viewer !== 'referrer' || one.uploadedBy === req.employee.id).map(withSize(req)),
      resumeBefore: kept && { ...withSize(req)(kept), day: dayOf(kept.uploadedAt, deps.config.timeZone) },
      review,
    });
  });

  return router;
}

type Viewer = 'referrer' | 'recruiter' | 'manager';

/** As whom this person reads the referral; null: not at all, and they don't learn that it exists. */
function viewerOf(req: Request, referral: ReferralPage): Viewer | null {
  if (hasRole(req.employee, 'recruiter', 'admin')) return 'recruiter';
  if (referral.referrerId === req.employee.id) return 'referrer';
  return referral.hiringManagerId === req.employee.id && !referral.alreadyRecommended ? 'manager' : null;
}

function listPath(which: WhichOnes, place?: { side: MyPlace['side']; at: string }): string {
  const query = [
    ...(which === 'all' ? [] : [`show=${which}`]),
    ...(place ? [`${place.side}=${encodeURIComponent(place.at)}`] : []),
  ];
  return [paths.myReferrals(), ...(query.length > 0 ? [query.join('&')] : [])].join('?');
}

function pagesOf({ rows, hasNewer, hasOlder }: MyReferrals, which: WhichOnes) {
  const first = rows[0];
  const last = rows.at(-1);
  return {
    previous: hasNewer && first ? listPath(which, { side: 'newer', at: writePlace(first) }) : null,
    next: hasOlder && last ? listPath(which, { side: 'older', at: writePlace(last) }) : null,
  };
}

function words<T extends { key: string }>(req: Request, list: readonly T[]): (T & { word: string })[] {
  return list.map((one) => ({ ...one, word: req.t(one.key) }));
}

function toRow(req: Request, row: MyReferral, today: Temporal.PlainDate) {
  const { kind, key } = stateWord(row);
  const isWaiting = row.outcome === null && row.answeredAt === null && !row.alreadyRecommended;
  return {
    href: paths.referral(row.id),
    name: row.candidateName,
    opening: row.openingTitle ?? req.t('referrals.general'),
    state: { kind, word: req.t(key) },
    steps: row.alreadyRecommended ? null : words(req, stepsByDay(row)),
    note: noteOf(req, row, isWaiting, today),
    feedback: row.feedback || null,
    bonus: bonusOf(req, row, today),
  };
}

function noteOf(req: Request, row: MyReferral, isWaiting: boolean, today: Temporal.PlainDate): string | null {
  if (row.alreadyRecommended) return req.t('referrals.mine.alreadyText');
  if (isWaiting) {
    const key = isBefore(row.firstAnswerDueOn, today) ? 'late' : 'answerBy';
    return req.t(`referrals.mine.${key}`, { day: row.firstAnswerDueOn });
  }
  return row.declineReason ? req.t(`referrals.reason.${row.declineReason}`) : null;
}

function bonusOf(req: Request, row: MyReferral, today: Temporal.PlainDate) {
  const { amountMinor, currency, dueOn, confirmation } = row;
  const { probationEndsOn, leftOn } = row;
  if (amountMinor === null || currency === null || dueOn === null || confirmation === null) return null;
  if (probationEndsOn === null) return null;
  const state = bonusState({ ...row, dueOn, confirmation, probationEndsOn }, today);
  const amount = { minor: amountMinor, currency };
  const day = leftOn && later(leftOn, today);
  const isGood = state !== 'forfeited' && state !== 'willForfeit';
  return { text: req.t(`referrals.mine.bonus.${state}`, { amount, day }), isGood };
}

/** When each stage was last reached, by what was done; the entries come newest first. */
function reachedAt(history: readonly HistoryRow[]): ReadonlyMap<string, Temporal.Instant> {
  const moves = history.filter(({ deed, facts }) => deed === 'referral.moved' && typeof facts.to === 'string');
  return new Map(moves.toReversed().map(({ at, facts }) => [String(facts.to), at]));
}

/** The newest first. A hiring manager reads of no money, and only HR of what was flagged for HR. */
function storyFor(req: Request, history: readonly HistoryRow[], viewer: Viewer) {
  return history.flatMap((entry) => {
    if (!entry.deed.startsWith('bonus.')) return storyOf([entry], req.t);
    if (viewer === 'manager' || (viewer === 'referrer' && entry.deed === 'bonus.flagged')) return [];
    return bonusStory(req.t, req.language, [entry], { withNames: viewer === 'recruiter' });
  });
}

function bonusCard({ t, language, employee }: Request, bonus: ShownBonus, today: Temporal.PlainDate) {
  const isLost = bonus.state === 'forfeited' || bonus.state === 'willForfeit';
  const isOpen = bonus.awardedOn === null && !isLost;
  const isMine = bonus.beneficiaryId === employee.id;
  const { payrollPeriod } = bonus;
  const promised = isMine && bonus.state === 'promised' && payrollPeriod ? monthOf(payrollPeriod, language) : null;
  return {
    id: bonus.id,
    title: isMine ? t('referrals.show.bonus') : t('referrals.show.bonusOf', { name: bonus.beneficiaryName }),
    badge: bonusBadge(t, bonus.state),
    amount: isLost ? null : bonus.amount,
    promise: promised
      ? t('referrals.show.promise', { amount: bonus.amount, day: bonus.probationEndsOn, month: promised })
      : null,
    facts: [
      ...(isOpen ? [{ label: t('referrals.show.bonusDue'), day: bonus.dueOn }] : []),
      ...(bonus.state === 'willForfeit' && bonus.leftOn
        ? [{ label: t('referrals.show.bonusLostOn'), day: later(bonus.leftOn, today) }]
        : []),
      ...(bonus.payrollPeriod && !bonus.paidOn
        ? [payrollFact(t, bonus.state, monthOf(bonus.payrollPeriod, language))]
        : []),
      ...(bonus.paidOn ? [{ label: t('referrals.show.bonusPaid'), day: bonus.paidOn }] : []),
    ],
    why: whyLines(t, bonus.why),
    whyTitle: t('referrals.show.bonusWhy'),
    // While it is only promised, the sum and the day are what people come for; the rules are one click away.
    isLong: bonus.state === 'promised' || bonus.state === 'paid',
  };
}

/** What went to payroll says so: its month can't change any more. */
function payrollFact(t: Translate, state: ShownBonus['state'], month: string) {
  const fact = { label: t('referrals.show.bonusPayroll'), text: month };
  return state === 'exported' ? { ...fact, note: t('bonuses.facts.sealed') } : fact;
}

function crumbsOf(req: Request, viewer: Viewer, from: string, name: string) {
  const way =
    viewer === 'referrer'
      ? { label: req.t('referrals.show.crumbMine'), href: paths.myReferrals() }
      : {
          label: req.t(from ? 'referrals.show.crumbInbox' : 'frame.area.review'),
          href: from || paths.review(),
        };
  return viewer === 'manager' ? [] : [way, { label: name }];
}

type Now = { today: Temporal.PlainDate; timeZone: string };

function factsOf(req: Request, referral: ReferralPage, viewer: Viewer, { today, timeZone }: Now) {
  const { t } = req;
  const isMine = viewer === 'referrer';
  const opening = { label: t('referrals.show.opening'), text: referral.openingTitle ?? t('referrals.general') };
  const isLate = isBefore(referral.firstAnswerDueOn, today);
  const answerBy = {
    label: t(isLate ? 'referrals.show.answerWasDue' : 'referrals.show.answerBy'),
    day: referral.firstAnswerDueOn,
    ...(isLate && { note: t(isMine ? 'referrals.show.lateMine' : 'referrals.show.late') }),
  };
  const waits = referral.answeredAt === null && referral.outcome === null;
  return [
    referral.openingId === null ? opening : { ...opening, href: paths.opening(referral.openingId) },
    ...(isMine ? [] : [{ label: t('referrals.show.referrer'), text: referral.referrerName }]),
    ...(referral.recruiterName ? [{ label: t('referrals.show.recruiter'), text: referral.recruiterName }] : []),
    { label: t('referrals.show.madeOn'), day: referral.madeOn },
    ...(waits ? [answerBy] : []),
    ...ownerFacts(req, referral, viewer),
    ...(viewer === 'recruiter' ? [{ label: t('referrals.show.agreed'), day: dayOf(referral.agreedAt, timeZone) }] : []),
  ];
}

function ownerFacts({ t, employee }: Request, { ownerId, ownerName, ownedUntil }: ReferralPage, viewer: Viewer) {
  if (ownerId === null || viewer === 'manager') return [];
  if (viewer === 'referrer') {
    return ownerId === employee.id ? [{ label: t('referrals.show.owned'), day: ownedUntil }] : [];
  }
  const note = t('referrals.show.ownedUntil', { day: ownedUntil });
  return [{ label: t('referrals.show.owner'), text: ownerName, note }];
}

function contactOf({ t }: Request, referral: ReferralPage) {
  const { email, phone, profileLink, skills } = referral;
  return [
    ...(email ? [{ label: t('referrals.show.email'), text: email, href: `mailto:${encodeURIComponent(email)}` }] : []),
    ...(phone ? [{ label: t('referrals.show.phone'), text: phone, href: `tel:${phone}` }] : []),
    ...(profileLink
      ? [{ label: t('referrals.show.profile'), text: profileLink.replace(/^https:\/\//, ''), href: profileLink }]
      : []),
    ...(skills.length > 0 ? [{ label: t('referrals.show.skills'), text: skills.join(', ') }] : []),
  ];
}

/** The sentence over an outcome, as the referrer reads it and as the others do. */
function outcomeKey({ outcome }: ReferralPage, viewer: Viewer): string | null {
  if (outcome === null) return null;
  if (outcome === 'declined') return 'notThisTime';
  // To those who recorded it, the state says it all.
  return outcome === 'hired' && viewer !== 'referrer' ? null : `${outcome}Title`;
}

function relationshipOf({ t }: Request, stored: string): string {
  const { kind, words: added } = readRelationship(stored);
  const word = t(`referrals.relationship.${kind}`);
  return added === '' ? word : `${word}: ${added}`;
}

function withSize(req: Request) {
  return (resume: ResumeRow) => {
    const kilobytes = Math.max(1, Math.round(resume.sizeBytes / 1024));
    const amount = kilobytes < 1024 ? kilobytes : Math.round(kilobytes / 102.4) / 10;
    const unit = req.t(kilobytes < 1024 ? 'referrals.show.kilobytes' : 'referrals.show.megabytes', { amount });
    return { id: resume.id, text: req.t('referrals.show.resumeFile', { name: resume.fileName, size: unit }) };
  };
}
