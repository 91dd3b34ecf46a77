import { findExternalRef } from '../../../src/core/marketplace/index.js';
import { hour } from '../../../src/core/shared/clock.js';
import { onEveryDatabase } from '../../support/databases.js';
import { connecIdOf } from '../support/connec.js';
import { openSharing, type SharingWorld } from './support.js';

onEveryDatabase('The first sign-on of a company imports what Connec! has', (db) => {
  let world: SharingWorld;
  beforeEach(() => {
    world = openSharing(db);
  });
  afterEach(() => world.stop());

  it('page by page, the company first; nothing twice when the hub dies in the middle', async () => {
    const shop = await world.shop('acme');
    const { connec } = shop;
    connec.put('cld-1', 'company', {
      name: 'Lotus Holding',
      email: { address: 'office@lotus.example' },
      timezone: 'Europe/Vienna',
      address: { billing: { country: 'AT' } },
    });
    connec.put('cld-1', 'organizations', { name: 'Supplier Ltd' });
    connec.largestPage = 25;
    for (let n = 1; n <= 60; n += 1) {
      connec.put('cld-1', 'people', {
        first_name: `P${n}`,
        last_name: 'Lotus',
        email: { address: `p${n}@lotus.example` },
      });
    }
    const group = await world.group(shop, 'cld-1', 'Lotus Ltd');
    await world.person(group, 'Ada Lovelace', 'P7@lotus.example');
    let pages = 0;
    connec.trouble(({ path, method }) => {
      if (method === 'GET' && path.endsWith('/people')) pages += 1;
      return pages === 2 ? 'down' : undefined;
    });
    await world.settle();
    expect(await world.sharing.status(group.instanceId)).toMatchObject({ status: 'FAILED', enabled: true });
    expect(await world.people(group)).toHaveLength(25);
    connec.trouble(() => undefined);

    // a worker dies with the page half taken over: its lease ends, and somebody else takes the page over
    db.clock.advance(hour);
    const [task] = await db.persistence.taskQueue.claim(1, hour);
    const { uow } = world.ports;
    let units = 0;
    const dying = {
      ...uow,
      run: ((...all: Parameters<typeof uow.run>) =>
        ++units > 1 ? Promise.reject(new Error('killed')) : uow.run(...all)) as typeof uow.run,
    };
    const { createSharing } = await import('../../../src/adapters/rest/maestrano/connec/index.js');
    await expect(createSharing({ ...world.ports, uow: dying }).work(task!)).rejects.toThrow('killed');
    db.clock.advance(2 * hour);
    await world.settle();

    expect(await world.sharing.status(group.instanceId)).toMatchObject({
      groupUid: 'cld-1',
      status: 'SUCCESS',
      enabled: true,
      message: '',
      counts: { failed: 0 },
    });
    const people = await world.people(group);
    expect(people).toHaveLength(60);
    expect(new Set(people).size).toBe(60);
    const tenant = await world.run((tx) => tx.tenants.find(group.tenantId));
    expect(tenant).toMatchObject({
      name: 'Lotus Holding',
      country: 'AT',
      timeZone: 'Europe/Vienna',
      contact: { email: 'office@lotus.example' },
    });
    const below = await world.run((tx) => tx.tenants.findMany({ parentId: group.tenantId }));
    expect(below).toMatchObject([{ kind: 'group', name: 'Supplier Ltd', channelId: shop.channel.id }]);
    expect(await world.tasks()).toEqual([]);
    // who was there already was found by the address, and nobody is told what they said themselves
    expect(connec.records('cld-1', 'people')).toHaveLength(60);
    expect(connec.writes().filter((call) => call.startsWith('POST /api'))).toEqual([]);
  });

  it('two workers with the same page go on once', async () => {
    const shop = await world.shop('acme', { company: false, organizations: false });
    shop.connec.largestPage = 5;
    for (let n = 1; n <= 8; n += 1) shop.connec.put('cld-1', 'people', { first_name: `P${n}` });
    const group = await world.group(shop, 'cld-1');
    const { taskQueue } = db.persistence;
    const [first] = await taskQueue.claim(1, hour);
    await world.sharing.work(first!);
    const [page] = await taskQueue.claim(1, hour);
    await Promise.all([world.sharing.work(page!), world.sharing.work(page!)]);
    expect(await world.tasks()).toHaveLength(1);
    await world.settle();
    expect(await world.people(group)).toHaveLength(8);
    expect(await world.sharing.status(group.instanceId)).toMatchObject({ status: 'SUCCESS', counts: { failed: 0 } });
  });

  it('people come as viewers without a seat and with an address nobody has verified', async () => {
    const shop = await world.shop('acme');
    shop.connec.put('cld-1', 'people', {
      first_name: 'Grace',
      last_name: 'Hopper',
      email: { address: 'grace@navy.example' },
    });
    const group = await world.group(shop, 'cld-1');
    const other = await world.group(await world.shop('rival'), 'cld-1', 'Orchid Ltd');
    const namesake = await world.person(other, 'Grace Own', 'grace@navy.example');
    await world.settle();
    const { members, emails, seats } = await world.run(async (tx) => {
      const members = await tx.memberships.findMany({ tenantId: group.tenantId });
      return {
        members,
        emails: await tx.userEmails.findMany({ userId: members[0]!.userId }),
        seats: await tx.licenses.findMany({ userId: members[0]!.userId }),
      };
    });
    expect(members).toMatchObject([{ roles: ['VIEWER'], email: 'grace@navy.example' }]);
    expect(members[0]!.userId).not.toBe(namesake); // somebody of another tenant is never meant
    expect(emails).toMatchObject([{ email: 'grace@navy.example', verifiedKey: null }]);
    expect(seats).toEqual([]);
    const person = await world.run((tx) => tx.users.find(members[0]!.userId));
    expect(person).toMatchObject({ passwordHash: null, givenName: 'Grace', familyName: 'Hopper' });
  });

  it('two marketplaces with equal ids stay apart', async () => {
    const acme = await world.shop('acme');
    const rival = await world.shop('rival');
    acme.connec.put('cld-1', 'people', { first_name: 'Ada', last_name: 'Acme' });
    rival.connec.put('cld-1', 'people', { first_name: 'Ada', last_name: 'Rival' });
    const a = await world.group(acme, 'cld-1', 'A');
    const b = await world.group(rival, 'cld-1', 'B');
    await world.settle();
    expect(await world.people(a)).toEqual(['Ada Acme']);
    expect(await world.people(b)).toEqual(['Ada Rival']);
    const person = acme.connec.change('cld-1', 'people', connecIdOf(acme.connec.records('cld-1', 'people')[0]!), {
      last_name: 'New',
    });
    await world.notify(rival, { people: [person] });
    await world.notify(acme, { people: [person] });
    await world.settle();
    expect(await world.people(a)).toEqual(['Ada New']);
    expect(await world.people(b)).toEqual(['Ada New', 'Ada Rival']); // an id of its own there
    const key = { kind: 'record', externalId: `people/${connecIdOf(person)}` } as const;
    const bound = await world.run((tx) =>
      findExternalRef(tx, { ...key, channelId: acme.channel.id, parentId: a.instanceId }),
    );
    expect(bound).toBeDefined();
  });

  it.each([
    ['another host', 'https://evil.example/api/v2/cld-1/people?$skip=1'],
    ['another group', 'https://connec.acme.example/api/v2/cld-2/people?$skip=1'],
    ['another collection', 'https://connec.acme.example/api/v2/cld-1/invoices'],
    ['the way up', 'https://connec.acme.example/api/v2/cld-1/people/%2e%2e/accounts'],
    ['credentials', 'https://u:p@connec.acme.example/api/v2/cld-1/people'],
    ['another protocol', 'file:///etc/passwd'],
    ['nothing that can be read', 'people?$skip=1'],
  ])('a next page at %s is not asked for', async (_, next) => {
    const shop = await world.shop('acme', { organizations: false });
    const group = await world.group(shop, 'cld-1');
    shop.connec.trouble(({ path }) =>
      path.endsWith('/people') ? { answer: JSON.stringify({ people: [], pagination: { next } }) } : undefined,
    );
    await world.settle();
    const status = await world.sharing.status(group.instanceId);
    expect(status).toMatchObject({ status: 'FAILED', message: 'pagination.next leads out of the collection' });
    expect(shop.connec.calls.map(({ path }) => path)).toEqual(['/api/v2/cld-1/company', '/api/v2/cld-1/people']);
  });

  it('a page that is too large is asked for in smaller ones', async () => {
    const shop = await world.shop('acme', { organizations: false });
    const group = await world.group(shop, 'cld-1');
    for (let n = 1; n <= 30; n += 1) shop.connec.put('cld-1', 'people', { first_name: `P${n}` });
    shop.connec.trouble(({ path, query }) =>
      path.endsWith('/people') && Number(query.get('$top')) > 25 ? { answer: 'x'.repeat(9_000_000) } : undefined,
    );
    await world.settle();
    expect(await world.people(group)).toHaveLength(30);
    expect(await world.sharing.status(group.instanceId)).toMatchObject({ status: 'SUCCESS' });
  });

  it('wrong credentials are an alarm and are tried again', async () => {
    const shop = await world.shop('acme');
    const group = await world.group(shop, 'cld-1');
    shop.connec.trouble(() => 401);
    await world.settle();
    const alarms = () => world.run((tx) => tx.alarms.findMany({ channelId: shop.channel.id }));
    expect(await alarms()).toMatchObject([{ typeNumber: 1009, subject: 'connec', clearedAt: null }]);
    expect(JSON.stringify(world.recorded)).not.toContain('key-acme');
    expect(JSON.stringify(world.recorded)).not.toContain(Buffer.from('app-acme:key-acme').toString('base64'));
    shop.connec.trouble(() => undefined);
    await world.later();
    expect(await world.sharing.status(group.instanceId)).toMatchObject({ status: 'SUCCESS' });
    expect((await alarms())[0]!.clearedAt).not.toBeNull();
  });

  it('a record that says it is another group’s is not taken over', async () => {
    const shop = await world.shop('acme');
    const group = await world.group(shop, 'cld-1');
    const stray = shop.connec.put('cld-1', 'people', { first_name: 'Stray' });
    stray.group_id = 'cld-2';
    await world.settle();
    expect(await world.people(group)).toEqual([]);
  });

  it('a record deeper than any record of business is passed over, and the others come', async () => {
    const invoices = { collection: 'invoices', direction: 'both' } as const;
    const shop = await world.shop('acme', { people: false, organizations: false, collections: [invoices] });
    const group = await world.group(shop, 'cld-1');
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const page = `{"invoices":[{"id":"one","group_id":"cld-1","lines":${deep}},{"id":"two","group_id":"cld-1","total":2}]}`;
    shop.connec.trouble(({ path }) => (path.endsWith('/invoices') ? { answer: page } : undefined));
    await world.settle();
    expect(await world.sharing.status(group.instanceId)).toMatchObject({ status: 'SUCCESS' });
    const kept = await world.run((tx) => tx.channelRecords.findMany({ kind: 'invoices', parentId: group.instanceId }));
    expect(kept.map(({ externalId }) => externalId)).toEqual(['two']);
  });

  it('asks every time for ids as arrays, in the group’s name', async () => {
    const shop = await world.shop('acme');
    await world.group(shop, 'cld-1');
    await world.settle();
    for (const { headers } of shop.connec.calls) {
      expect(Object.fromEntries(headers)).toMatchObject({
        accept: 'application/vnd.api+json',
        'content-type': 'application/vnd.api+json',
        'connec-external-ids': 'true',
        'connec-country-format': 'alpha2',
      });
    }
  });
});
