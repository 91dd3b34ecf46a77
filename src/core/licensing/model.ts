import type { Instant } from '../shared/clock.js';

/**
 * A bought quantity at one level of the tenant tree, unique by (tenant, application, licenseType, instanceId or '').
 * `used` = licenses held from it + quantities of the pools below that draw from it, at all times.
 */
export interface LicensePool {
  readonly id: string;
  readonly version: number;
  readonly createdAt: Instant;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly licenseTypeId: string;
  readonly instanceId: string;
  /** The pool of the nearest tenant above that this one draws its quantity from; '' for a root pool. */
  readonly parentPoolId: string;
  readonly quantity: number;
  readonly used: number;
  /** May give out more than `quantity`. */
  readonly oversell: boolean;
}

/** One unit of a pool held by a user (a seat). */
export interface License {
  readonly id: string;
  readonly version: number;
  readonly poolId: string;
  readonly userId: string;
  readonly tenantId: string;
  readonly applicationId: string;
  readonly licenseTypeId: string;
  /** The instance the seat is for; '' when it is for the application as such. */
  readonly instanceId: string;
  readonly assignedAt: Instant;
  readonly releasedAt: Instant | null;
  /** '0' while held, its own id afterwards: unique (poolId, userId, instanceId, liveKey). */
  readonly liveKey: string;
}

/** What a pool's quantity was from an instant on: answers "purchased at". */
export interface PoolChange {
  readonly id: string;
  readonly version: number;
  readonly poolId: string;
  readonly at: Instant;
  readonly quantity: number;
}
