import { countryName } from '../lib/countries.ts';
import { formatDay } from '../lib/format.ts';
import type { Translate } from '../lib/words.ts';
import type { Language } from './employee.ts';
import { COLUMNS, type Column, type StaffValues } from './staff-list.ts';
import type { StaffChanges } from './staff-list-rules.ts';

/** A value of the staff list as people read it: days written out, codes by their names, a dash where nothing stands. */
export function shownValue(column: Column, text: string, t: Translate, language: Language): string {
  if (text === '') return column === 'roles' ? t('people.role.employee') : '–';
  switch (column) {
    case 'country':
      return countryName(text, language);
    case 'employment_type':
      return t(`people.employmentType.${text}`);
    case 'language':
      return t(`people.languageName.${text}`);
    case 'roles':
      return rolesShown(text, t);
    case 'employed_from':
    case 'employed_until':
    case 'notice_given_on':
      return formatDay(Temporal.PlainDate.from(text), language);
    default:
      return text;
  }
}

export function rolesShown(roles: string, t: Translate): string {
  const names = roles.split(' ').filter(Boolean);
  return (names.length > 0 ? names : ['employee']).map((role) => t(`people.role.${role}`)).join(', ');
}

export type ShownChange = { label: string; before: string; after: string };

/** What a line changes, in the order of the columns. */
export function shownChanges(changes: StaffChanges, t: Translate, language: Language): ShownChange[] {
  return COLUMNS.flatMap((column) => {
    const change = changes[column];
    if (!change) return [];
    const [before, after] = change.map((text) => shownValue(column, text, t, language)) as [string, string];
    return [{ label: t(`people.column.${column}.name`), before, after }];
  });
}

/** A new line in few words: what tells a person from another at a glance. */
export function shownNewcomer(values: StaffValues, t: Translate, language: Language) {
  const show = (column: Column): string => shownValue(column, values[column] ?? '', t, language);
  return {
    email: values.email ?? '',
    department: show('department'),
    country: show('country'),
    employedFrom: values.employed_from ? Temporal.PlainDate.from(values.employed_from) : null,
    roles: rolesShown(values.roles ?? '', t),
  };
}
