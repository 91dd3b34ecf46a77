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
