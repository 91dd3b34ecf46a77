import { configureChannel, openProviderAccount, putChannelRecord } from '../../src/core/marketplace/index.js';
import {
  decideApproval,
  registerApplication,
  registerInstance,
  registerProvider,
} from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { operator, outcome, perform, system } from '../core/support/hub.js';
import { account } from '../servicelevels/support/stage.js';
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

const prmChannel = (tx: Unit) => configureChannel(tx, { name: 'prm', protocol: 'prm', settings: {} });

/** While both versions run, the one before goes on inserting. */
onEveryDatabase('rows of a process of the version before', (db) => {
  it('accounts own their names, and none of them has ended', async () => {
    const { made, given } = await perform(db, system, async (tx) => {
      const channel = await prmChannel(tx);
      const tenant = await createTenant(tx, { kind: 'reseller', name: 'Orchid', channelId: channel.id });
      const holder = { channelId: channel.id, tenantId: tenant.id, passwordHash: 'hash' };
      return { given: holder, made: await openProviderAccount(tx, { ...holder, username: 'orchid' }) };
    });
    const written = { id: 'sac_00000000000000000000000001', username: 'tulip' };
    await copyWithout(db, 'service_accounts', made.id, ['live_key'], written);
    const again = { ...written, id: 'sac_00000000000000000000000002' };
    await expect(copyWithout(db, 'service_accounts', made.id, ['live_key'], again)).rejects.toThrow();
    const taken = perform(db, system, (tx) => openProviderAccount(tx, { ...given, username: 'tulip' }));
    expect(await outcome(taken)).toBe('external_id_taken');
    const ended = { filter: { ended: { eq: false } }, first: 10 };
    const { nodes } = await db.persistence.readers.serviceAccounts.page(operator(), ended);
    expect(nodes.map(({ username }) => username).sort()).toEqual(['orchid', 'tulip']);
  });

  it('ids and names of what it ended may be used again', async () => {
    const { id: channelId } = await perform(db, system, prmChannel);
    const op = account(channelId, 666);
    const hash = { passwordHash: 'hash' };
    const register = async () => {
      const made = await perform(db, op, (tx) => registerProvider(tx, { ...hash, channelId, externalId: 'sp' }));
      return approved(made.id);
    };
    const approved = async (id: string) => {
      await perform(db, op, async (tx) => {
        const open = (await tx.approvals.findOne({ openKey: id }))!;
        await decideApproval(tx, { id: open.id, approve: true });
      });
      return id;
    };
    /** It ended objects without their ids and accounts. */
    const end = (table: string, id: string) =>
      db.raw.execute(`UPDATE ${table} SET terminated_at = ?, pending = '' WHERE id = ?`, [db.clock.now(), id]);

    await end('tenants', await register());
    const tenantId = await register();
    const application = () =>
      perform(db, op, (tx) => registerApplication(tx, { tenantId, externalId: 'app' })).then(({ id }) => approved(id));
    const first = await application();
    await end('applications', first);
    await db.raw.execute('UPDATE applications SET live_key = id WHERE id = ?', [first]);
    const applicationId = await application();
    const instance = () =>
      perform(db, op, (tx) => registerInstance(tx, { ...hash, applicationId, externalId: 'node' }));
    await end('instances', (await instance()).id);
    await instance();
    await perform(db, system, async (tx) => {
      for (const externalId of ['sp', 'app', 'node']) expect(await tx.externalRefs.count({ externalId })).toBe(2);
      expect(await tx.serviceAccounts.count({ username: 'sp', liveKey: '0' })).toBe(1);
    });
    expect(await outcome(register())).toBe('external_id_taken');
  });

  it('channel records are live, of the channel, and each once', async () => {
    const { id: channelId } = await perform(db, system, prmChannel);
    const key = { channelId, kind: 'own', parentId: '', externalId: 'a' };
    const made = await perform(db, system, (tx) => putChannelRecord(tx, key, { n: 1 }));
    const unknown = ['tenant_id', 'ended_at', 'live_key'];
    const written = { id: 'rec_00000000000000000000000001', external_id: 'b' };
    await copyWithout(db, 'channel_records', made.id, unknown, written);
    const again = { ...written, id: 'rec_00000000000000000000000002' };
    await expect(copyWithout(db, 'channel_records', made.id, unknown, again)).rejects.toThrow();
    const put = await perform(db, system, (tx) => putChannelRecord(tx, { ...key, externalId: 'b' }, { n: 2 }));
    expect(put).toMatchObject({ id: written.id, data: { n: 2 }, tenantId: '', endedAt: null, liveKey: '0' });
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
