import type { Unit } from '../../src/core/repositories.js';
import {
  makeApplication,
  makeInstance,
  makeLicense,
  makeLicenseType,
  makeMembership,
  makePlan,
  makePool,
  makeSubscription,
  makeTenant,
  makeUser,
  write,
} from '../persistence/support/world.js';
import { onEveryDatabase } from '../support/databases.js';
import {
  type CountedReaders,
  countedReaders,
  type MercatorServer,
  operator,
  startMercator,
} from './support/mercator.js';

/** A tenant with people, and instances with a seat and a subscription each. */
async function fill(tx: Unit, name: string, people: number, instances: number) {
  const tenant = await makeTenant(tx, name);
  const application = await makeApplication(tx, `${name}-app`);
  const licenseType = await makeLicenseType(tx, application.id, 'seat');
  const plan = await makePlan(tx, application.id, 'basic');
  const users = [];
  for (let number = 0; number < people; number += 1) {
    const user = await makeUser(tx, `${name}${number}`);
    await makeMembership(tx, user.id, tenant.id);
    users.push(user);
  }
  for (let number = 0; number < instances; number += 1) {
    const instance = await makeInstance(tx, tenant.id, application.id);
    const place = {
      tenantId: tenant.id,
      applicationId: application.id,
      licenseTypeId: licenseType.id,
      instanceId: instance.id,
    };
    const pool = await makePool(tx, place, 5);
    await makeLicense(tx, pool.id, users[number % people]!.id, place);
    await makeMembership(tx, users[0]!.id, tenant.id, instance.id);
    await makeSubscription(tx, tenant.id, application.id, instance.id, plan.id);
  }
  return { tenant, users };
}

const dashboard = `query ($id: ID!) { tenant(id: $id) {
  name state
  users(first: 20) { nodes { displayName } }
  instances(first: 20) { nodes {
    name state
    licenses { nodes { assignedAt } }
    subscription { status price { amount currency } currentPeriod { startsAt endsAt } inTrial }
  } }
} }`;

const everything = `query ($id: ID!, $user: ID!) { tenant(id: $id) {
  users(first: 50) { totalCount nodes {
    email
    emails { nodes { email verified } }
    memberships { nodes { tenant { name parent { id } } instance { application { name } } } }
    licenses { totalCount nodes { licenseType { code } pool { free tenant { name } } } }
    journal(first: 2) { nodes { command } }
  } }
  instances(first: 50) { nodes {
    application { plans { nodes { price { amount } } } licenseTypes { nodes { code } } }
    subscription { plan { key } }
    licenses { nodes { user { displayName email } pool { quantity children { totalCount } } } }
    memberships { nodes { user { displayName } } }
    externalRefs { nodes { externalId } }
    usability(userId: $user) { usable reason }
    usage { code purchased assigned billable licenseType { name } }
  } }
} }`;

onEveryDatabase('statements', (db) => {
  let server: MercatorServer;
  let counted: CountedReaders;
  let small: Awaited<ReturnType<typeof fill>>;
  let large: Awaited<ReturnType<typeof fill>>;

  beforeEach(async () => {
    small = await write(db.persistence, (tx) => fill(tx, 'small', 2, 2));
    large = await write(db.persistence, (tx) => fill(tx, 'large', 20, 12));
    counted = countedReaders(db);
    server = await startMercator(counted.readers, db.clock);
  });
  afterEach(() => server.close());

  async function cost(query: string, { tenant, users }: typeof small) {
    counted.taken();
    const data = await server.read(operator(), query, { id: tenant.id, user: users[0]!.id });
    return { data, statements: counted.taken().length };
  }

  test('a tenant with 20 people, and its instances with licenses and subscription: five', async () => {
    const { data, statements } = await cost(dashboard, large);
    expect(statements).toBe(5);
    expect(data.tenant.users.nodes).toHaveLength(20);
    expect(data.tenant.instances.nodes).toHaveLength(12);
    for (const instance of data.tenant.instances.nodes) {
      expect(instance.licenses.nodes).toHaveLength(1);
      expect(instance.subscription).toEqual({
        status: 'ACTIVE',
        price: { amount: '1500', currency: 'EUR' },
        currentPeriod: { startsAt: '2026-01-15T09:00:00.000Z', endsAt: '2026-02-15T09:00:00.000Z' },
        inTrial: false,
      });
    }
  });

  test('at any depth as many for twelve instances as for two', async () => {
    const few = await cost(everything, small);
    const many = await cost(everything, large);
    expect(many.statements).toBe(few.statements);
    expect(many.data.tenant.users.totalCount).toBe(20);
    const [instance] = many.data.tenant.instances.nodes;
    expect(instance.usability).toEqual({ usable: true, reason: null });
    expect(instance.usage).toEqual([
      { code: 'seat', purchased: 5, assigned: 1, billable: expect.any(Number), licenseType: { name: 'seat' } },
    ]);
  });

  test('an address is no lookup each either', async () => {
    await db.raw.execute('UPDATE user_emails SET verified_key = email_key');
    const query =
      'query ($references: [_Any!]!) { _entities(representations: $references) { ... on User { id displayName } } }';
    const references = large.users.map(({ displayName }) => ({
      __typename: 'User',
      email: `${displayName}@example.com`,
    }));
    counted.taken();
    const { _entities } = await server.read(operator(), query, { references });
    expect(_entities.map(({ id }: { id: string }) => id)).toEqual(large.users.map(({ id }) => id));
    expect(counted.taken()).toHaveLength(2);

    const ids = large.users.map(({ id }) => ({ __typename: 'User', id }));
    await server.read(operator(), query, { references: ids });
    expect(counted.taken()).toHaveLength(1);
  });

  test('a person with several memberships in a tenant is listed once, one who left not at all', async () => {
    const query = 'query ($id: ID!) { tenant(id: $id) { users { totalCount nodes { id } } } }';
    const [staying, leaving] = small.users;
    const read = async () => (await server.read(operator(), query, { id: small.tenant.id })).tenant.users;
    expect(await read()).toEqual({ totalCount: 2, nodes: [{ id: staying!.id }, { id: leaving!.id }] });
    await db.raw.execute('UPDATE memberships SET terminated_at = created_at, live_key = id WHERE user_id = ?', [
      leaving!.id,
    ]);
    expect(await read()).toEqual({ totalCount: 1, nodes: [{ id: staying!.id }] });
  });
});
