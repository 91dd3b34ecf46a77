import type { AccessRepositories } from './access/index.js';
import type { BillingRepositories } from './billing/index.js';
import type { CatalogRepositories } from './catalog/index.js';
import type { IdentityRepositories } from './identity/index.js';
import type { LicensingRepositories } from './licensing/index.js';
import type { MarketplaceRepositories } from './marketplace/index.js';
import type { ProvisioningRepositories } from './provisioning/index.js';
import type { Tx, UnitOfWork } from './shared/unit-of-work.js';
import type { TenancyRepositories } from './tenancy/index.js';

/** Every write repository; a use case names only those it needs. */
export interface Repositories
  extends TenancyRepositories,
    CatalogRepositories,
    ProvisioningRepositories,
    AccessRepositories,
    LicensingRepositories,
    BillingRepositories,
    MarketplaceRepositories,
    IdentityRepositories {}

export type Unit = Tx & Repositories;
export type Units = UnitOfWork<Repositories>;
