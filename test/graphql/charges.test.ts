import { addCharge } from '../../src/core/billing/index.js';
import type { Actor } from '../../src/core/shared/actor.js';
import { day } from '../../src/core/shared/clock.js';
import { type Charging, makeCharging } from '../core/support/charging.js';
import { onEveryDatabase } from '../support/databases.js';
import { type CommandServer, refusal, startCommands } from './support/commands.js';
import { member, operator } from './support/mercator.js';

const someone = 'usr_00000000000000000000000001';

onEveryDatabase('charges over GraphQL', (db) => {
  let server: CommandServer;
  let world: Charging;
  const read = async (actor: Actor, query: string) => (await server.ask(actor, query)).data;
  beforeEach(async () => {
    world = await makeCharging(db);
    server = await startCommands(db);
  });
  afterEach(() => server.close());

  it('are listed everywhere they belong, and tell what is billed of them', async () => {
    await world.seats(3);
    await world.sendAll();
    db.clock.advance(11 * day);
    await world.seats(2);
    await world.seats(4);
    const { id } = world.subscription;
    const fields = 'nodes { kind status price { amount currency } offset { amount } amount { amount } }';
    const answer = await read(
      operator(),
      `{ charges(filter: { kind: { eq: PRORATION }, subscriptionId: { eq: "${id}" } }, orderBy: { field: priceMinor, direction: DESC }) { totalCount ${fields} }
         subscription(id: "${id}") { charges { totalCount } instance { charges { totalCount } } tenant { charges { totalCount } } channel { charges { totalCount } } } }`,
    );
    expect(answer).toEqual({
      charges: {
        totalCount: 2,
        nodes: [
          {
            kind: 'PRORATION',
            status: 'DUE',
            price: { amount: '4000', currency: 'EUR' },
            offset: { amount: '2000' },
            amount: { amount: '2000' },
          },
          {
            kind: 'PRORATION',
            status: 'SETTLED',
            price: { amount: '-2000', currency: 'EUR' },
            offset: { amount: '2000' },
            amount: { amount: '0' },
          },
        ],
      },
      subscription: {
        charges: { totalCount: 5 },
        instance: { charges: { totalCount: 5 } },
        tenant: { charges: { totalCount: 5 } },
        channel: { charges: { totalCount: 5 } },
      },
    });
  });

  it('show recurring ones with what they are for', async () => {
    await world.seats(2);
    const { id } = (await world.standing())[0]!;
    const answer = await read(
      operator(),
      `{ charge(id: "${id}") { interval seats startsAt units description externalId attemptedAt canceledAt failure
         subscription { id } instance { id } tenant { id } channel { id } journal { totalCount } } node(id: "${id}") { __typename } }`,
    );
    expect(answer).toEqual({
      charge: {
        ...{ interval: 'MONTH', seats: 2, startsAt: db.clock.now(), units: '1', description: 'CRM, Team, 2 seats' },
        ...{ externalId: '', attemptedAt: null, canceledAt: null, failure: '' },
        subscription: { id: world.subscription.id },
        instance: { id: world.instance.id },
        tenant: { id: world.customer.id },
        channel: { id: world.channel.id },
        journal: { totalCount: 1 },
      },
      node: { __typename: 'Charge' },
    });
  });

  it('keep to themselves who sends them', async () => {
    const answer = await server.ask(operator(), '{ __type(name: "Charge") { fields { name } } }');
    const names = answer.data.__type.fields.map(({ name }: { name: string }) => name);
    expect(names).toContain('attemptedAt');
    expect(names.filter((name: string) => /lease/i.test(name))).toEqual([]);
  });

  it('asked for twice under one key are one; nulls say no more than nothing', async () => {
    const seller = member(someone, world.seller.id, ['ADMIN']);
    const input = {
      ...{ instanceId: world.instance.id, subscriptionId: null, tenantId: null, currency: null, units: null },
      ...{ periodStartsAt: null, periodEndsAt: null, thirdParty: null },
      ...{ amount: '700', description: 'Training', idempotencyKey: 'k1' },
    };
    const ask = () =>
      server.mutate(seller, 'addCharge', input, '{ charge { id units currencyOf: price { currency } } }');
    const [one, two] = [await ask(), await ask()];
    expect(one.data).toMatchObject({ addCharge: { charge: { units: '1', currencyOf: { currency: 'EUR' } } } });
    expect(two.data).toEqual(one.data);
    expect(await world.charges()).toHaveLength(1);
    const other = await server.mutate(seller, 'addCharge', { ...input, amount: '800' }, '{ charge { id } }');
    expect(refusal(other)).toMatch(/^CONFLICT/);
  });

  it('name the field that is wrong', async () => {
    const of = { subscriptionId: world.subscription.id, description: 'Training' };
    for (const [wrong, field] of [
      [{ amount: '0' }, 'amount'],
      [{ amount: '5', units: '0.001' }, 'units'],
      [{ amount: '5', tenantId: world.customer.id }, 'subscriptionId'],
    ] as const) {
      const answer = await server.mutate(operator(), 'addCharge', { ...of, ...wrong }, '{ charge { id } }');
      expect(answer.errors?.[0]?.message).toContain(`${field}: `);
    }
    const nothing = { id: world.subscription.id };
    const answer = await server.mutate(operator(), 'changeSubscriptionTrial', nothing, '{ subscription { id } }');
    expect(answer.errors?.[0]?.message).toContain('trialEndsAt: ');
  });

  it('tell nobody of another customer’s', async () => {
    const { id } = await world.run((tx) =>
      addCharge(tx, { subscriptionId: world.subscription.id, amount: '5', description: 'Training' }),
    );
    const rows = (tenantId: string) =>
      read(member(someone, tenantId, ['ADMIN']), `{ charge(id: "${id}") { id } charges { totalCount } }`);
    const sees = { charge: { id }, charges: { totalCount: 1 } };
    expect(await rows(world.customer.id)).toEqual(sees);
    expect(await rows(world.seller.id)).toEqual(sees);
    expect(await rows('ten_00000000000000000000000001')).toEqual({ charge: null, charges: { totalCount: 0 } });
  });
});
