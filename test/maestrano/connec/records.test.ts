import { addChannelRecord, endChannelRecord, updateChannelRecord } from '../../../src/core/marketplace/index.js';
import { systemActor } from '../../../src/core/shared/actor.js';
import { startCommands } from '../../graphql/support/commands.js';
import { client } from '../../graphql/support/mercator.js';
import { onEveryDatabase } from '../../support/databases.js';
import { connecIdOf, type Entity } from '../support/connec.js';
import { type Group, openSharing, type SharingWorld, type Shop } from './support.js';

onEveryDatabase('Records of collections the application declares', (db) => {
  let world: SharingWorld;
  let shop: Shop;
  let group: Group;
  beforeEach(async () => {
    world = openSharing(db);
    shop = await world.shop('acme', {
      collections: [
        {
          collection: 'invoices',
          direction: 'both',
          fields: {
            number: 'transaction_number',
            'customer.id': 'organization_id',
            total: 'amount.total',
            lines: 'lines',
          },
          matchingFields: [['transaction_number']],
        },
        { collection: 'items', direction: 'both' },
        { collection: 'accounts', direction: 'in' },
        { collection: 'payments', direction: 'out' },
      ],
    });
    group = await world.group(shop, 'cld-1');
    await world.settle();
    shop.connec.calls.length = 0;
  });
  afterEach(() => world.stop());

  const theirs = (collection: string): Entity[] => shop.connec.records('cld-1', collection);
  const add = (kind: string, externalId: string, data: Entity) =>
    world.run((tx) => addChannelRecord(tx, { tenantId: group.tenantId, kind, externalId, data }));
  const update = (id: string, data: Entity) => world.run((tx) => updateChannelRecord(tx, { id, data }));
  const ours = (kind: string) =>
    world.run((tx) => tx.channelRecords.findMany({ kind, tenantId: group.tenantId, liveKey: '0' }));
  const own = (id: string) => ({ id, provider: 'mercator', realm: group.instanceId });

  it('go round from GraphQL to Connec! and back, under the names each side has for the fields', async () => {
    const commands = await startCommands(db);
    const application = client({ tenantId: group.tenantId });
    const input = {
      tenantId: group.tenantId,
      kind: 'invoices',
      externalId: '42',
      data: '{"number":"INV-1","total":10,"note":"ours"}',
    };
    const made = await commands.mutate(application, 'addChannelRecord', input, '{ channelRecord { id version } }');
    const { id } = made.data.addChannelRecord.channelRecord as { id: string };
    await world.settle();
    expect(theirs('invoices')).toMatchObject([{ transaction_number: 'INV-1', amount: { total: 10 } }]);
    expect(theirs('invoices')[0]!.id).toContainEqual(own('42'));
    expect(theirs('invoices')[0]).not.toHaveProperty('note');
    const [post] = shop.connec.calls;
    expect(post!.body.opts).toEqual({ matching_fields: [['transaction_number']] });

    const change = { id, data: '{"number":"INV-1","total":12,"note":"ours"}' };
    const updated = await commands.mutate(application, 'updateChannelRecord', change, '{ channelRecord { data } }');
    expect(updated.errors).toBeUndefined();
    await world.settle();
    expect(theirs('invoices')).toMatchObject([{ amount: { total: 12 } }]);
    expect(shop.connec.calls.at(-1)!.body).toEqual({ invoices: { amount: { total: 12 }, id: [own('42')] } });

    const changed = shop.connec.change('cld-1', 'invoices', connecIdOf(theirs('invoices')[0]!), {
      transaction_number: 'INV-1b',
    });
    await world.notify(shop, { invoices: [changed] });
    await world.settle();
    expect(await ours('invoices')).toMatchObject([{ id, data: { number: 'INV-1b', total: 12, note: 'ours' } }]);
    expect(shop.connec.writes()).toEqual(['POST /api/v2/cld-1/invoices', 'PUT /api/v2/cld-1/invoices/:id']);

    // another tenant's application neither sees nor changes it
    const other = client({ tenantId: (await world.group(shop, 'cld-2', 'Orchid')).tenantId });
    const refused = await commands.mutate(other, 'updateChannelRecord', change, '{ channelRecord { id } }');
    expect(refused.errors![0]!.extensions.code).toBe('NOT_FOUND');
    await commands.close();
  });

  it('what they name is told first, and named by our id', async () => {
    const { tenantId } = group;
    await add('items', 'pot', { name: 'Pot' });
    const supplier = shop.connec.put('cld-1', 'organizations', { name: 'Supplier Ltd' });
    await world.notify(shop, { organizations: [supplier] });
    for (const task of await db.persistence.taskQueue.claim(10, 60_000)) await world.sharing.work(task);
    const [organization] = await world.run((tx) => tx.tenants.findMany({ parentId: tenantId }));
    await add('invoices', '42', {
      number: 'INV-1',
      customer: { id: organization!.id },
      lines: [{ id: 'l1', item_id: 'pot', account_id: 'nobody’s', tax_code_id: 'connec:tax-7' }],
    });
    await world.settle();
    const [invoice] = theirs('invoices');
    expect(invoice!.organization_id).toEqual([
      { id: connecIdOf(supplier), provider: 'connec', realm: 'org-1' },
      own(organization!.id),
    ]);
    expect(invoice!.lines).toMatchObject([
      {
        id: [own('l1')],
        item_id: [{ id: connecIdOf(theirs('items')[0]!) }, own('pot')],
        account_id: 'nobody’s',
        tax_code_id: 'tax-7',
      },
    ]);
    expect(theirs('items')).toHaveLength(1);
    expect(theirs('organizations')).toHaveLength(1);
  });

  it('that name each other are told all the same, both with the other’s id in the end', async () => {
    await world.run(async (tx) => {
      const place = { tenantId: group.tenantId, kind: 'items' };
      await addChannelRecord(tx, { ...place, externalId: 'a', data: { name: 'A', item_id: 'b' } });
      await addChannelRecord(tx, { ...place, externalId: 'b', data: { name: 'B', item_id: 'a' } });
    });
    await world.settle();
    for (let tries = 0; tries < 3; tries += 1) await world.later();
    const found = theirs('items').map(({ name, item_id }) => [name, (item_id as Entity[]).at(-1)!.id] as const);
    expect(found.sort()).toEqual([
      ['A', 'b'],
      ['B', 'a'],
    ]);
  });

  it('keep to their direction', async () => {
    await add('accounts', 'cash', { name: 'Cash' });
    await add('payments', 'p1', { total: 1 });
    await add('secrets', 's1', { total: 1 });
    const payment = shop.connec.put('cld-1', 'payments', { total: 2 });
    await world.notify(shop, {
      payments: [payment],
      accounts: [shop.connec.put('cld-1', 'accounts', { name: 'Bank' })],
    });
    await world.settle();
    // told of before the direction was changed
    const data = { records: [{ collection: 'payments', entity: payment }], tries: 0 };
    const task = { channelId: shop.channel.id, kind: 'notification', subjectId: group.instanceId, data };
    await world.run((tx) => tx.channelTasks.add(task));
    await world.sharing.start(group.instanceId, true);
    await world.settle();
    expect(theirs('accounts').map(({ name }) => name as string)).toEqual(['Bank']);
    expect(theirs('payments')).toHaveLength(2);
    expect(theirs('secrets')).toEqual([]);
    expect((await ours('payments')).map(({ externalId }) => externalId)).toEqual(['p1']);
    expect((await ours('accounts')).map(({ data }) => data.name).sort()).toEqual(['Bank', 'Cash']);
  });

  it('of another tenant are not told in this group’s name, wherever they claim to belong', async () => {
    const other = await world.group(shop, 'cld-2', 'Orchid Ltd');
    await world.settle();
    await world.run((tx) =>
      addChannelRecord(tx, {
        tenantId: other.tenantId,
        parentId: group.instanceId,
        kind: 'items',
        externalId: 'x',
        data: { name: 'X' },
      }),
    );
    await world.settle();
    await add('invoices', '42', { number: 'INV-1', lines: [{ item_id: 'x' }] });
    await world.settle();
    await world.sharing.start(group.instanceId);
    await world.settle();
    expect(theirs('invoices')).toMatchObject([{ lines: [{ item_id: 'x' }] }]); // as a text, which names nothing of ours
    expect(theirs('items')).toEqual([]);
  });

  it('a notification that was quicker than its answer and did not say whose it is leaves one record', async () => {
    const record = await add('items', 'pot', { name: 'Pot' });
    const { fetch } = world.ports;
    const racing = {
      ...world.ports,
      fetch: (async (...all: Parameters<typeof fetch>) => {
        const response = await fetch(...all);
        const [stored] = theirs('items');
        await world.notify(shop, { items: [{ ...stored, id: connecIdOf(stored!) }] });
        for (const task of await db.persistence.taskQueue.claim(10, 60_000)) await world.sharing.work(task);
        return response;
      }) as typeof fetch,
    };
    const { createSharing } = await import('../../../src/adapters/rest/maestrano/connec/index.js');
    const { id, tenantId, channelId, kind, parentId } = record;
    await createSharing(racing).subscribers[0]!.deliver({
      id: 'evt',
      sequence: 1,
      at: db.clock.now(),
      type: 'channel_record.added',
      tenantId,
      aggregate: { kind: 'channelRecord', id, version: 1 },
      payload: { channelId, kind, parentId, externalId: 'pot' },
    });
    await world.settle();
    expect(await ours('items')).toMatchObject([{ id }]);
    expect(theirs('items')).toHaveLength(1);
    await update(id, { name: 'Pan' });
    await world.settle();
    expect(theirs('items')).toMatchObject([{ name: 'Pan' }]);
    await world.notify(shop, {
      items: [shop.connec.change('cld-1', 'items', connecIdOf(theirs('items')[0]!), { name: 'Wok' })],
    });
    await world.settle();
    expect(await ours('items')).toMatchObject([{ id, data: { name: 'Wok' } }]);
  });

  it('that have ended are left alone there', async () => {
    const { id } = await add('items', 'pot', { name: 'Pot' });
    await world.settle();
    const { length } = shop.connec.calls;
    await world.run((tx) => endChannelRecord(tx, { id }));
    await world.notify(shop, { items: theirs('items') });
    await world.settle();
    await expect(update(id, {})).rejects.toMatchObject({ code: 'terminated' });
    expect(shop.connec.calls).toHaveLength(length);
    expect(await ours('items')).toEqual([]);
  });

  it('bookkeeping of the protocol is nobody’s to make', async () => {
    await expect(add('connec:share', 'people/usr', {})).rejects.toMatchObject({ code: 'invalid_value' });
    const [state] = await world.run((tx) => tx.channelRecords.findMany({ kind: 'connec:synchronization' }));
    await expect(
      world.run((tx) => updateChannelRecord(tx, { id: state!.id, data: {} }), systemActor('x')),
    ).rejects.toMatchObject({
      code: 'forbidden',
    });
  });

  it('which directions are allowed is asked of the marketplace', async () => {
    const { fetch } = world.ports;
    let metadata: Entity = { push_disabled: true };
    (world.ports as { fetch: unknown }).fetch = async (url: string, init?: RequestInit) =>
      String(url).startsWith('https://api.acme.example/api/v1/account/groups/cld-1')
        ? Response.json({ success: true, errors: {}, data: { object: 'account_group', id: 'cld-1', metadata } })
        : fetch(url, init);
    await world.sharing.updateMetadata(group.instanceId);
    await add('items', 'pot', { name: 'Pot' });
    await world.settle();
    expect(shop.connec.writes()).toEqual([]);
    metadata = { pull_disabled: true };
    await world.sharing.updateMetadata(group.instanceId);
    await world.notify(shop, { items: [shop.connec.put('cld-1', 'items', { name: 'Pan' })] });
    await world.sharing.start(group.instanceId);
    await world.settle();
    expect(
      theirs('items')
        .map(({ name }) => name as string)
        .sort(),
    ).toEqual(['Pan', 'Pot']);
    expect((await ours('items')).map(({ data }) => data.name)).toEqual(['Pot']);
    metadata = {};
    await world.sharing.updateMetadata(group.instanceId);
    await world.sharing.start(group.instanceId);
    await world.settle();
    expect((await ours('items')).map(({ data }) => data.name).sort()).toEqual(['Pan', 'Pot']);
  });
});
