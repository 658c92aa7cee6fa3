import type { Deps } from '../lib/deps.ts';
import type { Language, SignedIn } from './employee.ts';
import { saveLanguage, saveTheme } from './preferences-store.ts';

/** What a person may choose; what is absent stays. A theme of null follows the system again. */
export type Preferences = { language?: Language; theme?: SignedIn['theme'] };

/** Keeps the person's choice, so that it follows them to every browser and into their e-mails. */
export async function choosePreferences(
  deps: Pick<Deps, 'db'>,
  employeeId: number,
  chosen: Preferences,
): Promise<void> {
  await deps.db.transaction(async (trx) => {
    if (chosen.language !== undefined) await saveLanguage(trx, employeeId, chosen.language);
    if (chosen.theme !== undefined) await saveTheme(trx, employeeId, chosen.theme);
  });
}
