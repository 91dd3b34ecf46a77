import { actorName } from './actor.js';
import { authorityOf, channelOf } from './checks.js';
import { DomainError } from './errors.js';
import { type Authority, addHold, type Hold, removeHolds } from './lifecycle.js';
import type { Tx } from './unit-of-work.js';

/** The holds after this actor stops the object. `as` lets operators act for billing; nobody else may name an authority. */
export function holdsAfterDisable(tx: Tx, holds: readonly Hold[], as?: Authority): readonly Hold[] {
  return addHold(holds, {
    authority: speakAs(tx, as),
    channelId: channelOf(tx.actor),
    by: actorName(tx.actor),
    at: tx.now,
  });
}

/** The holds after this actor lets the object go on: what others put stays. Throws `holds_remain` when none was its to remove. */
export function holdsAfterEnable(tx: Tx, kind: string, holds: readonly Hold[], as?: Authority): readonly Hold[] {
  return removeHolds(kind, holds, speakAs(tx, as), channelOf(tx.actor));
}

function speakAs(tx: Tx, as: Authority | undefined): Authority {
  const own = authorityOf(tx.actor);
  if (as === undefined || as === own) return own;
  if (own !== 'operator' || as === 'marketplace') throw new DomainError('forbidden', { right: `act as ${as}` });
  return as;
}
