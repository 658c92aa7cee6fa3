/** A place in a list sorted by (key, id), as an address carries it: "2027-03-01~42". */
export type Place = readonly [key: string, id: number];

/** Null where it can't be read, and the list begins at its first page: an address never fails. */
export function readPlace(text: string | null, type: 'date' | 'timestamptz'): Place | null {
  const [key = '', id = ''] = (text ?? '').split('~');
  if (!/^[1-9]\d{0,14}$/.test(id)) return null;
  try {
    const read = type === 'date' ? Temporal.PlainDate.from(key) : Temporal.Instant.from(key.replace(' ', 'T'));
    return isStorable(read) ? [read.toString(), Number(id)] : null;
  } catch {
    return null;
  }
}

/** Temporal knows years that PostgreSQL can't read: year 0, those before it, and those of five digits. */
export function isStorable(read: Temporal.PlainDate | Temporal.Instant): boolean {
  return /^(?!0000)\d{4}-/.test(read.toString());
}

export type Turned<Row> = {
  readonly rows: readonly Row[];
  /** Places for `before` and `after`; null at the ends. */
  readonly previous: string | null;
  readonly next: string | null;
};

/** One page of rows that were read with a limit of one more; read backwards, they are put back in order. */
export function turnPage<Row extends { place: string }>(
  read: readonly Row[],
  { size, isFirst, backwards }: { size: number; isFirst: boolean; backwards: boolean },
): Turned<Omit<Row, 'place'>> {
  const isMore = read.length > size;
  const found = read.slice(0, size);
  if (backwards) found.reverse();
  return {
    rows: found.map(({ place, ...row }) => row),
    previous: (backwards ? isMore : !isFirst) ? (found[0]?.place ?? null) : null,
    next: backwards || isMore ? (found.at(-1)?.place ?? null) : null,
  };
}
