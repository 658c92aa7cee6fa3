/** The demo's deeds are allowed, all of them: a refusal is a mistake in its story. */
export function must<T>(answer: { ok: true; value: T } | { ok: false; reason: string }): T {
  if (!answer.ok) throw new Error(`The demo company can't: ${answer.reason}`);
  return answer.value;
}

/** "Milica Jovanović" → "milica.jovanovic". */
export function asciiName(name: string): string {
  const plain = name
    .replaceAll('đ', 'dj')
    .replaceAll('Đ', 'Dj')
    .normalize('NFD')
    .replace(/[^\p{ASCII}]/gu, '');
  return plain.toLowerCase().replaceAll(' ', '.');
}
