import type { Interval, SeatPricing } from '../catalog/index.js';
import type { Instant } from '../shared/clock.js';

export const subscriptionStatuses = ['ACTIVE', 'SUSPENDED', 'ENDED'] as const;
export type SubscriptionStatus = (typeof subscriptionStatuses)[number];

/** The commercial agreement for one instance (or one application of a tenant). Price and period are copies of the plan's. */
export interface Subscription {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly tenantId: string;
  readonly applicationId: string;
  /** '' when it is for the application as such. */
  readonly instanceId: string;
  readonly planId: string;
  readonly channelId: string;
  readonly status: SubscriptionStatus;
  /** Periods are anchored to the day of this instant. */
  readonly startedAt: Instant;
  /** Until then nothing is billed; null without a trial. */
  readonly trialEndsAt: Instant | null;
  /** When it will end by itself; null = runs on. */
  readonly endsAt: Instant | null;
  readonly endedAt: Instant | null;
  readonly priceMinor: bigint;
  readonly currency: string;
  readonly interval: Interval;
  readonly seats: SeatPricing;
}

export type SpanKind = 'tenant' | 'application' | 'instance' | 'user' | 'membership' | 'subscription';

/**
 * From when to when an object was active by itself. One row per stretch; joined along the chain it answers who was usable and
 * billable at any past instant.
 */
export interface ActiveSpan {
  readonly id: string;
  readonly version: number;
  readonly objectKind: SpanKind;
  readonly objectId: string;
  readonly startedAt: Instant;
  /** null while it lasts. */
  readonly endedAt: Instant | null;
  /** '0' while it lasts, its own id afterwards: unique (objectId, openKey). */
  readonly openKey: string;
}

/** A change agreed now that takes effect later; the worker runs it when due. */
export interface ScheduledCommand {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly command: 'endSubscription' | 'changePurchase';
  readonly objectId: string;
  readonly channelId: string;
  readonly requestId: string;
  readonly requestedBy: string;
  readonly input: Readonly<Record<string, unknown>>;
  readonly dueAt: Instant;
  readonly doneAt: Instant | null;
  /** '' when it was carried out; the error code that made it fail, 'replaced' or 'canceled' when it will not be. */
  readonly failure: string;
}

export const chargeKinds = ['RECURRING', 'AD_HOC', 'PRORATION'] as const;
/**
 * RECURRING: what a subscription costs every period, billed again and again until it is canceled. AD_HOC: an amount somebody asked
 * for. PRORATION: what a change of seats or plan within a billed period costs until its end; negative: a credit.
 */
export type ChargeKind = (typeof chargeKinds)[number];

export const chargeStatuses = ['DUE', 'SUBMITTED', 'SETTLED', 'REFUSED', 'UNCOLLECTABLE', 'CANCELED'] as const;
/**
 * DUE: to be billed. SUBMITTED: the marketplace has it (`externalId`). SETTLED: nothing more is to be billed: it came to nothing, was
 * offset or used up, or was billed elsewhere (`externalId`). REFUSED: the marketplace does not take it; an operator may let it be
 * tried again. UNCOLLECTABLE: there is nobody to bill any more. CANCELED: withdrawn; `cancelDueAt` is set while the marketplace must
 * still be told.
 */
export type ChargeStatus = (typeof chargeStatuses)[number];

/** An amount to be billed for a tenant (docs/design.md 2). */
export interface Charge {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly kind: ChargeKind;
  readonly status: ChargeStatus;
  readonly tenantId: string;
  /** '' = for no subscription in particular. */
  readonly subscriptionId: string;
  readonly instanceId: string;
  /** The channel whose marketplace bills it; '' = nobody does by itself: an operator settles it by hand. */
  readonly channelId: string;
  readonly description: string;
  /** Price of one unit in minor units; of a whole period when RECURRING. Negative = a credit (PRORATION only). */
  readonly priceMinor: bigint;
  /** How many units, as a decimal with up to two places: '1', '3.50'. */
  readonly units: string;
  readonly currency: string;
  /** Of a PRORATION: what of `priceMinor` was offset by earlier credits; of a credit: what of it was used up. Never negative. */
  readonly offsetMinor: bigint;
  /** The time it is for; both or neither. */
  readonly periodStartsAt: Instant | null;
  readonly periodEndsAt: Instant | null;
  /** A cost passed through: the marketplace takes no commission. */
  readonly thirdParty: boolean;
  /** RECURRING only, else null: how often, from when on, and for how many seats. */
  readonly interval: Interval | null;
  readonly startsAt: Instant | null;
  readonly seats: number | null;
  /** When it was withdrawn. */
  readonly canceledAt: Instant | null;
  /** Set while the marketplace must be told of the cancellation. */
  readonly cancelDueAt: Instant | null;
  /** The marketplace's id of the bill; '' until it has it. */
  readonly externalId: string;
  /** When sending began for the first time: from then on a bill may be there although no answer was heard. */
  readonly attemptedAt: Instant | null;
  /** Who is sending it now, and until when nobody else may. */
  readonly leaseOwner: string;
  readonly leasedUntil: Instant | null;
  /** Why the last try failed, or why it was refused. */
  readonly failure: string;
}
