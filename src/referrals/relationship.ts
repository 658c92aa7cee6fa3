/** How the two know each other: one of these, and words if the referrer cares to add some. */
export const RELATIONSHIPS = ['workedTogether', 'studied', 'community', 'friend', 'relative', 'other'] as const;
export type RelationshipKind = (typeof RELATIONSHIPS)[number];

export type Relationship = { readonly kind: RelationshipKind; readonly words: string };

/** As one text for the table: `friend`, or `friend: we share a boat`. */
export function writeRelationship({ kind, words }: Relationship): string {
  return words === '' ? kind : `${kind}: ${words}`;
}

export function readRelationship(text: string): Relationship {
  const [, first = '', words = ''] = /^(\w+)(?:: ([\s\S]*))?$/.exec(text) ?? [];
  const kind = RELATIONSHIPS.find((one) => one === first);
  return kind ? { kind, words } : { kind: 'other', words: text };
}
