import { enableMembership } from '../../src/core/identity/index.js';
import { disableObject, enableObject } from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { onEveryDialect } from '../support/databases.js';
import type { Answer, Caller } from './support/caller.js';
import { type ChannelName, type NecHub, startNecHub } from './support/hub.js';
import { newRealm, ok } from './support/world.js';

onEveryDialect('disable and enable', (dialect) => {
  let hub: NecHub;
  let call: Caller;
  beforeAll(async () => {
    hub = await startNecHub(dialect);
    call = hub.as('carrier');
  }, 60_000);
  afterAll(() => hub.close());

  const find = (tx: Unit, realmId: string, channel: ChannelName = 'carrier') =>
    tx.externalRefs.findOne({
      channelId: hub.channelId(channel),
      kind: 'instance',
      parentId: '',
      externalId: realmId,
      liveKey: '0',
    });
  const instanceOf = async (tx: Unit, realmId: string, channel?: ChannelName) =>
    (await tx.instances.find((await find(tx, realmId, channel))!.targetId))!;
  const member = async (tx: Unit, realmId: string, loginName: string) =>
    (await tx.memberships.findMany({ instanceId: (await find(tx, realmId))!.targetId, loginName, liveKey: '0' }))[0]!;
  const user = (realmId: string, userId: string, status: number): Promise<Answer> =>
    call('UpdateUserStatus', { realmId, userId, status });
  const realm = (realmId: string, status: number): Promise<Answer> => call('UpdateRealmStatus', { realmId, status });

  describe.each([
    [
      '4.3',
      { user: 'UpdateUserStatus(status=7)', realm: 'UpdateRealmStatus(status=7)' },
      (target: 'User' | 'Realm', enable: boolean) => [`Update${target}Status`, { status: enable ? 1 : 7 }] as const,
    ],
    [
      '4.2',
      { user: 'DisableUser', realm: 'DisableRealm' },
      (target: 'User' | 'Realm', enable: boolean) => [`${enable ? 'Enable' : 'Disable'}${target}`, {}] as const,
    ],
  ] as const)('the words of %s', (_, names, words) => {
    const set = (realmId: string, userId: string | null, enable: boolean): Promise<Answer> => {
      const [operation, fields] = words(userId === null ? 'Realm' : 'User', enable);
      return call(operation, { realmId, ...fields, ...(userId !== null && { userId }) });
    };

    it('needs both disables, names the missing one and changes nothing', async () => {
      const realmId = await newRealm(call, { users: ['U1', 'U2'] });
      expect(await set(realmId, null, false)).toMatchObject({ resultCode: 0, status: 7 });
      const refused = await set(realmId, null, true);
      expect(refused).toMatchObject({ resultCode: 7 });
      expect(refused.resultMessage).toContain(names.user);
      expect(await set(realmId, 'U2', true)).toMatchObject({ resultCode: 7 });
      expect(await call('GetRealmStatus', { realmId })).toMatchObject({ status: 7 });
      expect(await set(realmId, 'U1', false)).toMatchObject({ resultCode: 0, status: 7 });
      expect(await set(realmId, 'U1', true)).toMatchObject({ resultCode: 0, status: 1 });
      expect(await call('GetUserStatus', { realmId, userId: 'U1' })).toMatchObject({ status: 7, ownStatus: 1 });
      expect(await set(realmId, null, true)).toMatchObject({ resultCode: 0, status: 1 });
      expect(await call('GetUserStatus', { realmId, userId: 'U1' })).toMatchObject({ status: 1, ownStatus: 1 });
      // retries of what was granted
      expect(await set(realmId, null, true)).toMatchObject({ resultCode: 0 });
      expect(await set(realmId, 'U1', true)).toMatchObject({ resultCode: 0 });
    });

    it('disables again and again', async () => {
      const realmId = await newRealm(call, { users: ['U1'] });
      for (let n = 0; n < 3; n += 1) {
        expect(await set(realmId, 'U1', false)).toMatchObject({ resultCode: 0, status: 7 });
        expect(await set(realmId, null, false)).toMatchObject({ resultCode: 0, status: 7 });
      }
      expect(await set(realmId, null, true)).toMatchObject({ resultCode: 0 });
      expect(await set(realmId, 'U1', true)).toMatchObject({ resultCode: 0 });
    });

    it('enables a user who was disabled alone', async () => {
      const realmId = await newRealm(call, { users: ['U1', 'U2'] });
      await ok(set(realmId, 'U1', false));
      const refused = await set(realmId, null, true);
      expect(refused).toMatchObject({ resultCode: 7 });
      expect(refused.resultMessage).toContain(names.realm);
      expect(await set(realmId, 'U2', true)).toMatchObject({ resultCode: 7 });
      await ok(set(realmId, 'U1', true));
    });

    it('does not count a user disable of an earlier cycle', async () => {
      const realmId = await newRealm(call, { users: ['U1'] });
      await ok(set(realmId, 'U1', false));
      await ok(set(realmId, null, false));
      await ok(set(realmId, null, true));
      await ok(set(realmId, 'U1', true));
      await ok(set(realmId, null, false));
      expect(await set(realmId, null, true)).toMatchObject({ resultCode: 7 });
    });

    it('lets a realm without users go on its own', async () => {
      const realmId = await newRealm(call);
      await ok(set(realmId, null, false));
      await ok(set(realmId, null, true));
      await ok(set(realmId, null, true));
    });

    it('refuses to enable what was never disabled', async () => {
      const realmId = await newRealm(call, { users: ['U1'] });
      expect(await set(realmId, null, true)).toMatchObject({ resultCode: 7 });
      expect(await set(realmId, 'U1', true)).toMatchObject({ resultCode: 7 });
    });
  });

  it('lenientEnable turns "never disabled" into 0, and statuses are the connection’s own', async () => {
    const rival = hub.as('rival');
    const realmId = await newRealm(rival, { users: ['U1'] });
    expect(await rival('UpdateRealmStatus', { realmId, status: 1 })).toMatchObject({ resultCode: 0, status: 1 });
    expect(await rival('UpdateUserStatus', { realmId, userId: 'U1', status: 2 })).toMatchObject({ resultCode: 0 });
    expect(await rival('GetRealmStatus', { realmId })).toMatchObject({ status: 2 });
    await ok(rival('DisableRealm', { realmId }));
    expect(await rival('EnableRealm', { realmId })).toMatchObject({ resultCode: 7 });
  });

  it('accepts the other dialect and leaves a trace', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    await ok(call('DisableUser', { realmId, userId: 'U1' }));
    await ok(call('DisableRealm', { realmId }));
    await ok(realm(realmId, 1));
    const { id } = await hub.model((tx) => instanceOf(tx, realmId));
    const { nodes } = await hub.persistence.readers.journal.page(
      { kind: 'system', name: 'test' },
      { first: 50, filter: { objectId: { eq: id } } },
    );
    expect(nodes.map((entry) => entry.after)).toContainEqual({ enabledBy: '4.3', disabledBy: '4.2' });
  });

  it('lifts its own hold and answers 7 while another authority keeps the realm disabled', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    await ok(user(realmId, 'U1', 7));
    await ok(realm(realmId, 7));
    const target = await hub.model(
      async (tx) => ({ kind: 'instance', id: (await instanceOf(tx, realmId)).id }) as const,
    );
    await hub.model((tx) => disableObject(tx, target));
    const refused = await realm(realmId, 1);
    expect(refused).toMatchObject({ resultCode: 7, resultMessage: 'still disabled by: operator' });
    const { holds } = await hub.model((tx) => instanceOf(tx, realmId));
    expect(holds.map((hold) => hold.authority)).toEqual(['operator']);
    expect(await call('GetRealmStatus', { realmId })).toMatchObject({ status: 7 });
    await hub.model((tx) => enableObject(tx, target));
    expect(await call('GetRealmStatus', { realmId })).toMatchObject({ status: 1 });
    await ok(realm(realmId, 1));
    await ok(user(realmId, 'U1', 1));
  });

  it('sees what an operator disables and enables', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    const target = await hub.model(
      async (tx) => ({ kind: 'instance', id: (await instanceOf(tx, realmId)).id }) as const,
    );
    await hub.model((tx) => disableObject(tx, target));
    expect(await call('GetRealmStatus', { realmId })).toMatchObject({ status: 7 });
    expect(await realm(realmId, 1)).toMatchObject({ resultCode: 7 }); // the marketplace never disabled it
    await hub.model((tx) => enableObject(tx, target));
    // an operator lifts the marketplace's own disable: the cycle is over
    await ok(user(realmId, 'U1', 7));
    await hub.model(async (tx) => enableMembership(tx, { id: (await member(tx, realmId, 'U1')).id }));
    await ok(realm(realmId, 7));
    expect(await realm(realmId, 1)).toMatchObject({ resultCode: 7 });
  });

  it('stops with the customer above it', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    const tenantId = await hub.model(async (tx) => (await instanceOf(tx, realmId)).tenantId);
    await hub.model((tx) => disableObject(tx, { kind: 'tenant', id: tenantId }));
    expect(await call('GetRealmStatus', { realmId })).toMatchObject({ status: 7 });
    expect(await call('GetUserStatus', { realmId, userId: 'U1' })).toMatchObject({ status: 7, ownStatus: 1 });
    expect(await call('Login', { realmId, userId: 'U1' })).toMatchObject({ resultCode: 7 });
  });

  it('creates and sells while disabled, without billing it', async () => {
    const realmId = await newRealm(call, { quantity: 1 });
    await ok(realm(realmId, 7));
    await ok(call('CreateUser', { realmId, user: { userId: 'U1' } }));
    await ok(call('ModifyRealm', { realmId, licences: [{ licenceCode: 'Standard', quantity: 2 }] }));
    expect(await call('GetUserStatus', { realmId, userId: 'U1' })).toMatchObject({ status: 7, ownStatus: 1 });
    expect(await call('GetLicenceUsage', { realmId })).toMatchObject({
      usage: [{ purchased: 2, assigned: 1, billable: 0 }, {}],
    });
    // the realm has a user now, so its own disable no longer suffices
    expect(await realm(realmId, 1)).toMatchObject({ resultCode: 7 });
    await ok(user(realmId, 'U1', 7));
    await ok(realm(realmId, 1));
    await ok(user(realmId, 'U1', 1));
    expect(await call('GetLicenceUsage', { realmId })).toMatchObject({ usage: [{ billable: 1 }, {}] });
  });

  it('ends sessions and unused sign-in URLs in the same unit', async () => {
    const realmId = await newRealm(call, { users: ['U1', 'U2'] });
    const open = async (userId: string) => (await ok(call('Login', { realmId, userId }))).sessionId as string;
    const left = () =>
      hub.model(async (tx) => {
        const { id: instanceId } = await instanceOf(tx, realmId);
        return {
          sessions: (await tx.sessions.findMany({ instanceId })).filter((s) => s.state !== 'ENDED').length,
          tokens: (await tx.loginTokens.findMany({ instanceId, kind: 'marketplace_login', usedAt: null })).length,
        };
      });
    await open('U1');
    await open('U2');
    expect(await left()).toEqual({ sessions: 2, tokens: 2 });
    await ok(user(realmId, 'U1', 7));
    expect(await left()).toEqual({ sessions: 1, tokens: 1 });
    await ok(realm(realmId, 7));
    expect(await left()).toEqual({ sessions: 0, tokens: 0 });
    await ok(realm(realmId, 1));
    await ok(user(realmId, 'U1', 1));
    await open('U1');
    await ok(call('DeleteUser', { realmId, userId: 'U1' }));
    expect(await left()).toEqual({ sessions: 0, tokens: 0 });
    await open('U2');
    await ok(call('DeleteRealm', { realmId }));
    expect(await left()).toEqual({ sessions: 0, tokens: 0 });
  });

  it.each(['forwards', 'backwards'])('undoes a cycle of many users %s', async (order) => {
    const userIds = Array.from({ length: 12 }, (_, n) => `U${n}`);
    const realmId = await newRealm(call, { quantity: 12, users: userIds });
    for (const userId of userIds) await ok(user(realmId, userId, 7));
    await ok(realm(realmId, 7));
    await ok(realm(realmId, 1));
    for (const userId of order === 'forwards' ? userIds : userIds.toReversed()) {
      expect(await realm(realmId, 1)).toMatchObject({ resultCode: 0 });
      await ok(user(realmId, userId, 1));
    }
    // all are enabled: the next disable opens a new cycle
    await ok(realm(realmId, 7));
    expect(await realm(realmId, 1)).toMatchObject({ resultCode: 7 });
  });

  it('judges parallel enables and disables one after the other', async () => {
    const realmId = await newRealm(call, { users: ['U1', 'U2', 'U3'] });
    const all = ['U1', 'U2', 'U3'];
    await Promise.all([...all.map((userId) => user(realmId, userId, 7)), realm(realmId, 7)]);
    const enabled = await Promise.all([realm(realmId, 1), ...all.map((userId) => user(realmId, userId, 1))]);
    expect(enabled.map((answer) => answer.resultCode)).toEqual([0, 0, 0, 0]);
    expect(await call('GetUserStatus', { realmId, userId: 'U3' })).toMatchObject({ status: 1 });
  });
});
