import { openDatabase } from '../../../src/persistence/sql/open-database.js';
import type { Database } from '../../../src/persistence/sql/sql.js';
import { onEveryDialect } from '../../support/databases.js';
import { type KakapoHub, openKakapoHub, providerHost } from '../support/hub.js';
import { done } from './support.js';

onEveryDialect('a call during which the database fails', (dialect) => {
  let hub: KakapoHub;
  let raw: Database;
  beforeAll(async () => {
    hub = await openKakapoHub(dialect);
    raw = await openDatabase(hub.databaseUrl, 1);
  });
  afterAll(async () => {
    await raw.close();
    await hub.close();
  });

  const user = {
    serverHostName: providerHost,
    resellerId: 'ent1',
    groupId: 'g1',
    broadworksUserId: 'ada@op.example',
  };

  /** The first half of the work succeeds: the reseller and the group are made, then the user's place cannot be. */
  async function withoutMemberships<T>(work: () => Promise<T>): Promise<T> {
    await raw.execute('ALTER TABLE memberships RENAME TO memberships_away');
    try {
      return await work();
    } finally {
      await raw.execute('ALTER TABLE memberships_away RENAME TO memberships');
    }
  }

  it('is a fault that says where to look, and leaves nothing behind', async () => {
    await done(hub.soap()('GetResellers', { serverHostName: providerHost }));
    const before = await raw.read.all('SELECT COUNT(*) AS total FROM tenants');
    const bySoap = await withoutMemberships(() => hub.soap()('AddUserWithHierarchy', user));
    expect(bySoap).toMatchObject({
      success: undefined,
      fault: expect.stringMatching(/An internal error has occurred/),
    });
    const byForm = await withoutMemberships(() => hub.form()('AddUserWithHierarchy', user));
    expect(byForm).toMatchObject({ status: 500, text: expect.stringMatching(/^An internal error has occurred/) });
    expect(await done(hub.soap()('GetResellers', { serverHostName: providerHost }))).toEqual([]);
    expect(await raw.read.all('SELECT COUNT(*) AS total FROM tenants')).toEqual(before);
    await done(hub.soap()('AddUserWithHierarchy', user));
  });
});
