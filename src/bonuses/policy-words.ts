import { countryName } from '../lib/countries.ts';
import type { Language } from '../lib/format.ts';
import { formatList } from '../lib/format.ts';
import type { Money } from '../lib/money.ts';
import type { Translate } from '../lib/words.ts';
import { paths } from '../paths.ts';
import type { PolicyTerms } from './policy.ts';

export type AmountRow = { readonly level: string | null; readonly country: string | null; readonly money: Money };
export type TermsFact = { readonly name: string; readonly label: string; readonly text: string };

/** The table of amounts as people read it, the fallback last; null stands for any level or country. */
export function amountRows(terms: Pick<PolicyTerms, 'amounts'>, language: Language): AmountRow[] {
  const rows = terms.amounts.lines.map((line) => ({
    level: line.level,
    country: line.country && countryName(line.country, language),
    money: { minor: line.amountMinor, currency: line.currency },
  }));
  const { amountMinor, currency } = terms.amounts.fallback;
  return [...rows, { level: null, country: null, money: { minor: amountMinor, currency } }];
}

/** Everything but the amounts, a sentence each, always in the same order: two versions can be laid side by side. */
export function termsFacts(terms: PolicyTerms, t: Translate, language: Language): TermsFact[] {
  const fact = (name: string, text: string): TermsFact => ({ name, label: t(`programme.terms.${name}.label`), text });
  const roles = terms.excludedFunctions.map((role) => t(`programme.roles.${role}`));
  return [
    fact('probation', t('programme.terms.probation.text', { count: terms.probationMonths })),
    fact(
      'extraDays',
      terms.extraDays === 0
        ? t('programme.terms.extraDays.none')
        : t('programme.terms.extraDays.text', { count: terms.extraDays }),
    ),
    fact('confirmation', t(`programme.terms.confirmation.${terms.confirmation}`)),
    fact('cutoff', t('programme.terms.cutoff.text', { day: terms.payrollCutoffDay })),
    fact(
      'excluded',
      roles.length === 0
        ? t('programme.terms.excluded.none')
        : t('programme.terms.excluded.text', { roles: formatList(roles, language) }),
    ),
    fact('chain', t(`programme.terms.chain.${terms.excludeReportingChain}`)),
    fact('notice', t(`programme.terms.notice.${terms.underNotice}`)),
    fact('ownership', t('programme.terms.ownership.text', { count: terms.ownershipMonths })),
    fact(
      'answer',
      terms.firstAnswerWorkingDays === 0
        ? t('programme.terms.answer.sameDay')
        : t('programme.terms.answer.text', { count: terms.firstAnswerWorkingDays }),
    ),
  ];
}

/** Where the pages of the versions stand; `deeper` links the list, for a page below it. */
export function policyCrumbs(t: Translate, deeper = false): { label: string; href?: string }[] {
  const versions = { label: t('programme.policies.title'), ...(deeper && { href: paths.policies() }) };
  return [{ label: t('programme.title'), href: paths.programme() }, versions];
}
