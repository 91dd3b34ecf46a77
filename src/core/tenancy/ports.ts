import type { Repository } from '../shared/repository.js';
import type { Tenant } from './model.js';

/** The tenant tree, at most 16 levels deep. */
export interface TenantTree {
  /** Records a new tenant's place below its parent ('' = root). Throws `invalid_value` past 16 levels. */
  attach(tenantId: string, parentId: string): Promise<void>;
  /** The tenant itself and all above it, nearest first. */
  lineage(tenantId: string): Promise<Tenant[]>;
  /** The tenant itself and all below it, each after the one above it. */
  descendants(tenantId: string): Promise<string[]>;
  /** How many tenants are above each of these. */
  depths(tenantIds: readonly string[]): Promise<ReadonlyMap<string, number>>;
  /** Is the tenant one of the roots or somewhere below one? */
  isWithin(tenantId: string, rootIds: readonly string[]): Promise<boolean>;
}

export interface TenancyRepositories {
  readonly tenants: Repository<Tenant>;
  readonly tenantTree: TenantTree;
}
