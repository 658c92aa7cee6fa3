import { countryName } from '../lib/countries.ts';
import type { Translate } from '../lib/words.ts';
import type { EmploymentType, Language, Role } from './employee.ts';

/** All that the staff list says of one person, as a page shows it. */
export type EmployeeCard = {
  id: number;
  staffNumber: string;
  fullName: string;
  email: string;
  department: string;
  managerId: number | null;
  managerName: string | null;
  country: string;
  level: string;
  employmentType: EmploymentType;
  worksHours: string | null;
  employedFrom: Temporal.PlainDate;
  employedUntil: Temporal.PlainDate | null;
  noticeGivenOn: Temporal.PlainDate | null;
  language: Language;
  roles: Role[];
  referrals: number;
};

/** A line of the `facts` partial. */
export type CardFact = {
  label: string;
  text?: string | null;
  day?: Temporal.PlainDate | null;
  href?: string;
  note?: string;
};

/**
 * The card as labelled facts in the reader's language, without the name and the e-mail, which stand in the page's head.
 * What the staff list leaves empty is left out.
 */
export function factsOf(card: EmployeeCard, t: Translate, language: Language): CardFact[] {
  const roles = card.roles.map((role) => t(`people.role.${role}`)).join(', ');
  const facts: CardFact[] = [
    { label: t('people.fact.staffNumber'), text: card.staffNumber },
    { label: t('people.fact.roles'), text: roles },
    { label: t('people.fact.department'), text: card.department },
    { label: t('people.fact.manager'), text: card.managerName },
    { label: t('people.fact.country'), text: countryName(card.country, language) },
    { label: t('people.fact.level'), text: card.level },
    { label: t('people.fact.employmentType'), text: t(`people.employmentType.${card.employmentType}`) },
    { label: t('people.fact.worksHours'), text: card.worksHours },
    { label: t('people.fact.employedFrom'), day: card.employedFrom },
    { label: t('people.fact.employedUntil'), day: card.employedUntil },
    { label: t('people.fact.noticeGivenOn'), day: card.noticeGivenOn },
    { label: t('people.fact.language'), text: t(`people.languageName.${card.language}`) },
  ];
  return facts.filter((fact) => fact.text || fact.day);
}
