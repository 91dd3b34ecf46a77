import type { Instant } from '../../shared/clock.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { Charge, Subscription } from '../model.js';
import type { BillingRepositories } from '../ports.js';

export type ChargeTx = Tx & BillingRepositories;

export type ChargeEvent =
  | 'charge.due'
  | 'charge.credited'
  | 'charge.cancel_due'
  | 'charge.submitted'
  | 'charge.settled'
  | 'charge.refused'
  | 'charge.uncollectable'
  | 'charge.canceled';

/** Tells subscribers of a charge written in this unit. */
export function emitCharge(tx: Tx, type: ChargeEvent, charge: Charge): void {
  tx.emit({
    type,
    aggregate: { kind: 'charge', id: charge.id, version: charge.version },
    tenantId: charge.tenantId,
    payload: {
      channelId: charge.channelId,
      kind: charge.kind,
      status: charge.status,
      instanceId: charge.instanceId,
      subscriptionId: charge.subscriptionId,
    },
  });
}

type Optional =
  | 'units'
  | 'offsetMinor'
  | 'periodStartsAt'
  | 'periodEndsAt'
  | 'thirdParty'
  | 'interval'
  | 'startsAt'
  | 'seats';

export type NewCharge = Pick<
  Charge,
  | 'kind'
  | 'status'
  | 'tenantId'
  | 'subscriptionId'
  | 'instanceId'
  | 'channelId'
  | 'description'
  | 'priceMinor'
  | 'currency'
> &
  Partial<Pick<Charge, Optional>>;

/** Inserts a charge and tells of it. What is not given is one unit, no period, nothing offset, nothing sent. */
export async function insertCharge(tx: ChargeTx, charge: NewCharge, createdAt: Instant = tx.now): Promise<Charge> {
  const inserted = await tx.charges.insert({
    units: '1',
    offsetMinor: 0n,
    periodStartsAt: null,
    periodEndsAt: null,
    thirdParty: false,
    interval: null,
    startsAt: null,
    seats: null,
    ...charge,
    id: tx.ids.next('charge'),
    createdAt,
    canceledAt: null,
    cancelDueAt: null,
    externalId: '',
    attemptedAt: null,
    leaseOwner: '',
    leasedUntil: null,
    failure: '',
  });
  if (inserted.status === 'SETTLED') emitCharge(tx, 'charge.settled', inserted);
  else emitCharge(tx, inserted.priceMinor < 0n ? 'charge.credited' : 'charge.due', inserted);
  return inserted;
}

/** Where a charge of this subscription belongs; `channelId` is that of a marketplace that bills. */
export function placeOf(subscription: Subscription) {
  const { id, tenantId, instanceId, channelId } = subscription;
  return { subscriptionId: id, tenantId, instanceId, channelId };
}

/** Whether it is the RECURRING charge in force: not withdrawn, also when the marketplace refused it. A rate of nothing is none. */
export function isStanding({ kind, status }: Charge): boolean {
  return kind === 'RECURRING' && status !== 'CANCELED' && status !== 'SETTLED';
}

/** Whether a bill for it is, or may be, at the marketplace. */
export function mayBeBilled({ attemptedAt, externalId }: Charge): boolean {
  return attemptedAt !== null || externalId !== '';
}

/**
 * Withdraws a locked charge: at once when no bill can be at the marketplace, otherwise the marketplace is to be told. A canceled one
 * stays as it is.
 */
export async function withdraw(tx: ChargeTx, before: Charge, canceledAt: Instant = tx.now): Promise<Charge> {
  if (before.status === 'CANCELED') return before;
  const mustTell = mayBeBilled(before);
  const after = await tx.charges.save(before, {
    status: 'CANCELED',
    canceledAt,
    cancelDueAt: mustTell ? tx.now : null,
    failure: '',
  });
  emitCharge(tx, mustTell ? 'charge.cancel_due' : 'charge.canceled', after);
  return after;
}
