import type { Repository } from '../shared/repository.js';
import type { TenantKind } from '../tenancy/index.js';
import type { License, LicensePool, PoolChange } from './model.js';

/** A pool seats of a tenant may come from, and what kind of tenant has it. */
export interface PoolOnTheWay {
  readonly pool: LicensePool;
  readonly tenantKind: TenantKind;
}

export interface LicensePoolRepository extends Repository<LicensePool> {
  /**
   * Takes `count` units in one conditional statement (used + count <= quantity, or oversell): false when they are not there.
   * The row stays locked until the unit ends. Not journaled: the license or the pool below is.
   */
  take(id: string, count: number): Promise<boolean>;
  /** The same from what is free only, whether or not the pool may give out more. */
  takeStock(id: string, count: number): Promise<boolean>;
  /** Gives units back; never below 0. */
  giveBack(id: string, count: number): Promise<void>;
  /** The pools of a tenant and of all above it, nearest first, without those of instances; one statement. */
  onTheWay(
    tenantId: string,
    type: { readonly id: string; readonly applicationId: string },
  ): Promise<readonly PoolOnTheWay[]>;
}

export interface LicensingRepositories {
  readonly licensePools: LicensePoolRepository;
  readonly licenses: Repository<License>;
  readonly poolChanges: Repository<PoolChange>;
}
