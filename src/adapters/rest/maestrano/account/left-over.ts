import { unitPriceOf } from '../../../../core/billing/index.js';
import type { ChargeView } from '../../../../core/readers.js';
import { systemActor } from '../../../../core/shared/actor.js';
import { hour, minute, shift } from '../../../../core/shared/clock.js';
import { isDomainError } from '../../../../core/shared/errors.js';
import type { Filter } from '../../../../core/shared/reading.js';
import type { MarketplaceBackground, MarketplacePorts } from '../../../marketplace.js';
import { type Place, placeOf } from './place.js';
import { tellCharge } from './tell-charge.js';
import { clearDenied } from './troubles.js';

const actor = systemActor('billing');
/** By then whoever tells events has given up, or soon will. */
const leftAfter = hour;
const page = 100;
/** In a row of one round: then the marketplace itself cannot be asked. */
const mostFailures = 3;

/**
 * Tells marketplaces of charges and cancellations nobody told them of for an hour, again and again until it is done: a marketplace may be
 * away, or not listed, for longer than events are tried.
 */
export function createBillLoop(ports: MarketplacePorts): MarketplaceBackground['loops'][number] {
  /** Where the last round stopped, so that what fails every time never keeps the rest from being told. */
  const reached = new Map<string, string>();

  async function tellLeft(place: Place, key: string, filter: Filter, signal: AbortSignal): Promise<void> {
    let failures = 0;
    for (let more = true; more; ) {
      const id = { gt: reached.get(key) ?? '' };
      const { nodes, hasNextPage } = await ports.readers.charges.page(actor, {
        first: page,
        filter: { ...filter, id },
      });
      for (const charge of nodes) {
        if (failures >= mostFailures || signal.aborted) return;
        reached.set(key, charge.id);
        if (isTold(charge)) failures = (await tellOne(place, charge.id, signal)) ? 0 : failures + 1;
      }
      more = hasNextPage;
    }
    reached.delete(key);
  }

  async function tellOne(place: Place, id: string, signal: AbortSignal): Promise<boolean> {
    try {
      await tellCharge(ports, place, id, signal);
    } catch (error) {
      return isDomainError(error, 'busy'); // somebody else is at it
    }
    await clearDenied(ports, place.channel.id);
    return true;
  }

  return {
    name: 'maestrano bills',
    interval: 10 * minute,
    async run(signal) {
      for (const { id } of await ports.lookups.channels.findMany({ protocol: 'maestrano' })) {
        const place = await placeOf(ports, id).catch(() => undefined);
        if (place === undefined || signal.aborted) continue;
        const channelId = { eq: id };
        const before = { lt: shift(ports.clock.now(), -leftAfter) };
        await tellLeft(place, `${id} due`, { channelId, status: { eq: 'DUE' }, createdAt: before }, signal);
        await tellLeft(place, `${id} canceled`, { channelId, status: { eq: 'CANCELED' }, cancelDueAt: before }, signal);
      }
    },
  };
}

/** Credits wait for costs, and nobody is told of them. */
function isTold(charge: Pick<ChargeView, 'status' | 'priceMinor' | 'offsetMinor'>): boolean {
  return charge.status === 'CANCELED' || unitPriceOf(charge) > 0n;
}
