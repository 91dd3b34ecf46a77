import { randomUUID } from 'node:crypto';
import { type Charge, chargeFailed, claimCharge } from '../../../../core/billing/index.js';
import { second } from '../../../../core/shared/clock.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import type { Place } from './place.js';
import { sendCharge } from './send-charge.js';
import { takeBack } from './take-back.js';
import { inUnit } from './units.js';

/** One try to tell a marketplace of one charge. */
export interface Try {
  readonly ports: MarketplacePorts;
  readonly place: Place;
  readonly charge: Charge;
  /** An earlier try may have arrived although no answer was heard. */
  readonly lookFirst: boolean;
  readonly owner: string;
  readonly signal: AbortSignal | undefined;
}

/** Longer than the calls of one try usually take together; what takes longer meets another sender, and that is seen later. */
function leaseOf(patienceMs: number): number {
  return 2 * patienceMs + 5 * second;
}

/**
 * Tells the marketplace what it is to know of a charge, by one sender at a time: that it is due, or that it was canceled. Answers when
 * nothing is left to be told. Throws when it must be tried later: `AccountFailure` because of the marketplace or the way to it, `busy`
 * because somebody else is at it.
 */
export async function tellCharge(
  ports: MarketplacePorts,
  place: Place,
  chargeId: string,
  signal?: AbortSignal,
): Promise<void> {
  const channelId = place.channel.id;
  const owner = randomUUID();
  const leaseMs = leaseOf(ports.patienceMs);
  const claim = { id: chargeId, owner, leaseMs };
  const claimed = await inUnit(ports, 'claimCharge', channelId, (tx) => claimCharge(tx, claim));
  if (claimed === undefined) return;
  const one = { ports, place, owner, signal, ...claimed };
  try {
    await (claimed.charge.status === 'CANCELED' ? takeBack(one) : sendCharge(one));
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    await inUnit(ports, 'chargeFailed', channelId, (tx) => chargeFailed(tx, { id: chargeId, owner, reason }));
    throw error;
  }
}
