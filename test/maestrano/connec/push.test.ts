import { changeMembership, updateUser } from '../../../src/core/identity/index.js';
import { minute } from '../../../src/core/shared/clock.js';
import { createTenant, updateTenant } from '../../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../../support/databases.js';
import { type ConnecCall, connecIdOf, type Entity } from '../support/connec.js';
import { type Group, openSharing, type SharingWorld, type Shop } from './support.js';

onEveryDatabase('What changes here is told to Connec!', (db) => {
  let world: SharingWorld;
  let shop: Shop;
  let group: Group;
  beforeEach(async () => {
    world = openSharing(db);
    shop = await world.shop('acme');
    group = await world.group(shop, 'cld-1');
    await world.settle();
    shop.connec.calls.length = 0;
  });
  afterEach(() => world.stop());

  const people = (): Entity[] => shop.connec.records('cld-1', 'people');
  const rename = (id: string, givenName: string) => world.run((tx) => updateUser(tx, { id, givenName }));
  const isPost = ({ method, path }: ConnecCall): boolean => method === 'POST' && path.endsWith('/people');

  it('a new person is made there and the id kept; a change goes to that id, and says only what changed', async () => {
    const id = await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    await world.settle();
    expect(people()).toMatchObject([
      { first_name: 'Ada', last_name: 'Lovelace', email: { address: 'ada@lotus.example' }, group_id: 'cld-1' },
    ]);
    expect(people()[0]!.id).toContainEqual({ id, provider: 'mercator', realm: group.instanceId });
    await rename(id, 'Augusta');
    await world.settle();
    expect(people()).toMatchObject([{ first_name: 'Augusta', last_name: 'Lovelace' }]);
    expect(shop.connec.writes()).toEqual(['POST /api/v2/cld-1/people', 'PUT /api/v2/cld-1/people/:id']);
    const [, put] = shop.connec.calls.filter(({ method }) => method !== 'GET');
    expect(put!.path).toBe(`/api/v2/cld-1/people/${connecIdOf(people()[0]!)}`);
    expect(put!.body).toEqual({ people: { first_name: 'Augusta', id: [expect.objectContaining({ id })] } });
  });

  it('what is told comes back and changes nothing', async () => {
    await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    await world.settle();
    const { length } = shop.connec.calls;
    await world.notify(shop, { people });
    await world.notify(shop, { people: people() });
    await world.notify(shop, { people: people().map((one) => ({ ...one, updated_at: '2026-02-01T00:00:00Z' })) });
    await world.settle();
    expect(await world.people(group)).toEqual(['Ada Lovelace']);
    expect(shop.connec.calls).toHaveLength(length);
  });

  it('the tenant is the company, groups below it are organizations', async () => {
    await world.run(async (tx) => {
      await updateTenant(tx, { id: group.tenantId, name: 'Lotus AG', contact: { email: 'office@lotus.example' } });
      await createTenant(tx, { kind: 'group', name: 'Sales', parentId: group.tenantId, country: 'AT' });
    });
    await world.settle();
    expect(shop.connec.records('cld-1', 'company')).toMatchObject([
      { name: 'Lotus AG', email: { address: 'office@lotus.example' } },
    ]);
    expect(shop.connec.records('cld-1', 'organizations')).toMatchObject([
      { name: 'Sales', address: { billing: { country: 'AT' } } },
    ]);
  });

  it.each(['lost', 502, 504] as const)(
    'a person whose making was answered by %s is looked for before it is made again',
    async (trouble) => {
      let tries = 0;
      shop.connec.trouble((call) => (isPost(call) && ++tries === 1 ? trouble : undefined));
      await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
      await world.settle();
      expect(people()).toHaveLength(trouble === 'lost' ? 1 : 0);
      await world.later();
      expect(people()).toHaveLength(1);
      const asked = shop.connec.calls.map(({ method }) => method);
      expect(asked).toEqual(trouble === 'lost' ? ['POST', 'GET', 'PUT'] : ['POST', 'GET', 'POST']);
      expect(shop.connec.calls[1]!.query.get('$filter')).toBe("updated_at gt '2026-01-15T08:00:00Z'");
    },
  );

  it('a hub that dies after the answer, before it kept the id, looks for the person too', async () => {
    const { uow } = world.ports;
    const id = await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    const { createSharing } = await import('../../../src/adapters/rest/maestrano/connec/index.js');
    let dead = false;
    const dying = {
      ...world.ports,
      uow: {
        run: ((...all: Parameters<typeof uow.run>) =>
          dead ? Promise.reject(new Error('killed')) : uow.run(...all)) as typeof uow.run,
      },
      fetch: (async (...all: Parameters<typeof fetch>) => {
        const response = await world.ports.fetch(...all);
        dead = true;
        return response;
      }) as typeof fetch,
    };
    const [subscriber] = createSharing(dying).subscribers;
    const event = { id: 'evt', sequence: 1, at: db.clock.now(), type: 'membership.added', tenantId: group.tenantId };
    const aggregate = { kind: 'membership', id: 'mem', version: 1 } as const;
    const added = { ...event, aggregate, payload: { userId: id } };
    await expect(subscriber!.deliver(added)).rejects.toThrow('killed');
    expect(people()).toHaveLength(1);
    await expect(world.sharing.subscribers[0]!.deliver(added)).rejects.toThrow('being told at this moment');
    await world.later();
    expect(people()).toHaveLength(1);
    expect(shop.connec.writes()).toEqual(['POST /api/v2/cld-1/people', 'PUT /api/v2/cld-1/people/:id']);
  });

  it('nobody else tells what Connec! takes its time to answer', async () => {
    const { createSharing } = await import('../../../src/adapters/rest/maestrano/connec/index.js');
    const id = await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    const event = { id: 'evt', sequence: 1, at: db.clock.now(), type: 'membership.added', tenantId: group.tenantId };
    const aggregate = { kind: 'membership', id: 'mem', version: 1 } as const;
    const added = { ...event, aggregate, payload: { userId: id } };
    const slow = (async (...all: Parameters<typeof fetch>) => {
      db.clock.advance(minute);
      await expect(world.sharing.subscribers[0]!.deliver(added)).rejects.toThrow('being told at this moment');
      return world.ports.fetch(...all);
    }) as typeof fetch;
    await createSharing({ ...world.ports, fetch: slow }).subscribers[0]!.deliver(added);
    await world.settle();
    expect(shop.connec.writes()).toEqual(['POST /api/v2/cld-1/people']);
  });

  it('an id that could not be kept is looked for as well', async () => {
    const { uow } = world.ports;
    const id = await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    const { createSharing } = await import('../../../src/adapters/rest/maestrano/connec/index.js');
    const failing = ((...all: Parameters<typeof uow.run>) =>
      all[1].name === 'connec.told' ? Promise.reject(new Error('no database')) : uow.run(...all)) as typeof uow.run;
    const [subscriber] = createSharing({ ...world.ports, uow: { run: failing } }).subscribers;
    const event = { id: 'evt', sequence: 1, at: db.clock.now(), type: 'membership.added', tenantId: group.tenantId };
    const aggregate = { kind: 'membership', id: 'mem', version: 1 } as const;
    await expect(subscriber!.deliver({ ...event, aggregate, payload: { userId: id } })).rejects.toThrow('no database');
    await world.settle();
    expect(people()).toHaveLength(1);
    expect(shop.connec.writes()).toEqual(['POST /api/v2/cld-1/people', 'PUT /api/v2/cld-1/people/:id']);
  });

  it('two events at once make one person there', async () => {
    const id = await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    await rename(id, 'Augusta');
    const [subscriber] = world.sharing.subscribers;
    const event = { id: 'evt', sequence: 1, at: db.clock.now(), tenantId: group.tenantId };
    const aggregate = { kind: 'membership', id: 'mem', version: 1 } as const;
    const added = { ...event, aggregate, type: 'membership.added', payload: { userId: id } };
    await Promise.allSettled([subscriber!.deliver(added), subscriber!.deliver(added), world.settle()]);
    await world.later();
    expect(people()).toMatchObject([{ first_name: 'Augusta' }]);
    expect(shop.connec.writes().filter((call) => call.startsWith('POST'))).toHaveLength(1);
  });

  it('what Connec! refuses is not tried again, and says why; what it does not know any more is made anew', async () => {
    const id = await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    shop.connec.trouble((call) => (isPost(call) ? 422 : undefined));
    await world.settle();
    await world.later();
    expect(shop.connec.writes()).toHaveLength(1);
    const shares = await world.run((tx) =>
      tx.channelRecords.findMany({ kind: 'connec:share', parentId: group.instanceId }),
    );
    expect(shares.map(({ data }) => data.problem)).toContain('connec.post people: 422, Trouble: no');
    shop.connec.trouble(() => undefined);
    await rename(id, 'Augusta');
    await world.settle();
    expect(people()).toMatchObject([{ first_name: 'Augusta' }]);
    people().length = 0;
    await rename(id, 'Ada');
    await world.settle();
    await world.later();
    expect(people()).toMatchObject([{ first_name: 'Ada', last_name: 'Lovelace' }]);
  });

  it('nothing is told while sharing is switched off; what was missed is told afterwards, fifty at a time', async () => {
    expect(await world.sharing.toggle(group.instanceId)).toMatchObject({ enabled: false, status: 'DISABLED' });
    await world.crowd(group, 52);
    const theirs = shop.connec.put('cld-1', 'people', { first_name: 'Grace' });
    await world.notify(shop, { people: [theirs] });
    await world.settle();
    await world.later();
    expect(shop.connec.calls).toEqual([]);
    expect(await world.people(group)).toHaveLength(52);
    expect(await world.sharing.start(group.instanceId)).toMatchObject({ status: 'DISABLED' });
    expect(await world.sharing.toggle(group.instanceId)).toMatchObject({ enabled: true, status: 'RUNNING' });
    await world.settle();
    expect(await world.sharing.status(group.instanceId)).toMatchObject({ status: 'SUCCESS', counts: { pushed: 52 } });
    expect(people()).toHaveLength(53);
    expect(await world.people(group)).toContain('Grace');
    expect(shop.connec.writes()).toEqual(['POST /batch', 'POST /batch']);
    expect(shop.connec.calls.filter(({ path }) => path === '/batch').map(({ body }) => body.ops.length)).toEqual([
      50, 2,
    ]);
  });

  it('one refused record of a batch does not keep the others; a lost batch is looked for', async () => {
    await world.sharing.toggle(group.instanceId);
    await world.crowd(group, 4, false); // nothing Connec! could find them by
    await world.settle();
    expect(shop.connec.calls).toEqual([]);
    let batches = 0;
    shop.connec.trouble(({ path, body }) => {
      if (path === '/batch') return ++batches === 1 ? 'lost' : undefined;
      return body?.people?.first_name === 'P2' ? 400 : undefined;
    });
    await world.sharing.toggle(group.instanceId);
    await world.settle();
    expect(await world.sharing.status(group.instanceId)).toMatchObject({ status: 'FAILED' });
    await world.later();
    expect(await world.sharing.status(group.instanceId)).toMatchObject({ status: 'SUCCESS', counts: { failed: 1 } });
    expect(
      people()
        .map(({ first_name }) => first_name as string)
        .sort(),
    ).toEqual(['P1', 'P3', 'P4']);
  });

  it('who belongs elsewhere too keeps their own name: what Connec! says stands in the membership here', async () => {
    const other = await world.group(await world.shop('rival'), 'cld-9', 'Orchid Ltd');
    const id = await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    await world.run((tx) =>
      tx.memberships
        .findOne({ userId: id, tenantId: group.tenantId, instanceId: '', liveKey: '0' })
        .then(async (one) => {
          const { id: _, version: _v, ...place } = one!;
          await tx.memberships.insert({ ...place, id: tx.ids.next('membership'), tenantId: other.tenantId });
        }),
    );
    await world.settle();
    const [theirs] = people();
    const changed = shop.connec.change('cld-1', 'people', connecIdOf(theirs!), {
      first_name: 'Augusta',
      email: { address: 'x@y.example' },
    });
    await world.notify(shop, { people: [changed] });
    await world.settle();
    const { user, here, there, emails } = await world.run(async (tx) => ({
      user: await tx.users.find(id),
      here: await tx.memberships.findMany({ userId: id, tenantId: group.tenantId }),
      there: await tx.memberships.findMany({ userId: id, tenantId: other.tenantId }),
      emails: await tx.userEmails.findMany({ userId: id }),
    }));
    expect(user).toMatchObject({ givenName: 'Ada', displayName: 'Ada Lovelace' });
    expect(here).toMatchObject([{ givenName: 'Augusta', email: 'x@y.example' }]);
    expect(there).toMatchObject([{ givenName: '', email: '' }]);
    expect(emails).toMatchObject([{ email: 'ada@lotus.example', verifiedKey: 'ada@lotus.example' }]);
  });

  it('an operator among the members keeps name and addresses; a verified address is not replaced', async () => {
    const id = await world.person(group, 'Olga Operator', 'olga@hub.example');
    await world.run((tx) => updateUser(tx, { id, operatorLevel: 1000 }));
    const plain = await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    await world.settle();
    for (const one of people()) {
      const changed = shop.connec.change('cld-1', 'people', connecIdOf(one), {
        first_name: 'Changed',
        email: { address: 'new@evil.example' },
      });
      await world.notify(shop, { people: [changed] });
    }
    await world.settle();
    const { olga, ada, emails } = await world.run(async (tx) => ({
      olga: await tx.users.find(id),
      ada: await tx.users.find(plain),
      emails: [...(await tx.userEmails.findMany({ userId: id })), ...(await tx.userEmails.findMany({ userId: plain }))],
    }));
    expect(olga).toMatchObject({ givenName: 'Olga', operatorLevel: 1000 });
    expect(await world.run((tx) => tx.memberships.findMany({ userId: id }))).toMatchObject([{ givenName: 'Changed' }]);
    expect(ada).toMatchObject({ givenName: 'Changed' });
    expect(
      emails
        .filter(({ verifiedKey }) => verifiedKey !== null)
        .map(({ email }) => email)
        .sort(),
    ).toEqual(['ada@lotus.example', 'olga@hub.example']);
    expect(emails.filter(({ userId }) => userId === id)).toHaveLength(1);
  });

  it('what both changed in different fields is kept from both', async () => {
    const id = await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    await world.settle();
    shop.connec.trouble(({ method }) => (method === 'PUT' ? 503 : undefined));
    await rename(id, 'Augusta');
    await world.settle();
    const changed = shop.connec.change('cld-1', 'people', connecIdOf(people()[0]!), { last_name: 'King' });
    await world.notify(shop, { people: [changed] });
    await world.settle();
    shop.connec.trouble(() => undefined);
    await world.later();
    expect(await world.people(group)).toEqual(['Augusta King']);
    expect(people()).toMatchObject([{ first_name: 'Augusta', last_name: 'King' }]);
  });

  it('an address the marketplace made up for the group is nobody’s to be told', async () => {
    const id = await world.person(group, 'Ada Lovelace', 'usr-1.cld-1@mail.acme.example');
    await world.settle();
    expect(people()[0]).not.toHaveProperty('email');
    await world.run(async (tx) => {
      const [place] = await tx.memberships.findMany({ userId: id });
      await changeMembership(tx, { id: place!.id, email: 'ada@lotus.example' });
    });
    await world.settle();
    expect(people()).toMatchObject([{ email: { address: 'ada@lotus.example' } }]);
  });

  it('somebody who signs in after Connec! told of them is one person, here and there', async () => {
    const theirs = shop.connec.put('cld-1', 'people', { first_name: 'Ada', email: { address: 'ada@lotus.example' } });
    await world.notify(shop, { people: [theirs] });
    await world.settle();
    const ada = await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    await world.settle();
    expect(await world.people(group)).toEqual(['Ada Lovelace']);
    expect(people()).toHaveLength(1);
    const changed = shop.connec.change('cld-1', 'people', connecIdOf(theirs), { first_name: 'Augusta' });
    await world.notify(shop, { people: [changed] });
    await world.settle();
    expect(await world.run((tx) => tx.users.find(ada))).toMatchObject({ givenName: 'Augusta' });
  });

  it('who was let in here is never taken for somebody Connec! made', async () => {
    const theirs = shop.connec.put('cld-1', 'people', { first_name: 'Ada', email: { address: 'ada@lotus.example' } });
    await world.notify(shop, { people: [theirs] });
    await world.settle();
    await world.run(async (tx) => {
      const [member] = await tx.memberships.findMany({ tenantId: group.tenantId });
      const user = await tx.users.lock(member!.userId);
      await tx.users.save(user!, { passwordHash: 'a hash' });
    });
    await world.person(group, 'Ada Lovelace', 'ada@lotus.example');
    await world.settle();
    expect(await world.run((tx) => tx.memberships.findMany({ tenantId: group.tenantId, liveKey: '0' }))).toHaveLength(
      2,
    );
    expect(people()).toHaveLength(1);
  });
});
