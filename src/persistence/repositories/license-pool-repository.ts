import type { LicensePool, LicensePoolRepository } from '../../core/licensing/index.js';
import { TableRepository } from './table-repository.js';

export class SqlLicensePoolRepository extends TableRepository<LicensePool> implements LicensePoolRepository {
  async take(id: string, count: number): Promise<boolean> {
    const taken = await this.context.sql.run(
      'UPDATE license_pools SET used = used + ? WHERE id = ? AND (oversell = 1 OR used + ? <= quantity)',
      [count, id, count],
    );
    return taken > 0;
  }

  async giveBack(id: string, count: number): Promise<void> {
    await this.context.sql.run(
      'UPDATE license_pools SET used = CASE WHEN used < ? THEN 0 ELSE used - ? END WHERE id = ?',
      [count, count, id],
    );
  }
}
