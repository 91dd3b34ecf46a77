import type { Actor } from '../shared/actor.js';
import type { Page } from '../shared/reading.js';
import type { Repository } from '../shared/repository.js';
import type { TenantKind } from '../tenancy/index.js';
import type { License, LicensePool, PoolChange } from './model.js';

/** A pool seats of a tenant may come from, and what kind of tenant has it. */
export interface PoolOnTheWay {
  readonly pool: LicensePool;
  readonly tenantKind: TenantKind;
  /** The channel of a provider on the way below it; '' when there is none or it has no channel. */
  readonly providerChannelId: string;
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

/** What a pool's `used` is made of. */
export interface PoolUse {
  /** Quantities of the pools below that draw from it. */
  readonly subPurchased: number;
  /** Seats held from it now. */
  readonly assigned: number;
}

/** One pool of a tree of tenants; `depth` is 0 for the tenant at its top. */
export interface LicensePoolLevel {
  readonly depth: number;
  readonly pool: LicensePool;
}

export interface PoolTreeQuestion {
  readonly tenantId: string;
  /** Of one application only. */
  readonly applicationId?: string | null;
}

/**
 * The pools of a tenant and of all live ones below it, from the top down, cut to the actor's reach; nothing for a tenant out of
 * their sight. One statement each.
 */
export interface PoolTree {
  page(
    actor: Actor,
    question: PoolTreeQuestion & { readonly first: number; readonly after?: string | null },
  ): Promise<Page<LicensePoolLevel>>;
  count(actor: Actor, question: PoolTreeQuestion): Promise<number>;
}
