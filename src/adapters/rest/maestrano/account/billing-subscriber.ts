import type { PublishedEvent } from '../../../../core/shared/events.js';
import type { MarketplacePorts, Subscriber } from '../../../marketplace.js';
import { placeOf } from './place.js';
import { tellCharge } from './tell-charge.js';
import { clearDenied, clearNotBilled, tellIfDenied, tellNotBilled } from './troubles.js';

/** `sends`: the marketplace is told. The others only end or begin an alarm. */
const sends: ReadonlySet<string> = new Set(['charge.due', 'charge.cancel_due']);
const tells: ReadonlySet<string> = new Set([
  'charge.submitted',
  'charge.settled',
  'charge.canceled',
  'charge.refused',
  'charge.uncollectable',
]);

/**
 * Tells marketplaces what they bill for us: every charge exactly once (spec Maestrano 1.7). A change of price is a charge canceled and
 * another made, and the two are told independently, each until it is done: neither waits for the other, so a refusal of one never keeps
 * the other from taking effect, and both are at the marketplace well before the period ends at which the one stops and the other starts.
 */
export function createBillingSubscriber(ports: MarketplacePorts): Subscriber {
  return {
    name: 'maestrano-billing',
    wants: ({ type, payload }) => (sends.has(type) || tells.has(type)) && channelOf(payload) !== '',
    deliver: (event) => (sends.has(event.type) ? send(ports, event) : tell(ports, event)),
  };
}

async function send(ports: MarketplacePorts, { aggregate, payload }: PublishedEvent): Promise<void> {
  const place = await placeOf(ports, channelOf(payload));
  if (place === undefined) return;
  const channelId = place.channel.id;
  try {
    await tellCharge(ports, place, aggregate.id);
  } catch (error) {
    await tellIfDenied(ports, channelId, error);
    throw error;
  }
  await clearDenied(ports, channelId);
}

/** Looks at what the charge is by now, because events may be told twice and late. */
async function tell(ports: MarketplacePorts, { aggregate }: PublishedEvent): Promise<void> {
  const charge = await ports.lookups.charges.find(aggregate.id);
  if (charge === undefined) return;
  if (charge.status === 'REFUSED' || charge.status === 'UNCOLLECTABLE') await tellNotBilled(ports, charge);
  else await clearNotBilled(ports, charge);
}

function channelOf(payload: Readonly<Record<string, unknown>>): string {
  return typeof payload.channelId === 'string' ? payload.channelId : '';
}
