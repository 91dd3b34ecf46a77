import type { Repository } from '../shared/repository.js';
import type { License, LicensePool, PoolChange } from './model.js';

export interface LicensePoolRepository extends Repository<LicensePool> {
  /**
   * Takes `count` units in one conditional statement (used + count <= quantity, or oversell): false when they are not there.
   * The row stays locked until the unit ends. Not journaled: the license or the pool below is.
   */
  take(id: string, count: number): Promise<boolean>;
  /** Gives units back; never below 0. */
  giveBack(id: string, count: number): Promise<void>;
}

export interface LicensingRepositories {
  readonly licensePools: LicensePoolRepository;
  readonly licenses: Repository<License>;
  readonly poolChanges: Repository<PoolChange>;
}
