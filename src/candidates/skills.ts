export const MOST_SKILLS = 30;
export const LONGEST_SKILL = 60;

/**
 * Skills as people type them, in a row with commas: trimmed, inner spaces collapsed, empty ones dropped, and of two that
 * differ only in case the first one kept.
 */
export function normaliseSkills(typed: string | readonly string[]): string[] {
  const parts = typeof typed === 'string' ? typed.split(/[,;\n]/) : typed;
  const found = new Map<string, string>();
  for (const part of parts) {
    const skill = part.normalize('NFC').replace(/\s+/gu, ' ').trim();
    const key = skill.toLocaleLowerCase('en');
    if (skill !== '' && !found.has(key)) found.set(key, skill);
  }
  return [...found.values()];
}
