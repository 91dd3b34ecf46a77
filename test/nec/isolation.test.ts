import { onEveryDialect } from '../support/databases.js';
import { type Caller, operationNames } from './support/caller.js';
import { type NecHub, startNecHub } from './support/hub.js';
import { newRealm, ok, purchase } from './support/world.js';

onEveryDialect('connections and customers', (dialect) => {
  let hub: NecHub;
  let carrier: Caller;
  let rival: Caller;
  beforeAll(async () => {
    hub = await startNecHub(dialect);
    carrier = hub.as('carrier');
    rival = hub.as('rival');
  }, 60_000);
  afterAll(() => hub.close());

  const person = (channel: 'carrier' | 'rival', realmId: string, userId: string) =>
    hub.model(async (tx) => {
      const channelId = hub.channelId(channel);
      const key = { channelId, liveKey: '0' } as const;
      const realm = await tx.externalRefs.findOne({ ...key, kind: 'instance', parentId: '', externalId: realmId });
      const user = await tx.externalRefs.findOne({
        ...key,
        kind: 'user',
        parentId: realm!.targetId,
        externalId: userId,
      });
      return user!.targetId;
    });

  it.each(operationNames.filter((name) => !['CreateRealm', 'ListRealms', 'Ping', 'ValidateSession'].includes(name)))(
    '%s: another connection’s realm is an unknown one',
    async (operation) => {
      const realmId = await newRealm(carrier, { users: ['U1'] });
      const input = {
        realmId,
        userId: 'U1',
        status: 7,
        user: { userId: 'U9' },
        users: [{ userId: 'U9' }],
        remove: ['U1'],
        licences: [{ licenceCode: 'Standard', quantity: 1 }],
        parameters: [],
        oldPassword: 'old-password',
        newPassword: 'new-password',
        loginName: 'U1',
        password: 'a password',
      };
      const answer = await rival(operation, input);
      expect(answer).toEqual(await rival(operation, { ...input, realmId: 'R-that-never-was' }));
      expect(answer.resultCode).toBe(2);
      expect(await carrier('GetUserStatus', { realmId, userId: 'U1' })).toMatchObject({ resultCode: 0, status: 1 });
    },
  );

  it('lists only its own realms', async () => {
    await newRealm(carrier, { customerId: 'same-name' });
    const own = await newRealm(rival, { customerId: 'same-name' });
    expect(await rival('ListRealms', { customerId: 'same-name' })).toMatchObject({
      total: 1,
      realms: [{ realmId: own }],
    });
  });

  it('lets two connections use the same ids for different things', async () => {
    await ok(carrier('CreateRealm', purchase('shared', 'shared-customer')));
    await ok(rival('CreateRealm', { ...purchase('shared', 'shared-customer'), customerName: 'Another' }));
    await ok(carrier('CreateUser', { realmId: 'shared', user: { userId: 'U1' } }));
    await ok(rival('CreateUser', { realmId: 'shared', user: { userId: 'U1' } }));
    expect(await person('carrier', 'shared', 'U1')).not.toBe(await person('rival', 'shared', 'U1'));
    await ok(rival('DeleteRealm', { realmId: 'shared' }));
    expect(await carrier('GetRealm', { realmId: 'shared' })).toMatchObject({
      realm: { customerName: 'Sunrise Dental' },
    });
  });

  it('takes the same userId in two realms of a customer for one person, across customers for two', async () => {
    const first = await newRealm(carrier, { customerId: 'family', users: ['U1'] });
    const second = await newRealm(carrier, { customerId: 'family', users: ['U1'] });
    const stranger = await newRealm(carrier, { users: ['U1'] });
    expect(await person('carrier', second, 'U1')).toBe(await person('carrier', first, 'U1'));
    expect(await person('carrier', stranger, 'U1')).not.toBe(await person('carrier', first, 'U1'));
    // profile and status belong to the membership in the realm
    await ok(carrier('UpdateUser', { realmId: first, userId: 'U1', firstName: 'Mina' }));
    await ok(carrier('DisableUser', { realmId: first, userId: 'U1' }));
    expect(await carrier('GetUser', { realmId: second, userId: 'U1' })).toMatchObject({
      user: { firstName: '', status: 1 },
    });
    await ok(carrier('DeleteRealm', { realmId: first }));
    expect(await carrier('GetUserStatus', { realmId: second, userId: 'U1' })).toMatchObject({ status: 1 });
  });

  it('never shows a session of one connection to another', async () => {
    const realmId = await newRealm(carrier, { users: ['U1'] });
    const { sessionId } = await ok(carrier('Login', { realmId, userId: 'U1' }));
    await ok(rival('Logout', { sessionId }));
    const states = await hub.model(async (tx) => (await tx.sessions.findMany({ state: 'PENDING' })).length);
    expect(states).toBe(1);
    expect(await rival('ValidateSession', { sessionId })).toEqual({ resultCode: 0, resultMessage: 'OK', valid: false });
  });
});
