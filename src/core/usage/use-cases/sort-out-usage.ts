import { saysTheSame, type Usage } from '../check-usage.js';

/** Places in a batch. */
export interface SortedUsage {
  readonly fresh: readonly number[];
  readonly duplicates: readonly number[];
  readonly conflicts: readonly number[];
}

/** What of a batch is new, was said before, or contradicts what was; also within the batch itself, where the first one counts. */
export function sortOut(usages: readonly Usage[], present: readonly Usage[]): SortedUsage {
  const known = new Map(present.map((usage) => [keyOf(usage), usage]));
  const fresh: number[] = [];
  const duplicates: number[] = [];
  const conflicts: number[] = [];
  for (const [place, usage] of usages.entries()) {
    const earlier = known.get(keyOf(usage));
    if (earlier === undefined) {
      known.set(keyOf(usage), usage);
      fresh.push(place);
    } else if (saysTheSame(earlier, usage)) duplicates.push(place);
    else conflicts.push(place);
  }
  return { fresh, duplicates, conflicts };
}

function keyOf({ providerExternalId, transactionId }: Usage): string {
  return `${transactionId} ${providerExternalId}`;
}
