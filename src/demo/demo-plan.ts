/** How each of the demo company's recommendations goes, and when. Days are counted back from today; below 0: to come. */
export type Fate =
  | { kind: 'waiting'; madeDaysAgo: number }
  | { kind: 'open'; madeDaysAgo: number; stages: ('screening' | 'interview' | 'offer')[] }
  | { kind: 'declined' | 'withdrawn' | 'no_reply'; madeDaysAgo: number; afterDays: number }
  | {
      kind: 'hired';
      madeDaysAgo: number;
      /** First day of work; or the day on which the bonus falls due, counted back from there. */
      startsDaysAgo?: number;
      dueDaysAgo?: number;
      probationMonths: number;
      leavesAfterDays?: number;
      extendedByMonths?: number;
      /** HR says "passed" by hand so many days after the first. */
      passedAfterDays?: number;
      referrer?: string;
      /** Payroll stops the bonus so many days ago. */
      heldDaysAgo?: number;
    }
  /** Somebody else recommends the candidate of that place in the list again. */
  | { kind: 'again'; madeDaysAgo: number; candidate: number; referrer: string };

const from = <T>(list: number[], make: (daysAgo: number, place: number) => T): T[] => list.map(make);

/** Hired, through probation long ago: awarded, exported and paid. */
const paid: Fate[] = from([398, 391, 386, 377, 365, 358, 349, 340], (madeDaysAgo, place) => ({
  kind: 'hired',
  madeDaysAgo,
  startsDaysAgo: madeDaysAgo - 30 - (place % 4) * 3,
  probationMonths: place % 3 === 1 ? 3 : 6,
}));

/** Through probation just now: two awarded for the next payroll, one that waits for HR's word, one that payroll stopped. */
const justNow: Fate[] = [
  { kind: 'hired', madeDaysAgo: 252, dueDaysAgo: 1, probationMonths: 6 },
  { kind: 'hired', madeDaysAgo: 246, dueDaysAgo: 1, probationMonths: 6 },
  { kind: 'hired', madeDaysAgo: 190, dueDaysAgo: 3, probationMonths: 5 },
  { kind: 'hired', madeDaysAgo: 248, dueDaysAgo: 6, probationMonths: 6, heldDaysAgo: 9 },
];

/** In probation now, some ending soon. */
const inProbation: Fate[] = from([220, 214, 200, 180, 140, 95, 60], (madeDaysAgo, place) => ({
  kind: 'hired',
  madeDaysAgo,
  startsDaysAgo: [178, 171, 150, 130, 85, 55, 14][place] ?? 30,
  probationMonths: 6,
  ...(place === 2 ? { extendedByMonths: 1 } : {}),
}));

const others: Fate[] = [
  { kind: 'hired', madeDaysAgo: 300, startsDaysAgo: 260, probationMonths: 6, leavesAfterDays: 100 },
  { kind: 'hired', madeDaysAgo: 180, startsDaysAgo: 140, probationMonths: 6, leavesAfterDays: 60 },
  { kind: 'hired', madeDaysAgo: 225, startsDaysAgo: 190, probationMonths: 6, passedAfterDays: 170 },
  // Recommended for his own team: there is nothing to pay, and the page says why.
  { kind: 'hired', madeDaysAgo: 150, startsDaysAgo: 110, probationMonths: 6, referrer: 'Farid Aliyev' },
  ...from([40, 33, 26], (madeDaysAgo, place): Fate => {
    return { kind: 'hired', madeDaysAgo, startsDaysAgo: -8 - place * 12, probationMonths: 6 };
  }),
  ...from(
    [44, 38, 30, 21],
    (madeDaysAgo): Fate => ({ kind: 'open', madeDaysAgo, stages: ['screening', 'interview', 'offer'] }),
  ),
  ...from(
    [35, 29, 27, 24, 19, 16, 13, 11],
    (madeDaysAgo): Fate => ({ kind: 'open', madeDaysAgo, stages: ['screening', 'interview'] }),
  ),
  ...from([23, 18, 15, 12, 10, 9, 8, 6], (madeDaysAgo): Fate => ({ kind: 'open', madeDaysAgo, stages: ['screening'] })),
  ...from([9, 7, 6, 5, 3, 2, 1, 1, 0, 0], (madeDaysAgo): Fate => ({ kind: 'waiting', madeDaysAgo })),
  ...from([370, 345, 318, 290, 268, 240, 211, 190, 160, 128, 99, 71, 42, 17], (madeDaysAgo, place): Fate => {
    return { kind: 'declined', madeDaysAgo, afterDays: 1 + (place % 3) * 4 };
  }),
  ...from([355, 280, 205, 110, 50], (madeDaysAgo): Fate => ({ kind: 'withdrawn', madeDaysAgo, afterDays: 6 })),
  ...from([335, 250, 145, 66], (madeDaysAgo): Fate => ({ kind: 'no_reply', madeDaysAgo, afterDays: 14 })),
  { kind: 'again', madeDaysAgo: 32, candidate: 30, referrer: 'Elena Sokolova' },
];

export const fates: Fate[] = [...paid, ...justNow, ...inProbation, ...others];

/** Who recommends, in turn; Ben and Elena, whom visitors like to be, often. */
export const referrers = [
  ...['Ben Carter', 'Elena Sokolova', 'Dmitry Orlov', 'Nadja Brandt', 'Ben Carter', 'Ksenia Belova', 'Laura Pohl'],
  ...['Emma Nyström', 'Marija Nikolić', 'Jonas Keller', 'Elena Sokolova', 'Nikola Petrović', 'Carlo Ferri'],
  ...['Timur Akhmetov', 'Samira Haddad', 'Ruth Engel', 'Vera Kuznetsova', 'Isabel Romero', 'Tamara Popović'],
];
