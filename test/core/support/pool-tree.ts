import { defineApplication } from '../../../src/core/catalog/index.js';
import { type LicensePool, setPoolQuantity, subPurchase } from '../../../src/core/licensing/index.js';
import { configureChannel, type Protocol } from '../../../src/core/marketplace/index.js';
import { createTenant, type Tenant, type TenantKind } from '../../../src/core/tenancy/index.js';
import type { TestDatabase } from '../../support/databases.js';
import { makePerson, perform, system } from './hub.js';

/** One tenant of a tree: its kind and, but for the first, which of those before it is above. */
export interface Branch {
  readonly kind: TenantKind;
  readonly above?: number;
}

/** A tree of tenants under a channel, and an application with two types of seats. */
export async function makeTree(db: TestDatabase, branches: readonly Branch[], protocol: Protocol = 'kakapo') {
  const mark = db.ids.next('event').replace('_', '-');
  return perform(db, system, async (tx) => {
    const channel = await configureChannel(tx, { name: mark, protocol, settings: {} });
    const codes = [{ code: 'Pro' }, { code: 'Enterprise' }];
    const application = await defineApplication(tx, { key: mark, name: 'Desktop', licenseTypes: codes });
    const typeOf = async (code: string) => (await tx.licenseTypes.findOne({ applicationId: application.id, code }))!;
    const tenants: Tenant[] = [];
    for (const { kind, above } of branches) {
      const parentId = above === undefined ? '' : tenants[above]!.id;
      tenants.push(
        await createTenant(tx, { kind, name: `${kind} ${tenants.length}`, parentId, channelId: channel.id }),
      );
    }
    return { channel, application, tenants, pro: await typeOf('Pro'), enterprise: await typeOf('Enterprise') };
  });
}

export type Tree = Awaited<ReturnType<typeof makeTree>>;

export const personIn = (db: TestDatabase, { tenants }: Tree, at: number): Promise<string> =>
  perform(db, system, async (tx) => (await makePerson(tx, tenants[at]!.id)).user.id);

export const buy = (
  db: TestDatabase,
  { tenants, pro }: Tree,
  at: number,
  quantity: number,
  oversell?: boolean,
): Promise<LicensePool> =>
  perform(db, system, (tx) =>
    setPoolQuantity(tx, {
      tenantId: tenants[at]!.id,
      licenseTypeId: pro.id,
      quantity,
      ...(oversell === undefined ? {} : { oversell }),
    }),
  );

export const draw = (db: TestDatabase, { tenants, pro }: Tree, at: number, quantity: number): Promise<LicensePool> =>
  perform(db, system, (tx) => subPurchase(tx, { tenantId: tenants[at]!.id, licenseTypeId: pro.id, quantity }));

/** Of the pools of the first type: quantity and used by tenant, in the order of the tenants; null where there is none. */
export function poolsOf(db: TestDatabase, { tenants, pro }: Tree): Promise<([number, number] | null)[]> {
  return perform(db, system, async (tx) => {
    const pools = await tx.licensePools.findMany({ licenseTypeId: pro.id, instanceId: '' });
    return tenants.map(({ id }) => {
      const pool = pools.find(({ tenantId }) => tenantId === id);
      return pool === undefined ? null : [pool.quantity, pool.used];
    });
  });
}
