type Id = number | string;

/** Every URL of the house. Routes, pages and e-mails all ask here, so that a URL changes in one place. */
export const paths = {
  home: () => '/',
  healthz: () => '/healthz',
  readyz: () => '/readyz',

  signIn: () => '/sign-in',
  signInSent: () => '/sign-in/sent',
  signInLink: (token: string) => `/sign-in/link/${token}`,
  signOut: () => '/sign-out',
  signOutEverywhere: () => '/sign-out-everywhere',
  beSomeone: () => '/be',
  account: () => '/account',
  preferences: () => '/preferences',

  openings: () => '/openings',
  openingNew: () => '/openings/new',
  opening: (id: Id) => `/openings/${id}`,
  openingEdit: (id: Id) => `/openings/${id}/edit`,
  openingDeed: (id: Id, deed: string) => `/openings/${id}/${deed}`,

  recommend: (openingId?: Id | null) => (openingId ? `/recommend?opening=${openingId}` : '/recommend'),
  myReferrals: () => '/my-referrals',
  referral: (id: Id) => `/referrals/${id}`,
  referralThanks: (id: Id) => `/referrals/${id}/thanks`,
  referralMove: (id: Id) => `/referrals/${id}/move`,
  referralDecline: (id: Id) => `/referrals/${id}/decline`,
  referralWithdraw: (id: Id) => `/referrals/${id}/withdraw`,
  referralNoReply: (id: Id) => `/referrals/${id}/no-reply`,
  referralHire: (id: Id) => `/referrals/${id}/hire`,
  resume: (id: Id) => `/resumes/${id}`,
  review: () => '/review',

  pool: () => '/pool',
  candidate: (id: Id) => `/candidates/${id}`,
  candidateConsider: (id: Id) => `/candidates/${id}/consider`,

  hires: () => '/hires',
  hire: (id: Id) => `/hires/${id}`,
  hireExtend: (id: Id) => `/hires/${id}/extend`,
  hirePassed: (id: Id) => `/hires/${id}/passed`,
  hireLeft: (id: Id) => `/hires/${id}/left`,
  hireUndo: (id: Id) => `/hires/${id}/undo`,

  bonus: (id: Id) => `/bonuses/${id}`,
  bonusConfirm: (id: Id) => `/bonuses/${id}/confirm`,
  bonusHold: (id: Id) => `/bonuses/${id}/hold`,
  bonusRelease: (id: Id) => `/bonuses/${id}/release`,

  programme: () => '/programme',
  policies: () => '/programme/policies',
  policyNew: () => '/programme/policies/new',
  policy: (id: Id) => `/programme/policies/${id}`,

  payroll: () => '/payroll',
  payrollRun: (id: Id) => `/payroll/${id}`,
  payrollRunExport: (id: Id) => `/payroll/${id}/export`,
  payrollRunFile: (id: Id) => `/payroll/${id}/file`,
  payrollRunPaid: (id: Id) => `/payroll/${id}/paid`,

  admin: () => '/admin',
  employees: () => '/admin/employees',
  employee: (id: Id) => `/admin/employees/${id}`,
  staffListNew: () => '/admin/staff-list',
  staffList: (id: Id) => `/admin/staff-list/${id}`,
  staffListTake: (id: Id) => `/admin/staff-list/${id}/take`,
  staffListCancel: (id: Id) => `/admin/staff-list/${id}/cancel`,
  outbox: () => '/admin/outbox',
  outboxEmail: (id: Id) => `/admin/outbox/${id}`,
  outboxPreview: (id: Id) => `/admin/outbox/${id}/preview`,
  outboxSendAgain: (id: Id) => `/admin/outbox/${id}/send-again`,
} as const;
