import { systemActor } from '../../../src/core/shared/actor.js';
import type { Filter } from '../../../src/core/shared/reading.js';
import { onEveryDialect } from '../../support/databases.js';
import { type KakapoHub, openKakapoHub, providerHost } from '../support/hub.js';
import type { SoapCall } from '../support/soap.js';
import { about, done, refused, tally } from './support.js';

onEveryDialect('the hierarchy', (dialect) => {
  let hub: KakapoHub;
  let call: SoapCall;
  beforeAll(async () => {
    hub = await openKakapoHub(dialect);
    call = about(hub.soap(), { serverHostName: providerHost });
  });
  afterAll(() => hub.close());
  afterEach(() => expect(hub.logged()).not.toContain('internal error'));

  let made = 0;
  /** A reseller of its own, with a group. */
  async function place(): Promise<{ resellerId: string; groupId: string }> {
    made += 1;
    const ids = { resellerId: `ent${made}`, groupId: 'g1' };
    await done(call('AddReseller', { resellerId: ids.resellerId }));
    await done(call('AddGroup', ids));
    return ids;
  }
  const names = async (operation: string, parameters: Record<string, string>, field: string) =>
    (await done(call(operation, parameters))).map((item) => item[field]);

  it('resellers, groups and users are added once, and listed by their ids in order', async () => {
    const { resellerId } = await place();
    await done(call('AddReseller', { resellerId: 'b-named', resellerName: 'Orchid & Co' }));
    expect(await refused(call('AddReseller', { resellerId }))).toBe(`Reseller '${resellerId}' already exists`);
    const resellers = await done(call('GetResellers'));
    expect(resellers).toContainEqual({ resellerId: 'b-named', resellerName: 'Orchid & Co' });
    expect(resellers).toContainEqual({ resellerId, resellerName: resellerId });

    await done(call('AddGroup', { resellerId, groupId: 'G1', groupName: '  ' }));
    await done(call('AddGroup', { resellerId, groupId: 'a1', groupName: 'First' }));
    expect(await refused(call('AddGroup', { resellerId, groupId: 'g1' }))).toBe("Group 'g1' already exists");
    expect(await done(call('GetGroups', { resellerId }))).toEqual([
      { resellerId, groupId: 'G1', groupName: 'G1' },
      { resellerId, groupId: 'a1', groupName: 'First' },
      { resellerId, groupId: 'g1', groupName: 'g1' },
    ]);

    const group = { resellerId, groupId: 'g1' };
    const ada = `ada${made}@op.example`;
    await done(call('AddUser', { ...group, broadworksUserId: ada, userName: 'Ada' }));
    await done(call('AddUser', { ...group, broadworksUserId: `Ada${made}@op.example` }));
    const there = `User '${ada}' already exists in group 'g1' of reseller '${resellerId}'`;
    expect(await refused(call('AddUser', { ...group, broadworksUserId: ada }))).toBe(there);
    expect(await refused(call('AddUser', { resellerId, groupId: 'a1', broadworksUserId: ada }))).toBe(there);
    expect(await done(call('GetUsers', group))).toEqual([
      { ...group, broadworksUserId: `Ada${made}@op.example`, userName: `Ada${made}@op.example` },
      { ...group, broadworksUserId: ada, userName: 'Ada' },
    ]);
    expect(await done(call('GetUsers', { resellerId, groupId: 'a1' }))).toEqual([]);
  });

  it('names what is missing: provider, reseller, group, user', async () => {
    const { resellerId } = await place();
    const whole = {
      resellerId,
      groupId: 'g1',
      broadworksUserId: 'nobody@x',
      resellerName: 'n',
      groupName: 'n',
      userName: 'n',
    };
    const license = { applicationName: 'UnityDesktop', licenseType: 'Pro', quantity: 1 };
    const aboutResellers = ['UpdateReseller', 'DeleteReseller', 'GetGroups', 'GetResellerLicenses', 'AddGroup'];
    const aboutGroups = ['UpdateGroup', 'DeleteGroup', 'GetUsers', 'GetGroupLicenses', 'AddUser'];
    const aboutUsers = ['UpdateUser', 'DeleteUser', 'GetUserLicenses', 'AddUserLicense', 'DeleteUserLicense'];
    const sub = (level: string) => [`Add${level}LicenseSubPurchase`, `Delete${level}LicenseSubPurchase`];
    const say = async (operation: string, parameters: object) =>
      `${operation}: ${await refused(call(operation, { ...whole, ...license, ...parameters }))}`;

    for (const operation of [
      'AddReseller',
      'GetResellers',
      'GetSystemProviders',
      'DeleteSystemProvider',
      'AddUserWithHierarchy',
      ...aboutResellers,
      ...aboutGroups,
      ...aboutUsers,
      'DeleteUserLicenses',
      ...sub('Reseller'),
      ...sub('Group'),
    ]) {
      const absent = await say(operation, { serverHostName: 'nowhere.example' });
      expect(absent).toBe(`${operation}: System provider 'nowhere.example' was not found`);
    }
    for (const operation of [...aboutResellers, ...aboutGroups, ...sub('Reseller'), ...sub('Group')]) {
      expect(await say(operation, { resellerId: 'nil' })).toBe(`${operation}: Reseller 'nil' was not found`);
    }
    for (const operation of [...aboutGroups, ...sub('Group')]) {
      expect(await say(operation, { groupId: 'nil' })).toBe(`${operation}: Group 'nil' was not found`);
    }
    for (const operation of [...aboutUsers, 'DeleteUserLicenses']) {
      expect(await say(operation, {})).toBe(`${operation}: User 'nobody@x' was not found`);
    }
    expect(await say('GetUserLicenses', { broadworksUserId: 'nobody@x ' })).toContain("'nobody@x ' was not found");
    expect(await say('GetResellers', { serverHostName: `${providerHost} ` })).toContain('was not found');
  });

  it('AddUserWithHierarchy makes what is missing and keeps what is there, names too', async () => {
    made += 1;
    const ids = { resellerId: `ent${made}`, groupId: 'sales', broadworksUserId: `grace${made}@op.example` };
    const first = { ...ids, resellerName: 'Enterprise', groupName: 'Sales', userName: 'Grace' };
    await done(call('AddUserWithHierarchy', first));
    await done(call('AddUserWithHierarchy', { ...ids, resellerName: 'X', groupName: 'Y', userName: 'Z' }));
    expect(await done(call('GetResellers'))).toContainEqual({ resellerId: ids.resellerId, resellerName: 'Enterprise' });
    expect(await done(call('GetGroups', ids))).toEqual([
      { resellerId: ids.resellerId, groupId: 'sales', groupName: 'Sales' },
    ]);
    expect(await names('GetUsers', ids, 'userName')).toEqual(['Grace']);
    await done(call('AddUserWithHierarchy', { ...ids, broadworksUserId: `second${made}@op.example` }));
    expect(await names('GetUsers', ids, 'broadworksUserId')).toHaveLength(2);
  });

  it('AddUserWithHierarchy about a user of another group is refused and makes nothing', async () => {
    const { resellerId } = await place();
    const broadworksUserId = `taken${made}@op.example`;
    await done(call('AddUser', { resellerId, groupId: 'g1', broadworksUserId }));
    const elsewhere = { resellerId: `new${made}`, groupId: 'new', broadworksUserId };
    const text = `User '${broadworksUserId}' already exists in group 'g1' of reseller '${resellerId}'`;
    expect(await refused(call('AddUserWithHierarchy', elsewhere))).toBe(text);
    expect(await names('GetResellers', {}, 'resellerId')).not.toContain(`new${made}`);
    expect(await refused(call('AddUserWithHierarchy', { resellerId, groupId: 'new', broadworksUserId }))).toBe(text);
    expect(await names('GetGroups', { resellerId }, 'groupId')).toEqual(['g1']);
  });

  it('many AddUserWithHierarchy at once about one user, and about many of one new group, all succeed', async () => {
    made += 1;
    const ids = { resellerId: `race${made}`, groupId: 'g' };
    const users = [...Array(6).fill('same'), 'a', 'b', 'c', 'd'];
    const calls = users.map((user) =>
      call('AddUserWithHierarchy', { ...ids, broadworksUserId: `${user}${made}@race` }),
    );
    expect(tally(await Promise.all(calls))).toEqual({ done: 10 });
    expect(await names('GetUsers', ids, 'broadworksUserId')).toEqual(
      ['a', 'b', 'c', 'd', 'same'].map((user) => `${user}${made}@race`),
    );
    const adds = await Promise.all([1, 2, 3, 4].map(() => call('AddReseller', { resellerId: `twin${made}` })));
    expect(tally(adds)).toEqual({ done: 1, [`Reseller 'twin${made}' already exists`]: 3 });
  });

  it('display names change, ids do not', async () => {
    const ids = await place();
    const broadworksUserId = `name${made}@op.example`;
    await done(call('AddUser', { ...ids, broadworksUserId }));
    await done(call('UpdateReseller', { ...ids, resellerName: 'Übersee' }));
    await done(call('UpdateGroup', { ...ids, groupName: '営業' }));
    await done(call('UpdateUser', { broadworksUserId, userName: 'Ada Lovelace' }));
    await done(call('UpdateUser', { broadworksUserId, userName: 'Ada Lovelace' }));
    expect(await done(call('GetResellers'))).toContainEqual({ resellerId: ids.resellerId, resellerName: 'Übersee' });
    expect(await names('GetGroups', ids, 'groupName')).toEqual(['営業']);
    expect(await names('GetUsers', ids, 'userName')).toEqual(['Ada Lovelace']);
    expect(await refused(call('UpdateGroup', { ...ids, groupName: 'x'.repeat(201) }))).toBe(
      'groupName must not be longer than 200 characters',
    );
    expect(await refused(call('UpdateUser', { broadworksUserId }))).toContain('userName');
  });

  it('ids have up to 255 characters of any kind, byte by byte; texts repeat them shortened', async () => {
    const { resellerId } = await place();
    const long = `${'ü'.repeat(240)}${'x'.repeat(15)}`;
    await done(call('AddUserWithHierarchy', { resellerId: long, groupId: long, broadworksUserId: long }));
    expect(await names('GetUsers', { resellerId: long, groupId: long }, 'broadworksUserId')).toEqual([long]);
    await done(call('GetUserLicenses', { broadworksUserId: long }));
    expect(await refused(call('AddReseller', { resellerId: long }))).toBe(
      `Reseller '${'ü'.repeat(200)}…' already exists`,
    );
    const refusals: [string, string][] = [
      [`${long}x`, 'must not be longer than 255 characters'],
      [' ent', 'must not start or end with a blank'],
      ['ent ', 'must not start or end with a blank'],
      ['e\u0085nt', 'must not contain control characters'],
    ];
    for (const [id, problem] of refusals) {
      expect(await refused(call('AddReseller', { resellerId: id }))).toBe(`resellerId ${problem}`);
      expect(await refused(call('AddGroup', { resellerId, groupId: id }))).toBe(`groupId ${problem}`);
      const user = { resellerId, groupId: 'g1', broadworksUserId: id };
      expect(await refused(call('AddUser', user))).toBe(`broadworksUserId ${problem}`);
      expect(await refused(call('AddUserWithHierarchy', user))).toBe(`broadworksUserId ${problem}`);
    }
    const emoji = '😀'.repeat(120);
    await done(call('AddReseller', { resellerId: emoji }));
    expect(await done(call('GetResellers'))).toContainEqual({ resellerId: emoji, resellerName: '😀'.repeat(100) });
  });

  it('a deleted user frees the id, and the next one of it is somebody else', async () => {
    const ids = await place();
    const user = { ...ids, broadworksUserId: `again${made}@op.example` };
    await done(call('AddUser', { ...user, userName: 'First' }));
    expect(await refused(call('DeleteUser', { ...user, groupId: 'other' }))).toBe(
      `User '${user.broadworksUserId}' belongs to group 'g1' of reseller '${ids.resellerId}'`,
    );
    await done(call('DeleteUser', user));
    expect(await refused(call('DeleteUser', user))).toBe(`User '${user.broadworksUserId}' was not found`);
    expect(await done(call('GetUsers', ids))).toEqual([]);
    await done(call('AddUser', user));
    expect(await names('GetUsers', ids, 'userName')).toEqual([user.broadworksUserId]);
  });

  it('a user whom somebody else took out of the group frees the id as well', async () => {
    const ids = await place();
    const user = { ...ids, broadworksUserId: `left${made}@op.example` };
    await done(call('AddUser', user));
    await hub.model(async (tx) => {
      const [membership] = await tx.memberships.findMany({ loginName: user.broadworksUserId, liveKey: '0' } as never);
      await tx.memberships.save(membership!, { terminatedAt: tx.now, liveKey: membership!.id });
    });
    expect(await refused(call('UpdateUser', { ...user, userName: 'x' }))).toContain('was not found');
    await done(call('AddUser', user));
    expect(await names('GetUsers', ids, 'broadworksUserId')).toEqual([user.broadworksUserId]);
  });

  it('a deleted group or reseller takes everything below with it, and all ids are free', async () => {
    const ids = await place();
    const [one, two] = [`one${made}@op.example`, `two${made}@op.example`];
    await done(call('AddUser', { ...ids, broadworksUserId: one }));
    await done(call('AddUserWithHierarchy', { ...ids, groupId: 'g2', broadworksUserId: two }));
    await done(call('DeleteGroup', ids));
    expect(await refused(call('DeleteGroup', ids))).toBe("Group 'g1' was not found");
    expect(await refused(call('GetUserLicenses', { broadworksUserId: one }))).toBe(`User '${one}' was not found`);
    await done(call('GetUserLicenses', { broadworksUserId: two }));
    await done(call('DeleteReseller', ids));
    expect(await refused(call('DeleteReseller', ids))).toBe(`Reseller '${ids.resellerId}' was not found`);
    expect(await refused(call('GetUserLicenses', { broadworksUserId: two }))).toBe(`User '${two}' was not found`);
    await done(call('AddReseller', ids));
    expect(await done(call('GetGroups', ids))).toEqual([]);
    await done(call('AddUserWithHierarchy', { ...ids, broadworksUserId: one }));
  });

  it('what is on hold can still be provisioned', async () => {
    const ids = await place();
    await hub.model(async (tx) => {
      const provider = (await tx.tenants.lock(hub.providerId))!;
      const hold = { authority: 'operator', channelId: '', by: 'test', at: tx.now } as const;
      await tx.tenants.save(provider, { holds: [hold] });
    });
    await done(call('AddUser', { ...ids, broadworksUserId: `held${made}@op.example` }));
    await hub.model(async (tx) => {
      await tx.tenants.save((await tx.tenants.lock(hub.providerId))!, { holds: [] });
    });
  });

  it('every change is one journal entry more under the name of its operation; an id without domain leaves a warning', async () => {
    const ids = await place();
    const broadworksUserId = `plain${made}`;
    await done(call('AddUser', { ...ids, broadworksUserId }));
    const scope = { channelId: hub.channelId(), withinId: null };
    const key = { provider: providerHost, reseller: ids.resellerId, group: ids.groupId, user: broadworksUserId };
    const located = await hub.persistence.readers.hierarchy.locate(scope, key);
    const { journal } = hub.persistence.readers;
    const of = async (filter: Filter) => (await journal.page(systemActor('test'), { filter, first: 100 })).nodes;
    const own = await of({ command: { eq: 'kakapo.AddUser' }, tenantId: { eq: located!.group! } });
    const [warning] = await of({ objectId: { eq: located!.user!.userId }, tenantId: { eq: located!.group! } });
    expect(warning!.after).toMatchObject({ warning: expect.stringContaining('names no domain'), externalId: key.user });
    expect(new Set(own.map(({ requestId }) => requestId))).toEqual(new Set([warning!.requestId]));
    expect(own.length).toBeGreaterThan(1);
    expect(own.every(({ channelId }) => channelId === hub.channelId())).toBe(true);
  });
});
