import { channelCollects, collectingProtocols, repriceSubscription } from '../../core/billing/index.js';
import type { Lookups, Units } from '../../core/repositories.js';
import { systemActor } from '../../core/shared/actor.js';
import type { PublishedEvent } from '../../core/shared/events.js';

/** What the outbox relay delivers to. */
export interface SeatPricing {
  readonly name: string;
  wants(event: PublishedEvent): boolean;
  deliver(event: PublishedEvent): Promise<void>;
}

export interface SeatPricingPorts {
  readonly uow: Units;
  readonly lookups: Pick<Lookups, 'channels' | 'subscriptions'>;
}

const actor = systemActor('billing');
const seatEvents: ReadonlySet<string> = new Set(['license.assigned', 'license.released']);

/**
 * Keeps what subscriptions cost per seat in line with the seats that are held, after every change of one. Where no channel's
 * marketplace bills, nobody is told: then a change of seats costs nothing here.
 */
export function createSeatPricing(ports: SeatPricingPorts): () => Promise<SeatPricing[]> {
  const pricing: SeatPricing = {
    name: 'seat-pricing',
    wants: ({ type }) => seatEvents.has(type),
    deliver: (event) => reprice(ports, event),
  };
  return async () => {
    for (const protocol of collectingProtocols) {
      const [channel] = await ports.lookups.channels.findMany({ protocol }, 1);
      if (channel !== undefined) return [pricing];
    }
    return [];
  };
}

async function reprice({ uow, lookups }: SeatPricingPorts, event: PublishedEvent): Promise<void> {
  const { applicationId, instanceId } = event.payload;
  if (typeof applicationId !== 'string' || typeof instanceId !== 'string') return;
  const place = { tenantId: event.tenantId, applicationId, instanceId, seats: 'perSeat' } as const;
  for (const { id, status, channelId } of await lookups.subscriptions.findMany(place)) {
    if (status !== 'ACTIVE' || !(await channelCollects(lookups, channelId))) continue;
    const command = { name: 'billing.reprice', requestId: event.id, channelId, reason: `${event.type} ${event.id}` };
    await uow.run(actor, command, (tx) => repriceSubscription(tx, { subscriptionId: id }));
  }
}
