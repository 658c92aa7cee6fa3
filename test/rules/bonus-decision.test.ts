import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import {
  type BonusFacts,
  type Decision,
  decideBonus,
  RULES,
  type RuleName,
  whyNoPromise,
} from '../../src/bonuses/decision.ts';
import { DEFAULT_TERMS, type PolicyTerms } from '../../src/bonuses/policy.ts';

const day = (text: string) => Temporal.PlainDate.from(text);

type Changes = {
  hire?: Partial<BonusFacts['hire']>;
  referrer?: Partial<BonusFacts['referrer']>;
  amount?: BonusFacts['amount'];
  heldReason?: string;
  ownership?: BonusFacts['ownership'];
};

/** Ben recommended Maria, who starts on 1 September 2026 and whose probation ends on 28 February 2027: due on 1 March. */
function facts({ hire, referrer, ...rest }: Changes = {}): BonusFacts {
  return {
    amount: { minor: 150_000, currency: 'EUR' },
    heldReason: null,
    ownership: { fromOn: day('2026-06-01'), untilOn: day('2027-06-01') },
    ...rest,
    hire: {
      firstDayOn: day('2026-09-01'),
      probationEndsOn: day('2027-02-28'),
      passedOn: null,
      leftOn: null,
      managerIds: [20, 21],
      ...hire,
    },
    referrer: {
      id: 10,
      roles: ['employee'],
      employedFrom: day('2020-01-01'),
      employedUntil: null,
      noticeGivenOn: null,
      ...referrer,
    },
  };
}

const decide = (on: string, changes: Changes = {}, terms: Partial<PolicyTerms> = {}): Decision =>
  decideBonus(facts(changes), { ...DEFAULT_TERMS, ...terms }, day(on));

function lineOf(decision: Decision, rule: RuleName) {
  const line = decision.why.find((one) => one.rule === rule);
  assert.ok(line, rule);
  return line;
}

function assertWait(decision: Decision, reason: string, until: string | null, payrollPeriod: string | null): void {
  assert.ok(decision.verdict === 'wait', decision.verdict);
  assert.deepEqual(
    [decision.reason, decision.until?.toString() ?? null, decision.payrollPeriod],
    [reason, until, payrollPeriod],
  );
}

function assertForfeit(decision: Decision, reason: string, rule: RuleName): void {
  assert.ok(decision.verdict === 'forfeit', decision.verdict);
  assert.equal(decision.reason, reason);
  const line = lineOf(decision, rule);
  assert.equal(line.passed, 'no');
  assert.equal(line.until, undefined, 'a final no is not asked again');
}

function assertAward(decision: Decision, payrollPeriod: string): void {
  assert.ok(decision.verdict === 'award', decision.verdict);
  assert.equal(decision.payrollPeriod, payrollPeriod);
  assert.deepEqual(
    decision.why.map((line) => line.passed),
    RULES.map(() => 'yes'),
  );
}

describe('when a bonus is awarded', () => {
  it('on the day after the last day of probation, never on the last day', () => {
    assertWait(decide('2026-06-01'), 'probation', '2027-03-01', '2027-03');
    assertWait(decide('2027-02-28'), 'probation', '2027-03-01', '2027-03');
    assertAward(decide('2027-03-01'), '2027-03');
    assert.equal(decide('2027-02-28').dueOn.toString(), '2027-03-01');
  });

  it('so many extra days later', () => {
    const terms = { extraDays: 30 };
    assertWait(decide('2027-02-28', {}, terms), 'probation', '2027-03-31', '2027-04');
    assertWait(decide('2027-03-01', {}, terms), 'extraDays', '2027-03-31', '2027-04');
    assertWait(decide('2027-03-30', {}, terms), 'extraDays', '2027-03-31', '2027-04');
    assertAward(decide('2027-03-31', {}, terms), '2027-04');
    const { facts: seen } = lineOf(decide('2027-03-01', {}, terms), 'probation');
    assert.deepEqual(seen, { firstDayOn: '2026-09-01', lastDayOn: '2027-02-28', extraDays: 30, dueOn: '2027-03-31' });
  });

  it('across 29 February and the end of a year', () => {
    const leap = { hire: { probationEndsOn: day('2028-02-29') } };
    assertWait(decide('2028-02-29', leap), 'probation', '2028-03-01', '2028-03');
    assertAward(decide('2028-03-01', leap), '2028-03');
    const december = { hire: { probationEndsOn: day('2026-12-31') } };
    assertWait(decide('2026-12-31', december), 'probation', '2027-01-01', '2027-01');
    assertAward(decide('2027-01-01', december), '2027-01');
  });

  it('into the run of the month up to the cut-off day, and into the next after it', () => {
    assertAward(decide('2027-03-20'), '2027-03');
    assertAward(decide('2027-03-21'), '2027-04');
    assertAward(decide('2027-03-02', {}, { payrollCutoffDay: 1 }), '2027-04');
    assertAward(decide('2027-12-21'), '2028-01');
  });

  it('no earlier because HR recorded early that it was passed', () => {
    const passed = { hire: { passedOn: day('2027-01-10') } };
    assertWait(decide('2027-01-10', passed), 'probation', '2027-03-01', '2027-03');
    assertWait(decide('2027-02-28', passed), 'probation', '2027-03-01', '2027-03');
    assertAward(decide('2027-03-01', passed), '2027-03');
    assert.equal(lineOf(decide('2027-02-01', passed), 'hireStayed').passed, 'yes');
  });
});

describe('where confirmation is required', () => {
  const terms = { confirmation: 'required' } as const;
  it('the day passes without a word and nothing is ever awarded by itself', () => {
    assertWait(decide('2027-02-28', {}, terms), 'probation', '2027-03-01', null);
    assertWait(decide('2027-03-01', {}, terms), 'confirmation', null, null);
    assertWait(decide('2036-03-01', {}, terms), 'confirmation', null, null);
    const line = lineOf(decide('2027-03-01', {}, terms), 'confirmation');
    assert.deepEqual(line, { rule: 'confirmation', passed: 'notYet', facts: { required: 'required', passedOn: null } });
    for (const on of ['2027-03-01', '2036-03-01']) {
      for (const one of decide(on, {}, terms).why) assert.equal(one.until, undefined, one.rule);
    }
  });
  it('the word awards it, said before the day or after it', () => {
    assertAward(decide('2027-03-01', { hire: { passedOn: day('2027-02-01') } }, terms), '2027-03');
    assertAward(decide('2027-04-25', { hire: { passedOn: day('2027-04-25') } }, terms), '2027-05');
    assertWait(
      decide('2027-02-20', { hire: { passedOn: day('2027-02-01') } }, terms),
      'probation',
      '2027-03-01',
      '2027-03',
    );
  });
  it('the referrer is judged on the day of a late word', () => {
    const said = { passedOn: day('2027-04-25') };
    const until = (last: string) => ({ hire: said, referrer: { employedUntil: day(last) } });
    assertAward(decide('2027-04-30', until('2027-04-25'), terms), '2027-05');
    assertForfeit(decide('2027-04-30', until('2027-04-24'), terms), 'referrerLeft', 'referrerEmployed');
    // Without a word yet, who stayed to the due day keeps the hope that the word is for that day.
    assertWait(
      decide('2027-04-30', { referrer: { employedUntil: day('2027-03-01') } }, terms),
      'confirmation',
      null,
      null,
    );
    assertForfeit(
      decide('2027-04-30', { referrer: { employedUntil: day('2027-02-28') } }, terms),
      'referrerLeft',
      'referrerEmployed',
    );
  });
  it('an exclusion is no forfeit before the word', () => {
    assertWait(decide('2027-03-05', { referrer: { roles: ['recruiter'] } }, terms), 'confirmation', null, null);
  });
});

describe('when the hire leaves', () => {
  const left = (on: string, rest = {}) => ({ hire: { leftOn: day(on), ...rest } });
  it('on or before the last day of probation, it is forfeited as soon as the day has come', () => {
    assertForfeit(decide('2027-02-28', left('2027-02-28')), 'leftInProbation', 'hireStayed');
    assertForfeit(decide('2027-03-01', left('2027-02-28')), 'leftInProbation', 'hireStayed');
    assertForfeit(decide('2026-10-05', left('2026-10-05')), 'leftInProbation', 'hireStayed');
    assertForfeit(decide('2026-09-05', left('2026-08-31')), 'leftInProbation', 'hireStayed');
  });
  it('a last day ahead waits until it has come, and has no payroll month', () => {
    assertWait(decide('2026-10-04', left('2026-10-05')), 'probation', '2026-10-05', null);
    assert.deepEqual(lineOf(decide('2026-10-04', left('2026-10-05')), 'hireStayed'), {
      rule: 'hireStayed',
      passed: 'no',
      facts: { leftOn: '2026-10-05', lastDayOn: '2027-02-28', passedOn: null },
      until: '2026-10-05',
    });
  });
  it('on the day after the last day, or in the extra days, it is awarded', () => {
    assertAward(decide('2027-03-01', left('2027-03-01')), '2027-03');
    assertAward(decide('2027-03-31', left('2027-03-02'), { extraDays: 30 }), '2027-04');
  });
  it('on the last day, but HR has recorded that it was passed: awarded on the due day', () => {
    const passed = left('2027-02-28', { passedOn: day('2027-02-28') });
    assertWait(decide('2027-02-28', passed), 'probation', '2027-03-01', '2027-03');
    assertAward(decide('2027-03-01', passed), '2027-03');
  });
  it('the line says not yet on the last day and yes on the day after', () => {
    const line = (on: string) => lineOf(decide(on, {}, { extraDays: 5 }), 'hireStayed');
    assert.deepEqual([line('2027-02-28').passed, line('2027-02-28').until], ['notYet', '2027-03-01']);
    assert.deepEqual([line('2027-03-01').passed, line('2027-03-01').until], ['yes', undefined]);
  });
});

describe('whose referral it is', () => {
  const owned = (from: string, until: string) => ({ ownership: { fromOn: day(from), untilOn: day(until) } });
  it('is measured to the first day of work, the last day of ownership counts', () => {
    assertAward(decide('2027-03-01', owned('2026-01-01', '2026-09-01')), '2027-03');
    assertForfeit(decide('2027-03-01', owned('2026-01-01', '2026-08-31')), 'notTheOwner', 'owner');
    assertAward(decide('2027-03-01', owned('2026-09-01', '2027-09-01')), '2027-03');
    assertForfeit(decide('2027-03-01', owned('2026-09-02', '2027-09-02')), 'notTheOwner', 'owner');
  });
  it('never of who never owned the candidate, at once', () => {
    const never = decide('2026-09-02', { ownership: null });
    assertForfeit(never, 'notTheOwner', 'owner');
    const nobody = { ownedFromOn: null, ownedUntilOn: null, firstDayOn: '2026-09-01' };
    assert.deepEqual(lineOf(never, 'owner').facts, nobody);
    const mine = { ownedFromOn: '2026-06-01', ownedUntilOn: '2027-06-01', firstDayOn: '2026-09-01' };
    assert.deepEqual(lineOf(decide('2026-09-02'), 'owner').facts, mine);
  });
});

describe('who may receive it', () => {
  it('no excluded function, on the day it falls due', () => {
    const recruiter = { referrer: { roles: ['employee', 'recruiter'] as const } };
    assertForfeit(decide('2027-03-01', recruiter), 'excludedFunction', 'function');
    assertWait(decide('2027-02-28', recruiter), 'probation', '2027-03-01', '2027-03');
    assert.deepEqual(lineOf(decide('2027-02-28', recruiter), 'function'), {
      rule: 'function',
      passed: 'no',
      facts: { excludedRole: 'recruiter' },
      until: '2027-03-01',
    });
    assertAward(decide('2027-03-01', recruiter, { excludedFunctions: ['payroll'] }), '2027-03');
    assertAward(decide('2027-03-01', recruiter, { excludedFunctions: [] }), '2027-03');
  });

  it('no manager of the hire, as far up as the policy says', () => {
    const chain = (managerIds: number[]) => ({ hire: { managerIds } });
    assertForfeit(decide('2027-03-01', chain([10, 21])), 'managerOfTheHire', 'reportingChain');
    assertForfeit(decide('2027-03-01', chain([20, 21, 10])), 'managerOfTheHire', 'reportingChain');
    assertForfeit(
      decide('2027-03-01', chain([10]), { excludeReportingChain: 'direct' }),
      'managerOfTheHire',
      'reportingChain',
    );
    assertAward(decide('2027-03-01', chain([20, 10]), { excludeReportingChain: 'direct' }), '2027-03');
    assertAward(decide('2027-03-01', chain([10]), { excludeReportingChain: 'no' }), '2027-03');
    assertWait(decide('2027-02-28', chain([10])), 'probation', '2027-03-01', '2027-03');
  });

  it('who is employed on the due day, and not who left the day before', () => {
    const until = (last: string) => ({ referrer: { employedUntil: day(last) } });
    assertAward(decide('2027-03-01', until('2027-03-01')), '2027-03');
    assertForfeit(decide('2027-03-01', until('2027-02-28')), 'referrerLeft', 'referrerEmployed');
  });

  it('who left is out at once; who will leave before the due day, on the day after the last', () => {
    const gone = { referrer: { employedUntil: day('2026-12-31') } };
    assertWait(decide('2026-12-31', gone), 'probation', '2027-03-01', '2027-03');
    assertForfeit(decide('2027-01-01', gone), 'referrerLeft', 'referrerEmployed');
    const line = lineOf(decide('2026-12-31', gone), 'referrerEmployed');
    assert.deepEqual([line.passed, line.until], ['no', '2027-03-01']);
    assert.equal(lineOf(decide('2026-12-31'), 'referrerEmployed').passed, 'notYet');
    assert.equal(lineOf(decide('2026-12-31'), 'referrerEmployed').until, '2027-03-01');
  });

  it('not who is under notice on the due day, unless the policy allows it', () => {
    const notice = (on: string) => ({ referrer: { noticeGivenOn: day(on) } });
    assertForfeit(decide('2027-03-01', notice('2027-03-01')), 'referrerUnderNotice', 'goodStanding');
    assertForfeit(decide('2027-03-05', notice('2027-03-01')), 'referrerUnderNotice', 'goodStanding');
    assertAward(decide('2027-03-05', notice('2027-03-02')), '2027-03');
    assertAward(decide('2027-03-01', notice('2027-02-01'), { underNotice: 'allowed' }), '2027-03');
    assertWait(decide('2027-02-28', notice('2027-02-01')), 'probation', '2027-03-01', '2027-03');
  });

  it('thirty days in which no job ran cost nobody anything', () => {
    const late = '2027-03-31';
    assertAward(decide(late, { referrer: { employedUntil: day('2027-03-01') } }), '2027-04');
    assertAward(decide(late, { referrer: { noticeGivenOn: day('2027-03-02') } }), '2027-04');
    assertAward(decide(late, { hire: { leftOn: day('2027-03-01') } }), '2027-04');
  });
});

describe('what stops it', () => {
  it('a hold by hand, whatever the facts say', () => {
    for (const changes of [{}, { hire: { leftOn: day('2027-01-01') } }]) {
      const held = decide('2027-03-01', { ...changes, heldReason: 'We are asking the manager.' });
      assert.ok(held.verdict === 'hold' && held.reason === 'heldByHand');
      assert.equal(lineOf(held, 'hold').passed, 'no');
    }
  });
  it('a sum that is none, and not one minor unit', () => {
    for (const minor of [0, -1, 0.5, Number.NaN]) {
      const held = decide('2027-03-01', { amount: { minor, currency: 'EUR' } });
      assert.ok(held.verdict === 'hold' && held.reason === 'noAmount', String(minor));
      assert.equal(lineOf(held, 'amount').passed, 'no');
    }
    assertAward(decide('2027-03-01', { amount: { minor: 1, currency: 'KWD' } }), '2027-03');
  });
});

describe('whether there is anything to promise', () => {
  const ask = (changes: Changes, terms: Partial<PolicyTerms> = {}) =>
    whyNoPromise(facts(changes), { ...DEFAULT_TERMS, ...terms }, day('2026-08-01'));
  it('yes, as a rule', () => assert.equal(ask({}), null));
  it('no, to whom the day of hiring excludes', () => {
    assert.equal(ask({ ownership: null }), 'notTheOwner');
    assert.equal(ask({ referrer: { roles: ['recruiter'] } }), 'excludedFunction');
    assert.equal(ask({ hire: { managerIds: [20, 10] } }), 'managerOfTheHire');
    assert.equal(ask({ referrer: { employedUntil: day('2026-07-31') } }), 'referrerLeft');
  });
  it('yes, to whom the due day alone will judge', () => {
    assert.equal(ask({ referrer: { employedUntil: day('2026-08-01') } }), null);
    assert.equal(ask({ referrer: { noticeGivenOn: day('2026-07-01') } }), null);
  });
});

it('a word given after the day of the run is not given yet on that day', () => {
  const terms = { confirmation: 'required' as const };
  const hire = { probationEndsOn: day('2026-09-01'), passedOn: day('2026-09-03') };
  const lineOn = (today: string) =>
    decideBonus(facts({ hire }), { ...DEFAULT_TERMS, ...terms }, day(today)).why.find(
      (line) => line.rule === 'confirmation',
    );
  assert.equal(lineOn('2026-09-02')?.passed, 'notYet');
  assert.equal(lineOn('2026-09-02')?.until, '2026-09-03');
  assert.equal(lineOn('2026-09-03')?.passed, 'yes');
});

describe('whatever the facts', () => {
  const anyDay = fc.integer({ min: -400, max: 900 }).map((days) => day('2026-09-01').add({ days }));
  const maybeDay = fc.option(anyDay, { freq: 2 });
  const anyCase = fc.record({
    today: anyDay,
    endsAfter: fc.integer({ min: 0, max: 500 }),
    passedOn: maybeDay,
    leftOn: maybeDay,
    employedUntil: maybeDay,
    noticeGivenOn: maybeDay,
    ownedUntil: maybeDay,
    roles: fc.subarray(['employee', 'recruiter', 'payroll', 'admin'] as const),
    managerIds: fc.subarray([10, 20, 21]),
    heldReason: fc.option(fc.constant('wait'), { freq: 8 }),
    confirmation: fc.constantFrom('automatic', 'required'),
    extraDays: fc.integer({ min: 0, max: 60 }),
  });

  it('it is never awarded early, never against a rule, and always says every rule in order', () => {
    fc.assert(
      fc.property(anyCase, (one) => {
        const probationEndsOn = day('2026-09-01').add({ days: one.endsAfter });
        const terms = { confirmation: one.confirmation as 'required', extraDays: one.extraDays };
        const decision = decideBonus(
          facts({
            hire: { probationEndsOn, passedOn: one.passedOn, leftOn: one.leftOn, managerIds: one.managerIds },
            referrer: { roles: one.roles, employedUntil: one.employedUntil, noticeGivenOn: one.noticeGivenOn },
            ownership: one.ownedUntil && { fromOn: day('2024-01-01'), untilOn: one.ownedUntil },
            ...(one.heldReason === null ? {} : { heldReason: one.heldReason }),
          }),
          { ...DEFAULT_TERMS, ...terms },
          one.today,
        );
        assert.deepEqual(
          decision.why.map((line) => line.rule),
          [...RULES],
        );
        JSON.stringify(decision.why);
        const passed = decision.why.map((line) => line.passed);
        if (decision.verdict === 'award') {
          assert.ok(Temporal.PlainDate.compare(one.today, probationEndsOn.add({ days: one.extraDays })) > 0);
          assert.ok(passed.every((answer) => answer === 'yes'));
        }
        if (decision.verdict === 'wait') assert.ok(passed.includes('notYet'));
        if (decision.verdict === 'forfeit' || decision.verdict === 'hold') assert.ok(passed.includes('no'));
      }),
      { numRuns: 2_000 },
    );
  });
});
