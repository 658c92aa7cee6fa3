import type { Language, Role } from '../people/employee.ts';

/** Someone of the demo company. All of them are invented. */
export type DemoPerson = {
  name: string;
  department: string;
  level: string;
  country: 'DE' | 'RS';
  language: Language;
  /** Who leads them; null for the one at the top. */
  under: string | null;
  roles?: Role[];
  /** Left so many days ago. */
  leftDaysAgo?: number;
  /** Gave notice so many days ago. */
  noticeDaysAgo?: number;
};

const head = 'Greta Lind';

type Team = { department: string; lead: string; country: 'DE' | 'RS'; language: Language; members: string };

/** Each team's people as "Name, level", those who need more said about them below. */
const teams: Team[] = [
  {
    department: 'Engineering',
    lead: 'Farid Aliyev',
    country: 'DE',
    language: 'en',
    members: `Ben Carter, senior; Nadja Brandt, senior; Jonas Keller, middle; Priya Raman, senior; Lukas Vogel, junior;
      Mei Tanabe, middle; Oskar Lindqvist, lead; Greta Winkler, junior; Amadou Ba, senior; Samira Haddad, middle; Tobias Frank, senior; Ines Duarte, junior`,
  },
  {
    department: 'Engineering',
    lead: 'Milica Jovanović',
    country: 'RS',
    language: 'ru',
    members: `Dmitry Orlov, senior; Ksenia Belova, middle; Nikola Petrović, senior; Artyom Lebedev, middle;
      Vera Kuznetsova, lead; Ilya Morozov, junior; Jelena Ilić, senior; Stefan Marković, middle; Roman Vetrov, senior`,
  },
  {
    department: 'Product',
    lead: 'Hanna Weiss',
    country: 'DE',
    language: 'en',
    members:
      'Carlo Ferri, senior; Emma Nyström, middle; Polina Sergeeva, middle; David Brooks, senior; Aylin Demir, junior',
  },
  {
    department: 'Sales',
    lead: 'Viktor Stahl',
    country: 'DE',
    language: 'en',
    members: `Elena Sokolova, senior; Marc Dubois, middle; Laura Pohl, senior; Timur Akhmetov, middle; Nina Albrecht, junior;
      Pavel Zorin, middle; Isabel Romero, senior; Jan Kowalski, middle; Lidia Costa, junior`,
  },
  {
    department: 'Customer Care',
    lead: 'Olga Smirnova',
    country: 'RS',
    language: 'ru',
    members: `Marija Nikolić, middle; Andrey Volkov, junior; Tamara Popović, senior; Yulia Egorova, middle;
      Luka Stanković, junior; Alina Fomina, middle; Maxim Belsky, middle; Sofija Pavlović, junior; Denis Kim, middle`,
  },
  {
    department: 'Finance',
    lead: 'Robert Hahn',
    country: 'DE',
    language: 'en',
    members: 'Clara Novak, senior; Petra Simon, middle; Daniil Gusev, middle; Ruth Engel, senior',
  },
  {
    department: 'People',
    lead: 'Katharina Moll',
    country: 'DE',
    language: 'en',
    members: 'Anna Petrova, senior; Rita Blum, middle; David Okafor, lead; Svetlana Ryabova, middle',
  },
];

/** Whose day in Vouch is more than an employee's, and whose language is another than the team's. */
const special: Record<string, Partial<DemoPerson>> = {
  'Anna Petrova': { roles: ['recruiter'], language: 'ru' },
  'Rita Blum': { roles: ['recruiter'] },
  'Svetlana Ryabova': { roles: ['recruiter'], language: 'ru', country: 'RS' },
  'Clara Novak': { roles: ['payroll'] },
  'Daniil Gusev': { roles: ['payroll'], language: 'ru' },
  'David Okafor': { roles: ['admin'] },
  'Katharina Moll': { roles: ['admin', 'recruiter'] },
  'Elena Sokolova': { language: 'ru' },
  'Timur Akhmetov': { language: 'ru' },
  'Pavel Zorin': { language: 'ru' },
  'Polina Sergeeva': { language: 'ru' },
  'Nikola Petrović': { language: 'en' },
  'Tamara Popović': { language: 'en' },
  'Stefan Marković': { language: 'en', noticeDaysAgo: 12 },
  'Marc Dubois': { leftDaysAgo: 95 },
  'Lukas Vogel': { leftDaysAgo: 40 },
};

function teamOf({ department, lead, country, language, members }: Team): DemoPerson[] {
  const base = { department, country, language };
  const people = members.split(';').map((one) => one.trim().split(', ') as [string, string]);
  return [
    { ...base, name: lead, level: 'lead', under: head, ...special[lead] },
    ...people.map(([name, level]) => ({ ...base, name, level, under: lead, ...special[name] })),
  ];
}

const top: DemoPerson = {
  name: head,
  department: 'Product',
  level: 'head',
  country: 'DE',
  language: 'en',
  under: null,
};

/** Managers stand before those they lead. */
export const demoPeople: DemoPerson[] = [top, ...teams.flatMap(teamOf)];
