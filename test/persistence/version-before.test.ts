import { configureChannel, openProviderAccount } from '../../src/core/marketplace/index.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { operator, outcome, perform, system } from '../core/support/hub.js';
import { onEveryDatabase, type TestDatabase } from '../support/databases.js';

/** The row again under other values, as a process writes it that does not know some of its columns. */
async function copyWithout(
  db: TestDatabase,
  table: string,
  id: string,
  unknown: readonly string[],
  other: Readonly<Record<string, string>>,
): Promise<void> {
  const [row] = await db.raw.read.all<Record<string, string | number | null>>(`SELECT * FROM ${table} WHERE id = ?`, [
    id,
  ]);
  const written = Object.entries({ ...row, ...other }).filter(([name]) => !unknown.includes(name));
  await db.raw.execute(
    `INSERT INTO ${table} (${written.map(([name]) => name).join(', ')}) VALUES (${written.map(() => '?').join(', ')})`,
    written.map(([, value]) => value),
  );
}

/** While both versions run, the one before goes on inserting. */
onEveryDatabase('rows of a process of the version before', (db) => {
  it('accounts own their names, and none of them has ended', async () => {
    const { account, given } = await perform(db, system, async (tx) => {
      const channel = await configureChannel(tx, { name: 'prm', protocol: 'prm', settings: {} });
      const tenant = await createTenant(tx, { kind: 'reseller', name: 'Orchid', channelId: channel.id });
      const account = { channelId: channel.id, tenantId: tenant.id, passwordHash: 'hash' };
      return { given: account, account: await openProviderAccount(tx, { ...account, username: 'orchid' }) };
    });
    const written = { id: 'sac_00000000000000000000000001', username: 'tulip' };
    await copyWithout(db, 'service_accounts', account.id, ['live_key'], written);
    const again = { ...written, id: 'sac_00000000000000000000000002' };
    await expect(copyWithout(db, 'service_accounts', account.id, ['live_key'], again)).rejects.toThrow();
    const taken = perform(db, system, (tx) => openProviderAccount(tx, { ...given, username: 'tulip' }));
    expect(await outcome(taken)).toBe('external_id_taken');
    const ended = { filter: { ended: { eq: false } }, first: 10 };
    const { nodes } = await db.persistence.readers.serviceAccounts.page(operator(), ended);
    expect(nodes.map(({ username }) => username).sort()).toEqual(['orchid', 'tulip']);
  });

  it('tenants are in no group and have no properties', async () => {
    const tenant = await perform(db, system, (tx) => createTenant(tx, { kind: 'reseller', name: 'Orchid' }));
    const id = 'ten_00000000000000000000000001';
    const unknown = ['properties', 'operator_reference', 'service_level_group_id'];
    await copyWithout(db, 'tenants', tenant.id, unknown, { id });
    const none = { id, properties: [], operatorReference: '', serviceLevelGroupId: '' };
    await perform(db, system, async (tx) => {
      expect(await tx.tenants.findOne({ id, serviceLevelGroupId: '' })).toMatchObject(none);
    });
    const grouped = { filter: { serviceLevelGroupId: { eq: null } }, first: 10 };
    const { nodes } = await db.persistence.readers.tenants.page(operator(), grouped);
    expect(nodes.map((row) => row.id)).toContain(id);
  });
});
