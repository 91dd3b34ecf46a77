import type { LicensePool, LicensePoolRepository, PoolOnTheWay } from '../../core/licensing/index.js';
import { mostQuantity } from '../../core/shared/text.js';
import type { TenantKind } from '../../core/tenancy/index.js';
import { selectList } from '../rows/statements.js';
import type { Row } from '../sql/sql.js';
import { licensePools } from '../tables/licensing.js';
import { TableRepository } from './table-repository.js';

const onTheWayText =
  `SELECT ${selectList(licensePools)}, o.kind AS tenantKind, (SELECT MAX(q.channel_id) FROM tenant_paths b ` +
  "JOIN tenants q ON q.id = b.ancestor_id AND q.kind = 'provider' WHERE b.descendant_id = a.descendant_id " +
  'AND b.depth < a.depth) AS providerChannelId FROM tenant_paths a ' +
  'JOIN license_pools t ON t.tenant_id = a.ancestor_id AND t.application_id = ? AND t.license_type_id = ? ' +
  "AND t.instance_id = '' JOIN tenants o ON o.id = a.ancestor_id WHERE a.descendant_id = ? ORDER BY a.depth";

export class SqlLicensePoolRepository extends TableRepository<LicensePool> implements LicensePoolRepository {
  async take(id: string, count: number): Promise<boolean> {
    const taken = await this.context.sql.run(
      'UPDATE license_pools SET used = used + ? WHERE id = ? AND used + ? <= CASE WHEN oversell = 1 THEN ? ELSE quantity END',
      [count, id, count, mostQuantity],
    );
    return taken > 0;
  }

  async takeStock(id: string, count: number): Promise<boolean> {
    const taken = await this.context.sql.run(
      'UPDATE license_pools SET used = used + ? WHERE id = ? AND used + ? <= quantity',
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

  async onTheWay(
    tenantId: string,
    { id, applicationId }: { readonly id: string; readonly applicationId: string },
  ): Promise<readonly PoolOnTheWay[]> {
    const { codec } = this.context.storage<LicensePool>(licensePools);
    const rows = await this.context.sql.all<Row & { tenantKind: TenantKind; providerChannelId: string | null }>(
      onTheWayText,
      [applicationId, id, tenantId],
    );
    return rows.map(({ tenantKind, providerChannelId, ...row }) => ({
      pool: codec.decode(row),
      tenantKind,
      providerChannelId: providerChannelId ?? '',
    }));
  }
}
