import type { Trx } from '../lib/database.ts';
import type { Language, SignedIn } from './employee.ts';

export async function saveLanguage(trx: Trx, employeeId: number, language: Language): Promise<void> {
  await trx('employees').where({ id: employeeId }).update({ chosen_language: language });
}

export async function saveTheme(trx: Trx, employeeId: number, theme: SignedIn['theme']): Promise<void> {
  await trx('employees').where({ id: employeeId }).update({ chosen_theme: theme });
}
