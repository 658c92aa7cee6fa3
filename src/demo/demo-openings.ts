export type DemoOpening = {
  title: string;
  department: string;
  country: 'DE' | 'RS';
  place: string;
  level: string;
  skills: string[];
  manager: string;
  recruiter: string;
  isPriority?: boolean;
  /** What became of it after it was published; nothing: it is open. "draft": never published. */
  became?: 'paused' | 'closed' | 'draft';
  publishedDaysAgo: number;
};

export const demoOpenings: DemoOpening[] = [
  {
    title: 'Senior backend engineer',
    department: 'Engineering',
    country: 'DE',
    place: 'Berlin or remote',
    level: 'senior',
    skills: ['TypeScript', 'PostgreSQL', 'Kafka'],
    manager: 'Farid Aliyev',
    recruiter: 'Anna Petrova',
    isPriority: true,
    publishedDaysAgo: 390,
  },
  {
    title: 'Data engineer',
    department: 'Engineering',
    country: 'RS',
    place: 'Belgrade',
    level: 'senior',
    skills: ['Python', 'SQL', 'Airflow'],
    manager: 'Milica Jovanović',
    recruiter: 'Svetlana Ryabova',
    isPriority: true,
    publishedDaysAgo: 380,
  },
  {
    title: 'Frontend engineer',
    department: 'Engineering',
    country: 'RS',
    place: 'Belgrade',
    level: 'middle',
    skills: ['TypeScript', 'CSS', 'Accessibility'],
    manager: 'Milica Jovanović',
    recruiter: 'Svetlana Ryabova',
    publishedDaysAgo: 350,
  },
  {
    title: 'Site reliability engineer',
    department: 'Engineering',
    country: 'DE',
    place: 'Hamburg or remote',
    level: 'senior',
    skills: ['Linux', 'Kubernetes', 'Go'],
    manager: 'Farid Aliyev',
    recruiter: 'Anna Petrova',
    publishedDaysAgo: 300,
  },
  {
    title: 'Product designer',
    department: 'Product',
    country: 'DE',
    place: 'Berlin',
    level: 'middle',
    skills: ['Figma', 'Research', 'Design systems'],
    manager: 'Hanna Weiss',
    recruiter: 'Rita Blum',
    publishedDaysAgo: 330,
  },
  {
    title: 'Product manager, payments',
    department: 'Product',
    country: 'DE',
    place: 'Berlin',
    level: 'senior',
    skills: ['Payments', 'Analytics'],
    manager: 'Hanna Weiss',
    recruiter: 'Rita Blum',
    isPriority: true,
    publishedDaysAgo: 120,
  },
  {
    title: 'Account executive, DACH',
    department: 'Sales',
    country: 'DE',
    place: 'Munich',
    level: 'middle',
    skills: ['Negotiation', 'German', 'CRM'],
    manager: 'Viktor Stahl',
    recruiter: 'Rita Blum',
    publishedDaysAgo: 310,
  },
  {
    title: 'Sales development representative',
    department: 'Sales',
    country: 'DE',
    place: 'Berlin',
    level: 'junior',
    skills: ['English', 'German'],
    manager: 'Viktor Stahl',
    recruiter: 'Rita Blum',
    publishedDaysAgo: 60,
  },
  {
    title: 'Customer care specialist',
    department: 'Customer Care',
    country: 'RS',
    place: 'Novi Sad',
    level: 'junior',
    skills: ['English', 'Russian', 'Patience'],
    manager: 'Olga Smirnova',
    recruiter: 'Svetlana Ryabova',
    publishedDaysAgo: 340,
  },
  {
    title: 'Payroll accountant',
    department: 'Finance',
    country: 'DE',
    place: 'Berlin',
    level: 'middle',
    skills: ['Payroll', 'DATEV'],
    manager: 'Robert Hahn',
    recruiter: 'Rita Blum',
    became: 'paused',
    publishedDaysAgo: 200,
  },
  {
    title: 'QA engineer',
    department: 'Engineering',
    country: 'DE',
    place: 'Berlin',
    level: 'middle',
    skills: ['Playwright', 'SQL'],
    manager: 'Farid Aliyev',
    recruiter: 'Anna Petrova',
    became: 'closed',
    publishedDaysAgo: 360,
  },
  {
    title: 'Office manager, Belgrade',
    department: 'People',
    country: 'RS',
    place: 'Belgrade',
    level: 'middle',
    skills: ['Organisation', 'Serbian'],
    manager: 'Katharina Moll',
    recruiter: 'Anna Petrova',
    became: 'draft',
    publishedDaysAgo: 5,
  },
];

/** The text of an opening, in Markdown as a recruiter would write it. */
export function describeOpening({ title, place, skills }: DemoOpening): string {
  return `We are looking for a **${title.toLowerCase()}** to join a team that likes its work calm and its results visible.

## What you will do

- Own your part from the first idea to the people who use it
- Work with colleagues in Berlin and Belgrade, mostly in writing
- Leave things a little better than you found them

## What helps

${skills.map((skill) => `- ${skill}`).join('\n')}

Place of work: ${place}. Thirty days of holiday, a budget for learning, and no meetings on Wednesdays.`;
}
