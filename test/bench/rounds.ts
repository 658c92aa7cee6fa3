/** What a figure says: the median of the rounds' ratios, with how far they spread. */
export type Figure = {
  readonly figure: string;
  readonly value: number;
  /** As in ">=0.65". */
  readonly target: string;
  readonly ok: boolean;
  readonly lowest: number;
  readonly highest: number;
  readonly rounds: number;
  readonly note: string;
};

export type BenchOptions = { readonly full: boolean; readonly say: (text: string) => void };

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const middle = sorted.length / 2;
  return sorted.length % 2 === 1
    ? (sorted[Math.floor(middle)] as number)
    : ((sorted[middle - 1] as number) + (sorted[middle] as number)) / 2;
}

export function figureOf(
  name: string,
  target: `${'>=' | '<='}${number}`,
  ratios: readonly number[],
  note: string,
): Figure {
  const value = Math.round(median(ratios) * 1000) / 1000;
  const bound = Number(target.slice(2));
  const ok = target.startsWith('>=') ? value >= bound : value <= bound;
  const [lowest, highest] = [Math.min(...ratios), Math.max(...ratios)];
  return { figure: name, value, target, ok, lowest, highest, rounds: ratios.length, note };
}

/**
 * Runs both sides in turn, the first of the pair changing from round to round, so that neither always has the warm
 * caches or the busy neighbour.
 */
export async function inTurn<T>(
  rounds: number,
  sides: { ours: (round: number) => Promise<T>; reference: (round: number) => Promise<T> },
): Promise<{ ours: T; reference: T }[]> {
  const pairs: { ours: T; reference: T }[] = [];
  for (let round = 0; round < rounds; round += 1) {
    if (round % 2 === 0) {
      const ours = await sides.ours(round);
      pairs.push({ ours, reference: await sides.reference(round) });
    } else {
      const reference = await sides.reference(round);
      pairs.push({ ours: await sides.ours(round), reference });
    }
  }
  return pairs;
}
