import type { AccessRepositories } from './access/index.js';
import type { AlarmRepositories } from './alarms/index.js';
import type { BillingRepositories } from './billing/index.js';
import type { CatalogRepositories } from './catalog/index.js';
import type { IdentityRepositories } from './identity/index.js';
import type { LicensingRepositories } from './licensing/index.js';
import type { MarketplaceRepositories } from './marketplace/index.js';
import type { ProvisioningRepositories } from './provisioning/index.js';
import type { ServiceLevelRepositories } from './servicelevels/index.js';
import type { Instant } from './shared/clock.js';
import type { Repository, Stored } from './shared/repository.js';
import type { Tx, UnitOfWork } from './shared/unit-of-work.js';
import type { TenancyRepositories } from './tenancy/index.js';
import type { UsageRepositories } from './usage/index.js';

/** Every write repository; a use case names only those it needs. */
export interface Repositories
  extends TenancyRepositories,
    CatalogRepositories,
    ProvisioningRepositories,
    AccessRepositories,
    LicensingRepositories,
    BillingRepositories,
    MarketplaceRepositories,
    ServiceLevelRepositories,
    UsageRepositories,
    IdentityRepositories,
    AlarmRepositories {}

export type Unit = Tx & Repositories;

type Lookup<T extends Stored> = Pick<Repository<T>, 'find' | 'findOne' | 'findMany' | 'count'>;

type Tables = {
  readonly [K in keyof Repositories as Repositories[K] extends Repository<infer _T>
    ? K
    : never]: Repositories[K] extends Repository<infer T> ? Lookup<T> : never;
};

/**
 * Committed rows as the write side knows them, outside any unit and each statement by itself: for questions on a hot path that
 * change nothing and must not wait behind writers. What a command decides on is read in its unit.
 */
export interface Lookups extends Tables, Pick<AccessRepositories, 'chains'> {
  readonly now: Instant;
}
export type Units = UnitOfWork<Repositories>;
