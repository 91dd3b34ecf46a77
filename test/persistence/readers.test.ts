import fc from 'fast-check';
import { type ListName, type ReaderField, readerFields } from '../../src/core/reader-fields.js';
import type { Actor } from '../../src/core/shared/actor.js';
import type { Direction, Filter, Reader } from '../../src/core/shared/reading.js';
import { onEveryDatabase } from '../support/databases.js';
import {
  type Customer,
  makeApplication,
  makeCustomer,
  makeMembership,
  makePlan,
  makeTenant,
  makeUser,
  write,
} from './support/world.js';

const all = Number.MAX_SAFE_INTEGER;
const operator: Actor = { kind: 'operator', userId: 'usr_op', name: 'op', level: 1_000, ceiling: 1_000 };
const adminOf = (tenantId: string): Actor => ({ kind: 'client', clientId: 'c', level: null, tenantId, ceiling: all });
const channelOf = (channelId: string): Actor => ({
  kind: 'serviceAccount',
  serviceAccountId: 'sac_1',
  username: 'x',
  channelId,
  tenantId: null,
  level: null,
});
const memberOf = (userId: string, tenantId: string): Actor => ({
  kind: 'user',
  userId,
  name: 'm',
  grants: [{ tenantId, roles: ['MEMBER'] }],
  ceiling: all,
});
const outsiders: [string, Actor][] = [
  ['anonymous', { kind: 'anonymous' }],
  ['an operator without level', { kind: 'operator', userId: 'u', name: 'o', level: 0, ceiling: all }],
  ['a client without the scope', { kind: 'client', clientId: 'c', level: null, tenantId: 'ten_1', ceiling: 0 }],
];

/** The object of each list that belongs to the customer, as far as commands make one. */
const objectOf = (customer: Customer): Partial<Record<ListName, string>> => ({
  tenants: customer.group.id,
  users: customer.user.id,
  tenantUsers: customer.user.id,
  memberships: customer.membership.id,
  applications: customer.application.id,
  licenseTypes: customer.licenseType.id,
  plans: customer.plan.id,
  instances: customer.instance.id,
  approvals: customer.approval.id,
  licensePools: customer.pool.id,
  licenses: customer.license.id,
  subscriptions: customer.subscription.id,
  charges: customer.charge.id,
  scheduledCommands: customer.scheduledCommand.id,
  channels: customer.channel.id,
  serviceAccounts: customer.serviceAccount.id,
  accountCertificates: customer.accountCertificate.id,
  externalRefs: customer.externalRef.id,
  channelRecords: customer.channelRecord.id,
  webhooks: customer.webhook.id,
  sessions: customer.session.id,
  clients: customer.client.id,
  identityProviders: customer.identityProvider.id,
  serviceLevelGroups: customer.serviceLevelGroup.id,
  serviceLevelAgreements: customer.serviceLevelAgreement.id,
  alarms: customer.alarm.id,
});

const staffOnly: ListName[] = [
  'scheduledCommands',
  'channels',
  'channelTasks',
  'deliveries',
  'requestRecords',
  'alarms',
];
const ofChannel: ListName[] = ['externalRefs'];
const lists = Object.keys(readerFields) as ListName[];

onEveryDatabase('readers', (db) => {
  const reader = (list: ListName) => db.persistence.readers[list] as Reader<{ id: string }>;

  async function two() {
    const [one, other] = [await makeCustomer(db, 'one'), await makeCustomer(db, 'two')];
    const relay = db.persistence.outboxRelay({
      subscribers: [{ name: 's', wants: () => true, deliver: async () => undefined }],
    });
    await relay.drain();
    return { one, other };
  }

  async function idsOf(list: ListName, actor: Actor, filter?: Filter): Promise<string[]> {
    const page = await reader(list).page(actor, { first: 200, ...(filter ? { filter } : {}) });
    return page.nodes.map((node) => node.id);
  }

  async function idsOfAll(list: ListName, customer: Customer): Promise<string> {
    const own = objectOf(customer)[list];
    if (own !== undefined) return own;
    const text: Partial<Record<ListName, string>> = {
      userEmails: 'SELECT id FROM user_emails WHERE user_id = ?',
      accountLogins: 'SELECT id FROM account_logins WHERE service_account_id = ?',
      channelTasks: 'SELECT id FROM channel_tasks WHERE subject_id = ?',
      deliveries: 'SELECT id FROM outbox_deliveries WHERE aggregate_id = ?',
      journal: 'SELECT id FROM journal_entries WHERE object_id = ?',
      usageRecords: 'SELECT id FROM usage_records WHERE tenant_id = ?',
      usageStatistics: 'SELECT id FROM usage_statistics WHERE tenant_id = ?',
    };
    const of = {
      userEmails: customer.user.id,
      accountLogins: customer.serviceAccount.id,
      channelTasks: customer.instance.id,
      deliveries: customer.license.id,
      journal: customer.license.id,
      usageRecords: customer.group.id,
      usageStatistics: customer.group.id,
    };
    const rows = await db.raw.read.all<{ id: string }>(text[list]!, [of[list as 'journal']]);
    return rows[0]!.id;
  }

  describe('show each tenant its own and nothing of another', () => {
    const isolated = lists.filter((list) => list !== 'requestRecords');

    it.each(isolated)('%s', async (list) => {
      const { one, other } = await two();
      const [mine, theirs] = [await idsOfAll(list, one), await idsOfAll(list, other)];
      expect(await reader(list).byIds(operator, [mine, theirs])).toEqual([
        expect.objectContaining({ id: mine }),
        expect.objectContaining({ id: theirs }),
      ]);
      const actor = adminOf(one.tenant.id);
      const visible = !staffOnly.includes(list) && !ofChannel.includes(list);
      const [found, foreign] = await reader(list).byIds(actor, [mine, theirs, 'nonsense', 'é']);
      expect(found?.id).toBe(visible ? mine : undefined);
      expect(foreign).toBeNull();
      const listed = await idsOf(list, actor);
      expect(listed.includes(mine)).toBe(visible);
      expect(listed).not.toContain(theirs);
      expect(await reader(list).count(actor)).toBe(listed.length);
      expect(await reader(list).count(actor, { id: { eq: theirs } })).toBe(0);
      expect(await idsOf(list, actor, { id: { in: [theirs] } })).toEqual([]);
      for (const field of (readerFields[list] as readonly ReaderField[]).filter((one) => one.parent)) {
        const [row] = (await reader(list).byIds(operator, [theirs])) as unknown as Record<string, string>[];
        const parent = row![field.name]!;
        if (typeof parent !== 'string' || parent === '') continue;
        const [page] = await reader(list).pagesByParent(actor, field.name, [parent], { first: 10 });
        expect(page!.nodes.map((node) => node.id)).not.toContain(theirs);
        const seen = (await reader(list).pagesByParent(operator, field.name, [parent, 'none'], { first: 200 }))[0]!;
        expect(seen.nodes.map((node) => node.id)).toContain(theirs);
        const counts = await reader(list).countsByParent(actor, field.name, [parent, 'none']);
        expect(counts).toEqual([page!.nodes.length, 0]);
      }
    });

    it.each(isolated)('%s through a cursor of somebody who sees more', async (list) => {
      const { one, other } = await two();
      const theirs = await idsOfAll(list, other);
      const seen = await reader(list).page(operator, { first: 1 });
      const rest = await reader(list).page(adminOf(one.tenant.id), { first: 200, after: seen.cursors[0]! });
      expect(rest.nodes.map((node) => node.id)).not.toContain(theirs);
    });

    it.each(outsiders)('nothing at all to %s', async (_, actor) => {
      const { one } = await two();
      for (const list of lists) {
        expect(await idsOf(list, actor)).toEqual([]);
        expect(await reader(list).count(actor)).toBe(0);
        if (list !== 'requestRecords')
          expect(await reader(list).byIds(actor, [await idsOfAll(list, one)])).toEqual([null]);
      }
      expect(await db.persistence.readers.journal.after(actor, 0, {}, 10)).toEqual([]);
    });
  });

  it('show a channel what it manages', async () => {
    const { one, other } = await two();
    const actor = channelOf(one.channel.id);
    for (const list of lists) {
      if (list === 'requestRecords') continue;
      const [mine, theirs] = await reader(list).byIds(actor, [await idsOfAll(list, one), await idsOfAll(list, other)]);
      expect(theirs).toBeNull();
      const hidden = [
        ...staffOnly,
        'tenants',
        'serviceAccounts',
        'accountCertificates',
        'accountLogins',
        'webhooks',
        'clients',
        'identityProviders',
        'journal',
        'subscriptions',
        'charges',
      ];
      expect([list, mine !== null]).toEqual([list, !hidden.includes(list)]);
    }
    expect(await idsOf('tenants', actor)).toEqual([one.tenant.id]);
  });

  it('show a channel the applications it manages before anybody has an instance, with their plans', async () => {
    const { one, other } = await two();
    const [own, plan] = await write(db.persistence, async (tx) => {
      const made = await makeApplication(tx, 'registered', one.tenant.id);
      return [await tx.applications.save(made, { channelId: one.channel.id }), await makePlan(tx, made.id, 'flat')];
    });
    const seen = (actor: Actor) =>
      Promise.all([idsOf('applications', actor), idsOf('plans', actor)]).then((ids) =>
        ids.flat().filter((id) => id === own.id || id === plan.id),
      );
    expect(await seen(channelOf(one.channel.id))).toEqual([own.id, plan.id]);
    expect(await seen(channelOf(other.channel.id))).toEqual([]);
  });

  it('show certificates only while they are bound', async () => {
    const { one } = await two();
    const certificate = one.accountCertificate;
    expect(await idsOf('accountCertificates', adminOf(one.tenant.id))).toEqual([certificate.id]);
    await write(db.persistence, (tx) => tx.accountCertificates.save(certificate, { valueHash: certificate.id }));
    for (const actor of [adminOf(one.tenant.id), operator]) {
      expect(await idsOf('accountCertificates', actor)).not.toContain(certificate.id);
    }
  });

  it('show a person themself, and of their tenant what it is and has', async () => {
    const { one, other } = await two();
    const actor = memberOf(one.user.id, one.group.id);
    expect(await idsOf('users', actor)).toEqual([one.user.id]);
    expect(await idsOf('memberships', actor)).toEqual([one.membership.id]);
    expect(await idsOf('licenses', actor)).toEqual([one.license.id]);
    expect(await idsOf('sessions', actor)).toEqual([one.session.id]);
    expect(await idsOf('tenants', actor)).toEqual([one.group.id]);
    expect(await idsOf('instances', actor)).toEqual([one.instance.id]);
    expect(await idsOf('applications', actor)).toEqual([one.application.id]);
    expect(await idsOf('plans', actor)).toEqual([one.plan.id]);
    for (const list of ['licensePools', 'subscriptions', 'charges', 'webhooks', 'journal', 'approvals'] as const) {
      expect(await idsOf(list, actor)).toEqual([]);
    }
    expect(await idsOf('users', memberOf(other.user.id, one.group.id))).toEqual([other.user.id]);
  });

  it('show people only while a membership lives', async () => {
    const { one } = await two();
    await write(db.persistence, (tx) =>
      tx.memberships.save(one.membership, { terminatedAt: tx.now, liveKey: one.membership.id }),
    );
    expect(await idsOf('users', adminOf(one.tenant.id))).toEqual([]);
    expect(await idsOf('memberships', adminOf(one.tenant.id))).toEqual([one.membership.id]);
  });

  it('show applications of others to tenants that hold an instance or a pool, or whose parent does', async () => {
    const { one, other } = await two();
    const ids = async (tenantId: string) =>
      (await idsOf('applications', adminOf(tenantId))).includes(other.application.id);
    expect(await ids(one.group.id)).toBe(false);
    await write(db.persistence, (tx) =>
      tx.licensePools.insert({
        id: tx.ids.next('licensePool'),
        createdAt: tx.now,
        tenantId: one.tenant.id,
        applicationId: other.application.id,
        licenseTypeId: other.licenseType.id,
        instanceId: '',
        parentPoolId: '',
        quantity: 1,
        used: 0,
        oversell: false,
      }),
    );
    expect(await ids(one.tenant.id)).toBe(true);
    expect(await ids(one.group.id)).toBe(true);
    expect(await idsOf('licenseTypes', adminOf(one.group.id))).toContain(other.licenseType.id);
  });

  it('never show secrets', async () => {
    await two();
    const views = await Promise.all(lists.map((list) => reader(list).page(operator, { first: 200 })));
    const text = JSON.stringify(views, (_, value: unknown) => (typeof value === 'bigint' ? String(value) : value));
    for (const word of [
      'argon2id',
      'digest secret',
      'whsec_',
      'idp secret',
      'topsecret',
      'client hash',
      'account hash',
    ]) {
      expect(text).not.toContain(word);
    }
    const [user] = (await reader('users').page(operator, { first: 1 })).nodes;
    expect(user).toMatchObject({ hasPassword: true, mustChangePassword: false, holds: [] });
    const [account] = (await reader('serviceAccounts').page(operator, { first: 1 })).nodes;
    expect(account).toMatchObject({ allowsDigest: true, addresses: ['127.0.0.1/32'] });
    expect((await reader('clients').page(operator, { first: 1 })).nodes[0]).toMatchObject({ confidential: true });
  });

  it('answer every field and operator the lists offer, and refuse every other', async () => {
    await two();
    for (const list of lists) {
      for (const field of readerFields[list] as readonly ReaderField[]) {
        const value = { int: 5, bool: true, money: '5', long: '5' }[field.type as 'int'] ?? 'x';
        const filter = {
          [field.name]: { eq: value, ...(field.type === 'bool' ? {} : { in: [value, value], gte: value, lt: value }) },
        };
        expect(await reader(list).count(operator, filter as Filter)).toEqual(
          field.type === 'bool' ? expect.any(Number) : 0,
        );
        await reader(list).count(operator, { [field.name]: { eq: null } });
        await expect(reader(list).count(operator, { [field.name]: { eq: {} as never } })).rejects.toMatchObject({
          code: 'invalid_value',
        });
        if (!field.orderable) continue;
        const orderBy = { field: field.name, direction: 'DESC' as const };
        const first = await reader(list).page(operator, { first: 1, orderBy });
        if (first.hasNextPage) await reader(list).page(operator, { first: 1, orderBy, after: first.cursors[0]! });
      }
      const bad = { code: 'invalid_value' };
      await expect(reader(list).count(operator, { 'id; DROP TABLE users': { eq: 'x' } })).rejects.toMatchObject(bad);
      await expect(
        reader(list).page(operator, { first: 1, orderBy: { field: '1', direction: 'ASC' } }),
      ).rejects.toMatchObject(bad);
      await expect(reader(list).pagesByParent(operator, 'id', ['x'], { first: 1 })).rejects.toMatchObject(bad);
      for (const first of [0, 201, 1.5])
        await expect(reader(list).page(operator, { first })).rejects.toMatchObject(bad);
    }
  });

  it('filter by beginning with LIKE signs, case and blanks taken as they are', async () => {
    const names = ['100%', '100 %', '100_', '100|', 'Abc', 'abc', 'abcd', 'äb', '日本語'];
    await write(db.persistence, async (tx) => {
      for (const name of names) await makeTenant(tx, name);
    });
    const startingWith = async (startsWith: string) =>
      (await db.persistence.readers.tenants.page(operator, { first: 50, filter: { name: { startsWith } } })).nodes.map(
        (tenant) => tenant.name,
      );
    for (const prefix of ['', '100', '100%', '100_', '100|', '100 ', 'a', 'A', 'abc', 'abc ', 'ä', '日', '%', "'"]) {
      expect([prefix, await startingWith(prefix)]).toEqual([prefix, names.filter((name) => name.startsWith(prefix))]);
    }
    const equal = (eq: string) => db.persistence.readers.tenants.count(operator, { name: { eq } });
    expect([await equal('abc'), await equal('abc '), await equal('ABC')]).toEqual([1, 0, 0]);
    expect(await db.persistence.readers.tenants.count(operator, { parentId: { eq: 'é' } })).toBe(0);
  });

  it('bind cursors to list, ordering, filter and place, and see through forged ones', async () => {
    await write(db.persistence, async (tx) => {
      for (const name of ['a', 'b', 'c']) await makeTenant(tx, name);
    });
    const { tenants, users } = db.persistence.readers;
    const { cursors } = await tenants.page(operator, { first: 1 });
    const after = cursors[0]!;
    expect((await tenants.page(operator, { first: 5, after })).nodes).toHaveLength(2);
    const refused = { code: 'invalid_cursor' };
    const flipped = `${after[0] === 'A' ? 'B' : 'A'}${after.slice(1)}`;
    for (const forged of ['', 'x', flipped, `${after}AA`, after.slice(0, 40)]) {
      await expect(tenants.page(operator, { first: 1, after: forged })).rejects.toMatchObject(refused);
    }
    await expect(users.page(operator, { first: 1, after })).rejects.toMatchObject(refused);
    const orderBy = { field: 'name', direction: 'ASC' as Direction };
    await expect(tenants.page(operator, { first: 1, after, orderBy })).rejects.toMatchObject(refused);
    await expect(tenants.page(operator, { first: 1, after, filter: { name: { eq: 'a' } } })).rejects.toMatchObject(
      refused,
    );
    await expect(tenants.pagesByParent(operator, 'parentId', [''], { first: 1, after })).rejects.toMatchObject(refused);
  });

  it('cut pages per parent in one go, each with its own end', async () => {
    const parents = await write(db.persistence, async (tx) => {
      const made = [];
      for (const name of ['p0', 'p1', 'p2']) made.push(await makeTenant(tx, name));
      for (let at = 0; at < 4; at += 1) {
        const user = await makeUser(tx, `u${at}`);
        for (const parent of made.slice(0, at % 2 ? 2 : 1)) await makeMembership(tx, user.id, parent.id);
      }
      return made.map((tenant) => tenant.id);
    });
    const request = { first: 2, orderBy: { field: 'id', direction: 'DESC' as Direction } };
    const pages = await db.persistence.readers.memberships.pagesByParent(operator, 'tenantId', parents, request);
    expect(pages.map((page) => [page.nodes.length, page.hasNextPage])).toEqual([
      [2, true],
      [2, false],
      [0, false],
    ]);
    expect(await db.persistence.readers.memberships.countsByParent(operator, 'tenantId', parents)).toEqual([4, 2, 0]);
    for (const [at, id] of parents.entries()) {
      const [single] = await db.persistence.readers.memberships.pagesByParent(operator, 'tenantId', [id], request);
      expect(single!.nodes).toEqual(pages[at]!.nodes);
      const after = pages[at]!.cursors.at(-1);
      if (after === undefined) continue;
      const [next] = await db.persistence.readers.memberships.pagesByParent(operator, 'tenantId', [id], {
        ...request,
        after,
      });
      expect(next!.nodes).toHaveLength(at === 0 ? 2 : 0);
      expect(next!.hasPreviousPage).toBe(true);
    }
  });

  it('page through any data in any order to exactly the whole list', async () => {
    const text = fc.constantFrom('', 'a', 'A', 'ab', 'ä', '日', '😀', 'z z');
    const row = fc.record({ name: text, key: fc.option(fc.nat(999)), terminated: fc.boolean() });
    const ordering = fc.record({
      field: fc.constantFrom('id', 'createdAt', 'name', 'key', 'terminatedAt', 'country'),
      direction: fc.constantFrom<Direction>('ASC', 'DESC'),
    });
    await fc.assert(
      fc.asyncProperty(
        fc.array(row, { maxLength: 12 }),
        ordering,
        fc.integer({ min: 1, max: 5 }),
        async (rows, orderBy, first) => {
          await db.raw.execute('DELETE FROM tenants');
          await db.raw.execute('DELETE FROM tenant_paths');
          await db.raw.execute('DELETE FROM active_spans');
          const made = await write(db.persistence, async (tx) => {
            const tenants = [];
            for (const [at, { name, key, terminated }] of rows.entries()) {
              const tenant = await makeTenant(tx, name);
              const change = {
                key: key === null ? null : `k${key}.${at}`,
                terminatedAt: terminated ? `t${at % 3}` : null,
              };
              tenants.push(await tx.tenants.save(tenant, change));
            }
            return tenants;
          });
          const paged: string[] = [];
          for (let after: string | null = null; ; ) {
            const page = await db.persistence.readers.tenants.page(operator, { first, orderBy, after });
            paged.push(...page.nodes.map((tenant) => tenant.id));
            if (!page.hasNextPage) break;
            after = page.cursors.at(-1)!;
          }
          const value = (tenant: (typeof made)[number]) => tenant[orderBy.field as 'name'] as string | null;
          const sign = orderBy.direction === 'ASC' ? 1 : -1;
          const compare = (a: string, b: string) => Buffer.compare(Buffer.from(a), Buffer.from(b)) * sign;
          const expected = [...made].sort((a, b) => {
            const [x, y] = [value(a), value(b)];
            if (x !== y) return x === null ? 1 : y === null ? -1 : compare(x, y);
            return compare(a.id, b.id);
          });
          expect(paged).toEqual(expected.map((tenant) => tenant.id));
        },
      ),
      { numRuns: 40 },
    );
  });
});
