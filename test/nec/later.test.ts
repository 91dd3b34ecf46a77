import { failDueCommand, runDueCommand } from '../../src/core/billing/index.js';
import { systemActor } from '../../src/core/shared/actor.js';
import { day, shift } from '../../src/core/shared/clock.js';
import { isDomainError } from '../../src/core/shared/errors.js';
import { onEveryDialect } from '../support/databases.js';
import type { Caller } from './support/caller.js';
import { type NecHub, startNecHub } from './support/hub.js';
import { newRealm, ok } from './support/world.js';

onEveryDialect('what takes effect later, and what stays', (dialect) => {
  let hub: NecHub;
  let call: Caller;
  beforeAll(async () => {
    hub = await startNecHub(dialect);
    call = hub.as('carrier');
  }, 60_000);
  afterAll(() => hub.close());

  /** What the worker does: one due command in one unit, its refusal recorded in another. */
  async function runDue(): Promise<string | undefined> {
    let claimed: string | undefined;
    try {
      return await hub.model(async (tx) => {
        const due = await tx.scheduledCommands.claimDue(tx.now);
        claimed = due?.id;
        return due && (await runDueCommand(tx, due)).failure;
      });
    } catch (error) {
      if (!isDomainError(error) || claimed === undefined) throw error;
      const id = claimed;
      return (await hub.model((tx) => failDueCommand(tx, id, error.code))).failure;
    }
  }
  const licences = (quantity: number) => [{ licenceCode: 'Standard', quantity }];
  const bought = async (realmId: string): Promise<unknown> => (await ok(call('GetRealm', { realmId }))).realm.licences;

  it('changes a purchase on the day agreed', async () => {
    const realmId = await newRealm(call, { quantity: 2 });
    const effectiveOn = shift(hub.clock.now(), 3 * day);
    const answer = await ok(
      call('ModifyRealm', { realmId, licences: licences(7), offerCode: 'crm-year', effectiveOn }),
    );
    expect(answer.licences).toEqual(licences(2));
    expect(await runDue()).toBeUndefined();
    hub.clock.advance(3 * day);
    expect(await bought(realmId)).toEqual(licences(2));
    expect(await runDue()).toBe('');
    expect(await bought(realmId)).toEqual(licences(7));
    expect(await runDue()).toBeUndefined();
  });

  it('changes it at once when the day has passed', async () => {
    const realmId = await newRealm(call, { quantity: 2 });
    const effectiveOn = shift(hub.clock.now(), -day);
    await ok(call('ModifyRealm', { realmId, licences: licences(3), effectiveOn }));
    expect(await bought(realmId)).toEqual(licences(3));
  });

  it('judges a later change when it is due: refused ones are closed and change nothing', async () => {
    const realmId = await newRealm(call, { quantity: 3, users: ['U1', 'U2'] });
    const effectiveOn = shift(hub.clock.now(), day);
    await ok(call('ModifyRealm', { realmId, licences: licences(1), effectiveOn }));
    hub.clock.advance(day);
    expect(await runDue()).toBe('quantity_below_use');
    expect(await bought(realmId)).toEqual(licences(3));
    expect(await runDue()).toBeUndefined();
  });

  it('says at once what no day will make right', async () => {
    const realmId = await newRealm(call);
    const effectiveOn = shift(hub.clock.now(), day);
    expect(
      await call('ModifyRealm', { realmId, licences: [{ licenceCode: 'nothing', quantity: 1 }], effectiveOn }),
    ).toMatchObject({ resultCode: 1 });
  });

  it('does not change a realm deleted in the meantime', async () => {
    const realmId = await newRealm(call);
    await ok(call('ModifyRealm', { realmId, licences: licences(9), effectiveOn: shift(hub.clock.now(), day) }));
    await ok(call('DeleteRealm', { realmId }));
    hub.clock.advance(day);
    expect([undefined, 'terminated', 'canceled']).toContain(await runDue());
  });

  it('keeps what a deleted realm knew, until it is purged', async () => {
    const realmId = await newRealm(call, { customerId: 'purged', users: ['U1'] });
    const staying = await newRealm(call, { customerId: 'purged', users: ['U2'] });
    const full = { firstName: 'Mina', lastName: 'Sato', email: 'mina@c.example', locale: 'ja' };
    await ok(call('UpdateUser', { realmId, userId: 'U1', ...full }));
    await ok(call('CreateUser', { realmId, user: { userId: 'U2', firstName: 'Theo' } }));
    await ok(call('DeleteUser', { realmId, userId: 'U1' }));
    await ok(call('DeleteRealm', { realmId }));
    const people = () =>
      hub.model(async (tx) => {
        const ref = await tx.externalRefs.findOne({
          channelId: hub.channelId('carrier'),
          kind: 'instance',
          parentId: '',
          externalId: realmId,
          liveKey: '0',
        });
        const memberships = await tx.memberships.findMany({ instanceId: ref!.targetId });
        const users = await Promise.all(memberships.map((membership) => tx.users.find(membership.userId)));
        return {
          members: memberships.map((m) => [m.loginName, m.email, m.givenName, m.familyName, m.locale].join()),
          names: users.map((user) => user!.displayName),
        };
      });
    expect(await people()).toEqual({
      members: ['U1,mina@c.example,Mina,Sato,ja', 'U2,,Theo,,'],
      names: ['U1', 'U2'],
    });
    await ok(call('DeleteRealm', { realmId, purge: true }));
    // U2 still belongs to the customer's other realm: the person keeps their name, this realm forgets it
    expect(await people()).toEqual({ members: [',,,,', ',,,,'], names: ['', 'U2'] });
    expect(await call('GetUser', { realmId: staying, userId: 'U2' })).toMatchObject({
      user: { email: 'U2@c.example' },
    });
    expect(await call('GetRealmStatus', { realmId })).toMatchObject({ status: 9 });
  });

  it('ends the subscription and gives the seats back', async () => {
    const realmId = await newRealm(call, { users: ['U1'] });
    const before = hub.clock.now();
    hub.clock.advance(1_000);
    await ok(call('DeleteRealm', { realmId }));
    const { subscriptions, licenses } = await hub.model(async (tx) => {
      const [instance] = (await tx.instances.findMany({ channelId: hub.channelId('carrier') })).slice(-1);
      return {
        subscriptions: await tx.subscriptions.findMany({ instanceId: instance!.id }),
        licenses: await tx.licenses.findMany({ instanceId: instance!.id, liveKey: '0' }),
      };
    });
    expect(subscriptions).toMatchObject([{ status: 'ENDED', endedAt: hub.clock.now() }]);
    expect(licenses).toEqual([]);
    expect(before < hub.clock.now()).toBe(true);
  });

  it('journals every command with the connection, the account and both request ids', async () => {
    const realmId = await newRealm(call);
    await ok(call('SetupRealm', { requestId: 'trace-me', realmId, parameters: [{ name: 'a', value: '1' }] }));
    const { nodes } = await hub.persistence.readers.journal.page(systemActor('test'), {
      first: 1,
      orderBy: { field: 'id', direction: 'DESC' },
      filter: { command: { eq: 'nec.SetupRealm' } },
    });
    expect(nodes[0]).toMatchObject({
      channelId: hub.channelId('carrier'),
      actorKind: 'serviceAccount',
      actorName: 'mkp-carrier',
      objectKind: 'instance',
      reason: 'requestId trace-me',
      requestId: expect.stringMatching(/^req_/),
    });
  });
});
