import type { KakapoCall } from '../../../src/adapters/soap/kakapo/context.js';
import { operations } from '../../../src/adapters/soap/kakapo/operations/index.js';
import { defineApplication } from '../../../src/core/catalog/index.js';
import { setPoolQuantity } from '../../../src/core/licensing/index.js';
import { bindExternalRef, configureChannel } from '../../../src/core/marketplace/index.js';
import { systemActor } from '../../../src/core/shared/actor.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import { createReaders } from '../../../src/persistence/readers/readers.js';
import { createStorage } from '../../../src/persistence/rows/stored-table.js';
import type { Database, Sql, SqlValue } from '../../../src/persistence/sql/sql.js';
import { createUnits } from '../../../src/persistence/unit/units.js';
import { onEveryDatabase, type TestDatabase } from '../../support/databases.js';

const serverHostName = 'xsp.example';

/** A channel with a provider, and its operations on a database that counts what it is asked. */
async function scene(db: TestDatabase) {
  let asked: string[] = [];
  let first: { text: string; params: readonly SqlValue[] | undefined } | undefined;
  const counted = (sql: Sql): Sql => ({
    dialect: sql.dialect,
    all: (text, params) => {
      first ??= { text, params };
      asked.push(text);
      return sql.all(text, params);
    },
    run: (text, params) => {
      asked.push(text);
      return sql.run(text, params);
    },
  });
  const { raw, clock, ids, keyring } = db;
  const storage = createStorage(raw.dialect, keyring);
  const database: Database = {
    ...raw,
    dialect: raw.dialect,
    address: raw.address,
    read: counted(raw.read),
    transaction: (work, options) => raw.transaction((sql) => work(counted(sql)), options),
  };
  const uow = createUnits({ database, storage, secrets: keyring, clock, ids, onCommit: () => undefined });
  const readers = createReaders(database.read, storage, keyring);
  const made = await db.persistence.uow.run(systemActor('test'), { name: 'test', requestId: 'test' }, async (tx) => {
    const channel = await configureChannel(tx, { name: 'unity', protocol: 'kakapo', settings: {} });
    const channelId = channel.id;
    const { id } = await createTenant(tx, { kind: 'provider', name: 'Provider', channelId });
    await bindExternalRef(tx, { channelId, kind: 'tenant', externalId: serverHostName, targetId: id });
    const application = await defineApplication(tx, {
      key: 'UnityDesktop',
      name: 'Unity',
      licenseTypes: [{ code: 'Pro' }],
    });
    const [type] = await tx.licenseTypes.findMany({ applicationId: application.id });
    await setPoolQuantity(tx, { tenantId: id, licenseTypeId: type!.id, quantity: 10_000 });
    return { channel, tenantId: id };
  });
  const account = { kind: 'serviceAccount', serviceAccountId: 'sac_1', username: 'api', level: null } as const;
  const actor = { ...account, channelId: made.channel.id, tenantId: made.tenantId };
  return {
    ...made,
    /** How the database goes about the first question of the last call. */
    async plan(): Promise<string> {
      const explain = raw.dialect === 'mysql' ? 'EXPLAIN' : 'EXPLAIN QUERY PLAN';
      return JSON.stringify(await raw.read.all(`${explain} ${first!.text}`, first!.params));
    },
    async call(operation: string, input: object): Promise<{ items: readonly object[]; asked: string[] }> {
      asked = [];
      first = undefined;
      const call = { ports: { uow, readers }, channel: made.channel, operation, actor, requestId: 'r', address: '::1' };
      const items = await operations[operation]!({ serverHostName, ...input }, call as unknown as KakapoCall);
      return { items: items ?? [], asked };
    },
  };
}

onEveryDatabase('what the operations cost', (db) => {
  it('a license is assigned in a fixed small number of statements, of which one finds all that is meant', async () => {
    const { call } = await scene(db);
    const user = { resellerId: 'ent1', groupId: 'g1', broadworksUserId: 'ada@x' };
    await call('AddUserWithHierarchy', user);
    const license = { broadworksUserId: 'ada@x', applicationName: 'UnityDesktop', licenseType: 'Pro' };
    const first = await call('AddUserLicense', license);
    expect(first.asked.length).toBeLessThanOrEqual(17);
    const again = await call('AddUserLicense', license);
    expect(again.asked.length).toBeLessThanOrEqual(7);
  });

  it('5,000 users, and every other list, are one statement', async () => {
    const { call, channel, tenantId } = await scene(db);
    const at = { resellerId: 'ent1', groupId: 'g1' };
    await call('AddUserWithHierarchy', { ...at, broadworksUserId: 'u0000@x' });
    await fill(db, channel.id, tenantId, 5_000);
    const { items, asked } = await call('GetUsers', at);
    expect(asked).toHaveLength(1);
    expect(items).toHaveLength(5_000);
    expect(items[4_999]).toMatchObject({ broadworksUserId: 'u4999@x', userName: 'User 4999' });
    const others = ['GetSystemProviders', 'GetResellers', 'GetGroups', 'GetResellerLicenses', 'GetGroupLicenses'];
    for (const operation of others) expect((await call(operation, at)).asked).toHaveLength(1);
    expect((await call('GetUserLicenses', { broadworksUserId: 'u4999@x' })).asked).toHaveLength(1);
  });

  it('nothing is looked for among all of a channel, or all of a group', async () => {
    const { call, plan } = await scene(db);
    const at = { resellerId: 'ent1', groupId: 'g1' };
    await call('AddUserWithHierarchy', { ...at, broadworksUserId: 'ada@x' });
    const user = { broadworksUserId: 'ada@x', userName: 'Ada' };
    const license = { ...user, applicationName: 'UnityDesktop', licenseType: 'Pro' };
    await call('AddUserLicense', license);
    const ways: [string, string[]][] = [
      ['UpdateUser', ['ux_memberships_user_id_tenant_id_instance_id_live_key', 'ix_external_refs_target_id']],
      [
        'GetUserLicenses',
        ['ux_memberships_user_id_tenant_id_instance_id_live_key', 'ix_licenses_user_id_application_id'],
      ],
      ['GetUsers', ['ix_memberships_tenant_id', 'ix_external_refs_target_id']],
      ['GetGroupLicenses', ['ux_license_pools_tenant_id_and_3_more']],
    ];
    for (const [operation, indexes] of ways) {
      await call(operation, { ...at, ...user });
      const text = await plan();
      for (const index of indexes) expect(text).toContain(index);
      expect(text).not.toMatch(
        /ix_memberships_(channel|instance)_id|ix_licenses_tenant_id|ix_license_pools_instance_id/,
      );
    }
  });
});

/** More users in the group that has one, as they would be. */
async function fill(db: TestDatabase, channelId: string, providerId: string, count: number): Promise<void> {
  const scope = { channelId, withinId: null };
  const key = { provider: serverHostName, reseller: 'ent1', group: 'g1', user: 'u0000@x' };
  const { user } = (await db.persistence.readers.hierarchy.locate(scope, key))!;
  const columns = async (table: string, id: string): Promise<Record<string, string | number | null>> => {
    const [row] = await db.raw.read.all<Record<string, string | number | null>>(`SELECT * FROM ${table} WHERE id = ?`, [
      id,
    ]);
    return row!;
  };
  const [ref] = await db.persistence.lookups.externalRefs.findMany({ targetId: user!.userId });
  const rows = {
    users: await columns('users', user!.userId),
    memberships: await columns('memberships', user!.membershipId),
    external_refs: await columns('external_refs', ref!.id),
  };
  expect(ref!.parentId).toBe(providerId);
  await db.raw.transaction(async (sql) => {
    for (const [table, row] of Object.entries(rows)) {
      const names = Object.keys(row);
      for (let from = 1; from < count; from += 250) {
        const values: (string | number | null)[] = [];
        const last = Math.min(from + 250, count);
        for (let at = from; at < last; at += 1) {
          const number = String(at).padStart(4, '0');
          const id = (prefix: string): string => `${prefix}_${number.padStart(26, '0')}`;
          const own: Record<string, string> = {
            id: id({ users: 'usr', memberships: 'mbr', external_refs: 'ref' }[table]!),
            ...(table === 'users' && { display_name: `User ${number}` }),
            ...(table === 'memberships' && { user_id: id('usr') }),
            ...(table === 'external_refs' && { external_id: `u${number}@x`, target_id: id('usr') }),
          };
          values.push(...names.map((name) => own[name] ?? row[name]!));
        }
        const marks = `(${names.map(() => '?').join(', ')})`;
        const list = Array.from({ length: last - from }, () => marks).join(', ');
        await sql.run(`INSERT INTO ${table} (${names.join(', ')}) VALUES ${list}`, values);
      }
    }
  });
}
