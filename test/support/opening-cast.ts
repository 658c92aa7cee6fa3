import type { Deps } from '../../src/lib/deps.ts';
import { changeOpeningState, createOpening, type OpeningText } from '../../src/openings/opening-service.ts';
import type { Actor } from '../../src/people/employee.ts';
import type { Cast } from './cast.ts';

type Moves = 'draft' | 'published' | 'paused' | 'closed';

/** An opening of Farid's that Anna looks after, brought to a state by the deeds that lead there; gives its id. */
export async function anOpening(
  deps: Deps,
  people: Pick<Cast, 'anna' | 'farid'>,
  text: Partial<OpeningText> = {},
  state: Moves = 'published',
): Promise<number> {
  const by: Actor = people.anna;
  const written: OpeningText = {
    title: 'Backend engineer',
    department: 'Engineering',
    place: 'Berlin',
    country: 'DE',
    employmentType: 'permanent',
    level: 'senior',
    description: 'You build the **payments** that everybody relies on.',
    skills: ['Kotlin', 'PostgreSQL'],
    hiringManagerId: people.farid.id,
    recruiterId: people.anna.id,
    isPriority: false,
    ...text,
  };
  const created = await createOpening(deps, by, written);
  if (!created.ok) throw new Error(`The opening was refused: ${created.reason}`);
  const deeds = {
    draft: [],
    published: ['publish'],
    paused: ['publish', 'pause'],
    closed: ['publish', 'close'],
  } as const;
  for (const deed of deeds[state]) {
    const done = await changeOpeningState(deps, by, created.value, deed);
    if (!done.ok) throw new Error(`${deed} was refused: ${done.reason}`);
  }
  return created.value;
}
