import { day } from '../../src/core/shared/clock.js';
import { onEveryDialect } from '../support/databases.js';
import type { Answer, Caller } from './support/caller.js';
import { type NecHub, startNecHub } from './support/hub.js';
import { newRealm, ok, purchase } from './support/world.js';

onEveryDialect('the same message again', (dialect) => {
  let hub: NecHub;
  let call: Caller;
  beforeAll(async () => {
    hub = await startNecHub(dialect);
    call = hub.as('carrier');
  }, 60_000);
  afterAll(() => hub.close());
  const total = async (realmId: string): Promise<unknown> => (await ok(call('GetUsers', { realmId }))).total;

  it('gets the kept answer and has no second effect', async () => {
    const { realmId: _, ...input } = purchase('', 'C-kept');
    const first = await ok(call('CreateRealm', { ...input, requestId: 'kept-1' }));
    expect(await call('CreateRealm', { requestId: 'kept-1', ...input })).toEqual(first);
    expect(await call('ListRealms', { customerId: 'C-kept' })).toMatchObject({ total: 1 });
  });

  it('is code 10 with other content, and with another operation', async () => {
    const realmId = await newRealm(call);
    await ok(call('SetupRealm', { requestId: 'space-1', realmId, parameters: [{ name: 'a', value: '1' }] }));
    expect(
      await call('SetupRealm', { requestId: 'space-1', realmId, parameters: [{ name: 'a', value: '2' }] }),
    ).toMatchObject({ resultCode: 10, requestId: 'space-1' });
    expect(await call('DeleteRealm', { requestId: 'space-1', realmId })).toMatchObject({ resultCode: 10 });
    expect(await call('GetRealmStatus', { realmId })).toMatchObject({ status: 1 });
  });

  it('does not care about the order of elements and about elements nobody knows', async () => {
    const realmId = await newRealm(call);
    const body = (content: string) => `<CreateUser xmlns="urn:hub:ncbs:isv:v1">${content}</CreateUser>`;
    const id = `<requestId>order-1</requestId>`;
    const realm = `<realmId>${realmId}</realmId>`;
    const one = await call.raw(body(`${id}${realm}<user><userId>U1</userId><role>admin</role></user>`));
    const two = await call.raw(body(`<user><role>admin</role><x/><userId>U1</userId></user>${realm}${id}`));
    expect(two.text).toBe(one.text);
    expect(two.text).toContain('<resultCode>0</resultCode>');
  });

  it('gets the kept refusal although it would be done by now', async () => {
    const realmId = await newRealm(call, { quantity: 0 });
    const refused = await call('CreateUser', { requestId: 'refused-1', realmId, user: { userId: 'U1' } });
    expect(refused).toMatchObject({ resultCode: 8 });
    await ok(call('ModifyRealm', { realmId, licences: [{ licenceCode: 'Standard', quantity: 1 }] }));
    expect(await call('CreateUser', { requestId: 'refused-1', realmId, user: { userId: 'U1' } })).toEqual(refused);
    await ok(call('CreateUser', { requestId: 'refused-2', realmId, user: { userId: 'U1' } }));
  });

  it('is forgotten after seven days', async () => {
    const realmId = await newRealm(call);
    const setup = (value: string): Promise<Answer> =>
      call('SetupRealm', { requestId: 'week-1', realmId, parameters: [{ name: 'a', value }] });
    await ok(setup('1'));
    hub.clock.advance(7 * day - 1_000);
    expect(await setup('2')).toMatchObject({ resultCode: 10 });
    hub.clock.advance(2_000);
    await ok(setup('2'));
  });

  it('answers reads anew, whatever their requestId was used for', async () => {
    const realmId = await newRealm(call);
    await ok(call('UpdateRealmStatus', { requestId: 'read-1', realmId, status: 7 }));
    expect(await call('GetRealmStatus', { requestId: 'read-1', realmId })).toMatchObject({ resultCode: 0, status: 7 });
    await ok(call('EnableRealm', { realmId }));
    expect(await call('GetRealmStatus', { requestId: 'read-1', realmId })).toMatchObject({ status: 1 });
  });

  it('keeps one space per connection', async () => {
    const rival = hub.as('rival');
    const realmId = await newRealm(call);
    const other = await newRealm(rival);
    await ok(call('DeleteRealm', { requestId: 'both-1', realmId }));
    await ok(rival('DeleteRealm', { requestId: 'both-1', realmId: other }));
  });

  it('is done once when it arrives many times at once', async () => {
    const realmId = await newRealm(call, { quantity: 20 });
    const input = { requestId: 'parallel-1', realmId, users: [{ userId: 'U1' }, { userId: 'U2' }] };
    const answers = await Promise.all(Array.from({ length: 8 }, () => call('CreateUsers', input)));
    for (const answer of answers) {
      expect(answer).toMatchObject({ resultCode: 0, results: [{ resultCode: 0 }, { resultCode: 0 }] });
    }
    const user = { requestId: 'parallel-2', realmId, user: { userId: 'U3' } };
    const created = await Promise.all(Array.from({ length: 8 }, () => call('CreateUser', user)));
    for (const answer of created) expect(answer).toEqual(created[0]);
    expect(await total(realmId)).toBe(3);
  });

  it('is refused alike when it arrives many times at once', async () => {
    const realmId = await newRealm(call, { quantity: 0 });
    const user = { requestId: 'parallel-3', realmId, user: { userId: 'U1' } };
    const answers = await Promise.all(Array.from({ length: 8 }, () => call('CreateUser', user)));
    // a database that gives up on the crowd says "retry later", and the retry gets the refusal
    expect(answers.filter((answer) => ![8, 99].includes(answer.resultCode))).toEqual([]);
    expect(await call('CreateUser', user)).toMatchObject({ resultCode: 8 });
  });

  it('is done once without a requestId too: natural keys', async () => {
    const answers = await Promise.all(Array.from({ length: 6 }, () => call('CreateRealm', purchase('natural'))));
    for (const answer of answers) expect(answer).toEqual({ ...answers[0], resultCode: 0 });
    const user = { realmId: 'natural', user: { userId: 'U1', email: 'u1@c.example' } };
    const created = await Promise.all(Array.from({ length: 6 }, () => call('CreateUser', user)));
    for (const answer of created) expect(answer).toMatchObject({ resultCode: 0, userId: 'U1' });
    expect(await total('natural')).toBe(1);
    expect(await call('GetLicenceUsage', { realmId: 'natural' })).toMatchObject({ usage: [{ assigned: 1 }, {}] });
  });

  it('makes one customer of two first purchases at the same moment', async () => {
    const ids = ['twin-1', 'twin-2', 'twin-3', 'twin-4'];
    const answers = await Promise.all(ids.map((realmId) => call('CreateRealm', purchase(realmId, 'C-twins'))));
    expect(answers.map((answer) => answer.resultCode)).toEqual([0, 0, 0, 0]);
    const tenants = await hub.model(async (tx) =>
      Promise.all(
        ids.map(async (externalId) => {
          const ref = await tx.externalRefs.findOne({
            channelId: hub.channelId('carrier'),
            kind: 'instance',
            parentId: '',
            externalId,
            liveKey: '0',
          });
          return (await tx.instances.find(ref!.targetId))!.tenantId;
        }),
      ),
    );
    expect(new Set(tenants).size).toBe(1);
  });

  it.each(['cut-1', undefined])(
    'goes on with a list of users that was cut off in the middle (requestId %s)',
    async (requestId) => {
      const realmId = await newRealm(call, { quantity: 3 });
      const users = [{ userId: 'U1' }, { userId: 'U2' }, {}];
      hub.failAfter(2); // the list is accepted, U1 is made, and then the hub stops
      expect(await call('CreateUsers', { requestId, realmId, users })).toMatchObject({ resultCode: 99 });
      expect(await total(realmId)).toBe(1);
      const first = await call('CreateUsers', { requestId, realmId, users });
      expect(first.results.map((result: Answer) => result.resultCode)).toEqual([0, 0, 1]);
      expect(await total(realmId)).toBe(2);
      await ok(call('DeleteUser', { realmId, userId: 'U2' }));
      const again = await call('CreateUsers', { requestId, realmId, users });
      expect(again.results.map((result: Answer) => result.resultCode)).toEqual(requestId ? [0, 0, 1] : [0, 5, 1]);
      expect(await total(realmId)).toBe(1);
    },
  );

  it('is refused as a whole under another content, whichever user it is about', async () => {
    const realmId = await newRealm(call);
    const list = (...ids: string[]): Promise<Answer> =>
      call('CreateUsers', { requestId: 'list-1', realmId, users: ids.map((userId) => ({ userId })) });
    await ok(list('U1', 'U2'));
    expect(await list('U1', 'U3')).toMatchObject({ resultCode: 10 });
    expect(await list('U1')).toMatchObject({ resultCode: 10 });
    expect(await total(realmId)).toBe(2);
    const unknown = { requestId: 'list-2', realmId: 'later', users: [{ userId: 'U1' }] };
    const refused = await call('CreateUsers', unknown);
    expect(refused).toMatchObject({ resultCode: 2 });
    await ok(call('CreateRealm', purchase('later')));
    expect(await call('CreateUsers', unknown)).toEqual(refused);
  });

  it('gives 50 at once five seats: exactly five', async () => {
    const realmId = await newRealm(call, { quantity: 5 });
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, n) => call('CreateUser', { realmId, user: { userId: `U${n}` } })),
    );
    const codes = answers.map((answer) => answer.resultCode);
    expect(codes.filter((code) => code === 0)).toHaveLength(5);
    expect(codes.filter((code) => code === 8)).toHaveLength(45);
    expect(await total(realmId)).toBe(5);
    expect(await call('GetLicenceUsage', { realmId })).toMatchObject({ usage: [{ purchased: 5, assigned: 5 }, {}] });
  }, 60_000);
});
