import type { Instant } from '../shared/clock.js';
import type { Lifecycle } from '../shared/lifecycle.js';
import type { Property } from '../shared/properties.js';

/** What is sold. Unique by (ownerTenantId, key) while live. */
export interface Application extends Lifecycle {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  /** The provider it belongs to; '' for the hub's own. */
  readonly ownerTenantId: string;
  readonly key: string;
  readonly name: string;
  readonly description: string;
  /** Where people use it; '' when it has no web page. */
  readonly accessUrl: string;
  readonly loginUrl: string;
  readonly logoutUrl: string;
  /** The channel that manages it (its owner's); '' for the hub's own. */
  readonly channelId: string;
  /** Name-value pairs of whoever manages it, in their order. */
  readonly properties: readonly Property[];
  /** The group whose service level agreements hold for it; '' = none. */
  readonly serviceLevelGroupId: string;
  /** The operator's own reference, given with an approval; shown to operators only. */
  readonly operatorReference: string;
  /** '0' while live, its own id once terminated (docs/design.md 10.3). */
  readonly liveKey: string;
}

/** What a seat of an application is called. */
export interface LicenseType {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly applicationId: string;
  readonly code: string;
  readonly name: string;
  /** Order in which the types were declared, from 0. */
  readonly position: number;
}

export const intervals = ['day', 'week', 'month', 'year'] as const;
export type Interval = (typeof intervals)[number];
export const seatPricings = ['flat', 'perSeat'] as const;
export type SeatPricing = (typeof seatPricings)[number];

/** Price and period of an application. Subscriptions copy the price, so changing a plan changes only what is sold next. */
export interface Plan {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly applicationId: string;
  readonly key: string;
  readonly name: string;
  readonly priceMinor: bigint;
  readonly currency: string;
  readonly interval: Interval;
  readonly trialDays: number;
  readonly seats: SeatPricing;
  /** No new subscriptions from then on. */
  readonly retiredAt: Instant | null;
}
