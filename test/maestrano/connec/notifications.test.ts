import { closeMembership, updateUser } from '../../../src/core/identity/index.js';
import { anyOf } from '../../../src/core/shared/repository.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../../support/databases.js';
import { connecIdOf, type Entity } from '../support/connec.js';
import { type Group, openSharing, type SharingWorld, type Shop } from './support.js';

onEveryDatabase('Connec! tells about records that changed there', (db) => {
  let world: SharingWorld;
  let shop: Shop;
  let group: Group;
  beforeEach(async () => {
    world = openSharing(db);
    shop = await world.shop('acme', {
      collections: [
        { collection: 'invoices', direction: 'both' },
        { collection: 'items', direction: 'in' },
        { collection: 'payments', direction: 'out' },
      ],
    });
    group = await world.group(shop, 'cld-1');
    await world.settle();
    shop.connec.calls.length = 0;
  });
  afterEach(() => world.stop());

  /** A record that is told of and not imported. */
  const put = (collection: string, entity: Entity, uid = 'cld-1'): Entity => shop.connec.put(uid, collection, entity);
  const notify = async (message: unknown): Promise<void> => {
    expect(await world.notify(shop, message)).toBe(200);
    await world.settle();
  };
  const records = (kind: string) =>
    world.run((tx) => tx.channelRecords.findMany({ kind, tenantId: group.tenantId, liveKey: '0' }));

  it('an id nobody knows makes a person, a known one changes that person', async () => {
    const ada = put('people', { first_name: 'Ada', last_name: 'L', email: { address: 'ada@lotus.example' } });
    await notify({ people: [ada] });
    expect(await world.people(group)).toEqual(['Ada L']);
    const changed = shop.connec.change('cld-1', 'people', connecIdOf(ada), { last_name: 'Lovelace' });
    await notify({ people: [changed] });
    expect(await world.people(group)).toEqual(['Ada Lovelace']);
    expect(shop.connec.calls).toEqual([]);
  });

  it('in either form of ids, and as one object instead of a list', async () => {
    const ada = put('people', { first_name: 'Ada', last_name: 'L' });
    await notify({ people: { ...ada, id: connecIdOf(ada) } });
    await notify({ people: [{ ...ada, last_name: 'Lovelace', updated_at: '2026-03-01T00:00:00Z' }] });
    expect(await world.people(group)).toEqual(['Ada Lovelace']);
  });

  it('the same again changes nothing, an older state neither', async () => {
    const ada = put('people', { first_name: 'Ada', last_name: 'L' });
    const newer = shop.connec.change('cld-1', 'people', connecIdOf(ada), { last_name: 'Lovelace' });
    await notify({ people: [newer] });
    const before = await world.run((tx) => tx.users.findMany({}));
    await notify({ people: [ada] });
    await notify({ people: [newer, ada, newer] });
    expect(await world.run((tx) => tx.users.findMany({}))).toEqual(before);
    expect(await world.people(group)).toEqual(['Ada Lovelace']);
  });

  it('two messages about one new record at once make one', async () => {
    const ada = put('people', { first_name: 'Ada' });
    const invoice = put('invoices', { transaction_number: 'INV-1' });
    for (let n = 0; n < 4; n += 1) await world.notify(shop, { people: [ada], invoices: [invoice] });
    const { taskQueue } = db.persistence;
    const tasks = await taskQueue.claim(10, 60_000);
    expect(tasks).toHaveLength(4);
    await Promise.all(tasks.map((task) => world.sharing.work(task)));
    await world.later();
    expect(await world.people(group)).toEqual(['Ada']);
    expect(await records('invoices')).toHaveLength(1);
  });

  it('one message may mix groups; what nobody knows or shares is skipped', async () => {
    const second = await world.group(shop, 'cld-2', 'Orchid Ltd');
    const rival = await world.shop('rival');
    const strange = await world.group(rival, 'cld-3', 'Rival Ltd');
    await world.settle();
    const ada = put('people', { first_name: 'Ada' });
    const grace = put('people', { first_name: 'Grace' }, 'cld-2');
    const { id: _, ...nameless } = grace;
    await notify({
      people: [
        { ...ada, group_id: 'cld-404' },
        { ...ada, group_id: 'cld-3' },
        { ...ada, group_id: undefined },
        { ...ada, id: [] },
        { ...ada, id: 7 },
        nameless,
        'not a record',
        null,
        ada,
        grace,
      ],
      leads: [ada],
      payments: [ada],
      organizations: 'not a list',
      items: null,
    });
    expect(await world.people(group)).toEqual(['Ada']);
    expect(await world.people(second)).toEqual(['Grace']);
    expect(await world.people(strange)).toEqual([]);
    expect(await world.tasks()).toEqual([]);
  });

  it.each([
    ['not JSON', '{"people":'],
    ['a list', '[]'],
    ['a text', '"people"'],
    ['nothing', ''],
  ])('a body that is %s is refused', async (_, body) => {
    expect(await world.notify(shop, body)).toBe(400);
    expect(await world.tasks()).toEqual([]);
  });

  it('an entity that is a trap is skipped, and harms nobody', async () => {
    const ada = put('people', { first_name: 'Ada' });
    const deep = `${'['.repeat(100_000)}${']'.repeat(100_000)}`;
    const text = JSON.stringify({ people: [ada] }).replace('[{', `[{"group_id":"cld-1","id":"x","a":${deep}},{`);
    expect(await world.notify(shop, text)).toBe(200);
    const invoice = JSON.stringify(put('invoices', { total: 1 })).replace('{', '{"__proto__":{"polluted":true},');
    expect(await world.notify(shop, `{"invoices":[${invoice}],"__proto__":[1]}`)).toBe(200);
    await world.settle();
    expect(await world.people(group)).toEqual(['Ada']);
    expect(({} as Entity).polluted).toBeUndefined();
    expect(await records('invoices')).toHaveLength(1);
  });

  it('one record that cannot be kept never blocks the others of its message', async () => {
    const nameless = put('organizations', { name: ' ' });
    const odd = put('people', {
      first_name: `Ada\u0000 ${'x'.repeat(500)}`,
      last_name: 7,
      email: { address: 'no address' },
    });
    const grace = put('people', { first_name: 'Grace' });
    await notify({ organizations: [nameless], people: [odd, grace] });
    const people = await world.people(group);
    expect(people).toHaveLength(2);
    expect(people[0]).toMatch(/^Ada x{100,}$/);
    expect(people[1]).toBe('Grace');
    expect(await world.tasks()).toEqual([]);
    expect(shop.connec.writes()).toEqual([]); // what cannot be kept here is not taken away there
  });

  it('a record that names one nobody fetched waits until that is there', async () => {
    const item = put('items', { name: 'Pot' });
    const supplier = put('organizations', { name: 'Supplier Ltd' });
    const invoice = put('invoices', {
      transaction_number: 'INV-1',
      organization_id: [{ id: connecIdOf(supplier), provider: 'connec', realm: 'org-1' }],
      tax_code_id: [{ id: 'tax-7', provider: 'connec', realm: 'org-1' }],
      lines: [{ id: [{ id: 'line-1', provider: 'connec', realm: 'org-1' }], item_id: connecIdOf(item), quantity: 2 }],
    });
    let down = true;
    shop.connec.trouble(({ path }) => (down && path.includes('/organizations/') ? 503 : undefined));
    await notify({ invoices: [invoice], people: [put('people', { first_name: 'Ada' })] });
    expect(await records('invoices')).toEqual([]);
    expect(await world.people(group)).toEqual(['Ada']);
    expect(await world.tasks()).toHaveLength(1);
    down = false;
    await world.later();
    const [organization] = await world.run((tx) => tx.tenants.findMany({ parentId: group.tenantId }));
    const [pot] = await records('items');
    expect(await records('invoices')).toMatchObject([
      {
        externalId: connecIdOf(invoice),
        data: {
          transaction_number: 'INV-1',
          organization_id: organization!.id,
          tax_code_id: 'connec:tax-7',
          lines: [{ id: 'connec:line-1', item_id: pot!.externalId, quantity: 2 }],
        },
      },
    ]);
    expect(shop.connec.writes()).toEqual([]);
  });

  it('it does not wait for ever: what cannot be fetched is kept by the id it has there', async () => {
    const gone = put('invoices', { n: 1, organization_id: 'e323', group_id: 'cld-1' });
    await notify({ invoices: [gone] });
    expect(await records('invoices')).toMatchObject([{ data: { n: 1, organization_id: 'connec:e323' } }]);
    shop.connec.trouble(({ path }) => (path.includes('/organizations/') ? 'down' : undefined));
    await notify({ invoices: [put('invoices', { n: 2, organization_id: 'e324' })] });
    for (let tries = 1; tries <= 5; tries += 1) {
      expect(await records('invoices')).toHaveLength(1);
      await world.later();
    }
    expect((await records('invoices')).map(({ data }) => data.organization_id)).toContain('connec:e324');
    expect(await world.tasks()).toEqual([]);
  });

  it('records that name each other are taken over all the same', async () => {
    const a = put('items', { name: 'A' });
    const b = put('items', { name: 'B', item_id: connecIdOf(a) });
    const both = shop.connec.change('cld-1', 'items', connecIdOf(a), { item_id: connecIdOf(b) });
    await notify({ items: [both] });
    for (let tries = 0; tries < 7; tries += 1) await world.later();
    expect((await records('items')).map(({ data }) => data.name).sort()).toEqual(['A', 'B']);
    expect(await world.tasks()).toEqual([]);
  });

  it('our own record that comes back before its answer is that record, and not another', async () => {
    let lost = true;
    shop.connec.trouble(({ method }) => (lost && method === 'POST' ? 'lost' : undefined));
    await world.crowd(group, 1, false); // no address to be known by
    await world.settle();
    lost = false;
    const [theirs] = shop.connec.records('cld-1', 'people');
    const [member] = await world.run((tx) => tx.memberships.findMany({ tenantId: group.tenantId }));
    const id = member!.userId;
    await world.run((tx) => updateUser(tx, { id, givenName: 'Changed' }));
    await world.notify(shop, { people: [theirs] });
    for (const task of await db.persistence.taskQueue.claim(10, 60_000)) await world.sharing.work(task);
    expect(await world.people(group)).toEqual(['Changed Lotus']);
    await world.later();
    expect(await world.people(group)).toEqual(['Changed Lotus']);
    const bound = await world.run((tx) => tx.externalRefs.findMany({ kind: 'record', targetId: id }));
    expect(bound).toMatchObject([{ externalId: `people/${connecIdOf(theirs!)}`, parentId: group.instanceId }]);
    expect(shop.connec.records('cld-1', 'people')).toMatchObject([{ first_name: 'Changed' }]);
  });

  it('an id that names somebody of another tenant as ours is not believed', async () => {
    const second = await world.group(shop, 'cld-2', 'Orchid Ltd');
    const victim = await world.person(second, 'Vera Victim', 'vera@orchid.example');
    const below = { kind: 'group', parentId: second.tenantId, channelId: shop.channel.id } as const;
    const sales = await world.run((tx) => createTenant(tx, { ...below, name: 'Orchid Sales' }));
    await world.settle();
    const own = [{ id: victim, provider: 'mercator', realm: group.instanceId }];
    const forged = put('people', { first_name: 'Mallory', id: own });
    const tenant = put('organizations', {
      name: 'Mine now',
      id: [{ id: sales.id, provider: 'mercator', realm: group.instanceId }],
    });
    await notify({ people: [forged], organizations: [tenant] });
    expect(await world.people(second)).toEqual(['Vera Victim']);
    expect(await world.people(group)).toEqual(['Mallory']);
    expect(await world.run((tx) => tx.tenants.find(sales.id))).toMatchObject({ name: 'Orchid Sales' });
    const ours = await world.run((tx) => tx.tenants.findMany({ parentId: group.tenantId }));
    expect(ours).toMatchObject([{ name: 'Mine now' }]);
  });

  it('who was taken away here stays away; of a group that has ended nothing is taken over', async () => {
    const ada = put('people', { first_name: 'Ada' });
    await notify({ people: [ada] });
    await world.run(async (tx) => {
      const [member] = await tx.memberships.findMany({ tenantId: group.tenantId, liveKey: '0' });
      await closeMembership(tx, (await tx.memberships.lock(member!.id))!, 'test');
    });
    await notify({ people: [shop.connec.change('cld-1', 'people', connecIdOf(ada), { first_name: 'Eve' })] });
    expect(await world.people(group)).toEqual([]);
    expect(await world.notify(shop, { people: [put('people', { first_name: 'Grace' })] })).toBe(200);
    await world.run(async (tx) => {
      const instance = (await tx.instances.lock(group.instanceId))!;
      await tx.instances.save(instance, { terminatedAt: tx.now });
    });
    await world.settle();
    expect(await world.people(group)).toEqual([]);
    expect(await world.tasks()).toEqual([]);
    expect(await world.notify(shop, { people: [put('people', { first_name: 'Late' })] })).toBe(200);
    expect(await world.tasks()).toEqual([]);
    await world.settle();
    const users = await world.run((tx) => tx.users.findAll({ givenName: anyOf(['Grace', 'Late']) }));
    expect(users).toEqual([]);
    expect(await world.sharing.status(group.instanceId)).toBeUndefined();
  });
});
