import { randomUUID } from 'node:crypto';
import { changeOpeningState, createOpening } from '../../src/openings/opening-service.ts';
import { paths } from '../../src/paths.ts';
import type { Agent, Cast } from './cast.ts';
import { type Upload, upload } from './forms.ts';
import type { TestHouse } from './house.ts';

/** An opening of Engineering: Farid hires, Anna recruits. */
export async function publishOpening(house: TestHouse, people: Cast, title = 'Backend engineer'): Promise<number> {
  const by = { id: people.anna.id, roles: people.anna.roles };
  const made = await createOpening(house.deps, by, {
    title,
    department: 'Engineering',
    place: 'Berlin',
    country: 'DE',
    employmentType: 'permanent',
    level: 'senior',
    description: 'Build things.',
    skills: ['Go'],
    hiringManagerId: people.farid.id,
    recruiterId: people.anna.id,
    isPriority: false,
  });
  const id = typeof made === 'number' ? made : (made as unknown as { value: number }).value;
  await changeOpeningState(house.deps, by, id, 'publish');
  return id;
}

export type Recommending = Record<string, string>;

/** What the form asks for, about a Maria whom nobody knows yet. */
export function recommending(more: Recommending = {}): Recommending & { email: string } {
  return {
    submission_key: randomUUID(),
    opening: 'general',
    full_name: 'Maria Ivanova',
    email: `maria.${randomUUID().slice(0, 8)}@example.org`,
    phone: '',
    why: 'She kept our payments running for three years.',
    relationship: 'workedTogether',
    agreed: 'yes',
    ...more,
  };
}

export function sendRecommendation(agent: Agent, fields: Recommending, resume?: Upload) {
  return upload(agent, paths.recommend(), paths.recommend(), resume ? { resume } : {}, fields);
}
