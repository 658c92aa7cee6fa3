import type { Db, Trx } from '../lib/database.ts';
import { NotFound } from '../lib/errors.ts';
import type { Opening } from './opening.ts';

const columns = `id, title, department, place, country, employment_type as "employmentType", level,
  description, skills, hiring_manager_id as "hiringManagerId", recruiter_id as "recruiterId", is_priority as "isPriority",
  state, created_at as "createdAt", published_at as "publishedAt", closed_at as "closedAt"`;

/** The opening with this id, whatever its state; null when there is none. */
export async function findOpening(db: Db, id: number): Promise<Opening | null> {
  const { rows } = await db.raw(`select ${columns} from openings where id = ?`, [id]);
  return rows[0] ?? null;
}

/** As findOpening; throws NotFound, which every page answers with 404. */
export async function getOpening(db: Db, id: number): Promise<Opening> {
  return (await findOpening(db, id)) ?? notFound();
}

/** Locks the opening until the transaction ends, so that what the rule is asked stays true. Throws NotFound. */
export async function lockOpening(trx: Trx, id: number): Promise<Opening> {
  const { rows } = await trx.raw(`select ${columns} from openings where id = ? for update`, [id]);
  return rows[0] ?? notFound();
}

export type NewOpening = Omit<Opening, 'id' | 'state' | 'publishedAt' | 'closedAt'>;

/** A new draft; returns its id. */
export async function insertOpening(trx: Trx, opening: NewOpening): Promise<number> {
  const { rows } = await trx.raw(
    `insert into openings (title, department, place, country, employment_type, level, description, skills,
       hiring_manager_id, recruiter_id, is_priority, state, created_at)
     values (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'draft', ?) returning id`,
    [...written(opening), opening.createdAt.toString()],
  );
  return rows[0].id;
}

/** Writes all that can change of an opening: its text, its people, its state and the state's days. */
export async function saveOpening(trx: Trx, opening: Opening): Promise<void> {
  await trx.raw(
    `update openings set title = ?, department = ?, place = ?, country = ?, employment_type = ?, level = ?, description = ?,
       skills = ?, hiring_manager_id = ?, recruiter_id = ?, is_priority = ?, state = ?, published_at = ?, closed_at = ?
     where id = ?`,
    [
      ...written(opening),
      opening.state,
      opening.publishedAt?.toString() ?? null,
      opening.closedAt?.toString() ?? null,
      opening.id,
    ],
  );
}

function written(opening: NewOpening | Opening) {
  return [
    opening.title,
    opening.department,
    opening.place,
    opening.country,
    opening.employmentType,
    opening.level,
    opening.description,
    [...opening.skills],
    opening.hiringManagerId,
    opening.recruiterId,
    opening.isPriority,
  ];
}

function notFound(): never {
  throw new NotFound('openings.notFound');
}
