import type { Instant } from '../shared/clock.js';

/** That one of ours had an id on a channel, from an instant on. */
export interface Tenure {
  /** Our id of the containing object, or ''. */
  readonly parentId: string;
  readonly externalId: string;
  readonly targetId: string;
  readonly since: Instant;
}

/**
 * Whose a record of that instant is: of several that had the id one after the other the last one before it; what is older than all
 * of them is the first one's. So a late record goes to the account that made it, and no successor ever gets it.
 */
export function holderAt(tenures: readonly Tenure[], instant: Instant): string {
  const inOrder = tenures.toSorted((a, b) => (a.since < b.since ? -1 : 1));
  return (inOrder.findLast(({ since }) => since <= instant) ?? inOrder[0])?.targetId ?? '';
}
