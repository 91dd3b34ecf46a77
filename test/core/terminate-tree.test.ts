import { setPoolQuantity } from '../../src/core/licensing/index.js';
import { configureChannel, findExternalRef } from '../../src/core/marketplace/index.js';
import { provisionInstance, terminateObject, terminateTenantTree } from '../../src/core/provisioning/index.js';
import { DomainError } from '../../src/core/shared/errors.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { findHalves } from '../support/integrity.js';
import { account, member, operator, outcome, perform, system } from './support/hub.js';
import { pictureOf } from './support/picture.js';
import { enroll, type Ground, growTree, makeGround, type Tree } from './support/tenant-tree.js';

onEveryDatabase('a tenant tree that ends', (db) => {
  let ground: Ground;
  let tree: Tree;
  beforeEach(async () => {
    ground = await makeGround(db);
    tree = await growTree(db, ground, 'tree');
  });

  const end = (id: string, actor = system, expectedVersion?: number) =>
    perform(db, actor, (tx) => terminateTenantTree(tx, { id, expectedVersion: expectedVersion ?? null }));
  const counters = async () => (await findHalves(db.raw)).filter((line) => line.startsWith('the counter'));

  it('leaves what ending each tenant by itself leaves, row by row, event by event', async () => {
    const twin = await growTree(db, ground, 'twin');
    expect(await pictureOf(db, twin)).toEqual(await pictureOf(db, tree));
    for (const id of twin.deepestFirst) {
      await perform(db, system, (tx) => terminateObject(tx, { kind: 'tenant', id }));
    }
    expect((await end(tree.reseller.id)).terminatedAt).toBe(db.clock.now());
    const [one, other] = [await pictureOf(db, tree), await pictureOf(db, twin)];
    expect(one.rows).toEqual(other.rows);
    expect(one.events).toEqual(other.events);
    expect(one.journal).toEqual(other.journal);
    expect(one.revocations).toEqual(other.revocations);
    expect(await counters()).toEqual([]);
  });

  it('leaves nothing alive', async () => {
    await end(tree.reseller.id);
    const { rows } = await pictureOf(db, tree);
    const live = (table: string) => rows[table]!.filter((row) => row.live_key === '0');
    for (const table of [
      'memberships',
      'licenses',
      'channel_records',
      'service_accounts',
      'service_level_agreements',
    ]) {
      const ofVisitor = table === 'memberships' ? 2 : 0; // the visitor's, and the guest's at the provider
      expect({ table, live: live(table).length, all: rows[table]!.length > 0 }).toEqual({
        table,
        live: ofVisitor,
        all: true,
      });
    }
    for (const table of ['tenants', 'instances', 'applications']) {
      expect(rows[table]!.filter((row) => row.terminated_at === null)).toEqual([]);
    }
    expect(rows.subscriptions!.filter((row) => row.status !== 'ENDED')).toEqual([]);
    expect(rows.approvals!.map((row) => row.status)).toEqual(['WITHDRAWN', 'WITHDRAWN']);
    expect(rows.alarms!.map((row) => row.cleared_at !== null)).toEqual([true, true]);
    expect(rows.license_pools!.filter((row) => row.instance_id === '').map((row) => [row.quantity, row.used])).toEqual(
      Array.from({ length: 4 }, () => [0, 0]),
    );
    expect(rows.sessions!.filter((row) => row.state !== 'ENDED')).toHaveLength(1); // the visitor's own
    expect(rows.client_sessions!.filter((row) => row.ended_at === null)).toHaveLength(1); // in the hub's application
    expect(rows.login_tokens!.filter((row) => row.used_at === null)).toEqual([]);
    await perform(db, system, async (tx) => {
      const pool = await tx.licensePools.findMany({ tenantId: ground.provider.id });
      expect(pool.map(({ quantity, used }) => [quantity, used])).toEqual([[100, 0]]);
    });

    // ids are free, but not of whoever still has a place on the channel
    const { channel, provider } = ground;
    await perform(db, system, async (tx) => {
      const find = (kind: 'tenant' | 'user', parentId: string, id: string) =>
        findExternalRef(tx, { channelId: channel.id, kind, parentId, externalId: `tree-${id}` });
      expect(await find('tenant', provider.id, tree.reseller.id)).toBeUndefined();
      expect(await find('tenant', tree.reseller.id, tree.group.id)).toBeUndefined();
      expect(await find('user', provider.id, tree.seated.user.id)).toBeUndefined();
      expect(await find('user', provider.id, tree.guest.user.id)).toBeDefined();
    });
  });

  it('passes over what has ended before, and ends once', async () => {
    await perform(db, system, (tx) => terminateObject(tx, { kind: 'tenant', id: tree.group.id }));
    await end(tree.reseller.id);
    expect(await outcome(end(tree.reseller.id))).toBe('terminated');
    const events = await db.raw.read.all(`SELECT id FROM outbox_events WHERE event_type = 'tenant.terminated'`);
    expect(events).toHaveLength(5);
  });

  describe('stays whole, to the last row,', () => {
    const untouched = async (attempt: () => Promise<unknown>, code: string) => {
      const before = await pictureOf(db, tree);
      expect(await outcome(attempt())).toBe(code);
      expect(await pictureOf(db, tree)).toEqual(before);
    };

    it('when it changed meanwhile, the unit fails later, or an application of it is used elsewhere', async () => {
      const { id, version } = tree.reseller;
      await untouched(() => end(id, system, version + 7), 'version_conflict');
      const failing = () =>
        perform(db, system, async (tx) => {
          await terminateTenantTree(tx, { id });
          throw new DomainError('pool_exhausted', {});
        });
      await untouched(failing, 'pool_exhausted');
      const { instance } = await perform(db, system, (tx) =>
        provisionInstance(tx, { tenantId: ground.elsewhere.id, applicationId: ground.application.id }),
      );
      await db.raw.execute('UPDATE instances SET application_id = ? WHERE id = ?', [tree.own.id, instance.id]);
      await untouched(() => end(id), 'in_use');
    });

    it('for whoever may not end all of it', async () => {
      const { id } = tree.reseller;
      await untouched(() => end(id, member(id, ['MEMBER'])), 'forbidden');
      await untouched(() => end(id, member(tree.group.id, ['ADMIN'])), 'not_found');
      await untouched(() => end(id, account(ground.carrier.id)), 'not_found');
      await untouched(() => end(id, operator(666)), 'forbidden');
    });

    it('for a channel, when an instance or a tenant below is not of it, or the operator approves what ends', async () => {
      const { channel, carrier, application } = ground;
      const ofChannel = () => end(tree.reseller.id, account(channel.id));
      const foreign = await perform(db, system, (tx) =>
        provisionInstance(tx, { tenantId: tree.office.id, applicationId: application.id, channelId: carrier.id }),
      );
      await untouched(ofChannel, 'not_found');
      await perform(db, system, (tx) => terminateObject(tx, { kind: 'instance', id: foreign.instance.id }));
      const { asks } = await perform(db, system, async (tx) => {
        const prm = await configureChannel(tx, { name: 'prm', protocol: 'prm', settings: {} });
        const place = { kind: 'group', parentId: tree.customer.id } as const;
        await createTenant(tx, { ...place, name: 'Own' });
        return { asks: await createTenant(tx, { ...place, name: 'Asks', channelId: prm.id }) };
      });
      await untouched(() => end(tree.reseller.id, member(tree.reseller.id, ['OWNER'])), 'forbidden');
      await perform(db, system, (tx) => terminateObject(tx, { kind: 'tenant', id: asks.id }));
      await untouched(ofChannel, 'not_found');
    });
  });

  it('may be ended by the administrators above, its channel and the account of a tenant above', async () => {
    expect(await outcome(end(tree.group.id, member(tree.group.id, ['ADMIN'])))).toBe('forbidden');
    expect(await outcome(end(tree.group.id, account(ground.channel.id, tree.group.id)))).toBe('forbidden');
    expect(await outcome(end(tree.group.id, member(tree.reseller.id, ['ADMIN'])))).toBe('done');
    expect(await outcome(end(tree.customer.id, account(ground.channel.id)))).toBe('done');
    expect(await outcome(end(tree.reseller.id, account(ground.channel.id, ground.provider.id)))).toBe('done');
  });

  it('keeps out whoever comes while it ends: nothing is alive below it afterwards', async () => {
    const places = [tree.reseller.id, tree.group.id, tree.full.id, tree.office.id];
    const answers: string[] = [];
    let ended = false;
    const adders = Array.from({ length: 10 }, async (_, n) => {
      for (let round = 0; ; round += 1) {
        const last = ended;
        const tenantId = places[(n + round) % places.length]!;
        const add = await outcome(
          perform(db, system, async (tx) => {
            if (n % 3 === 0) return createTenant(tx, { kind: 'group', name: 'New', parentId: tree.reseller.id });
            if (n % 3 === 1)
              return setPoolQuantity(tx, { tenantId, licenseTypeId: ground.seat.id, quantity: 5 + round });
            return enroll(tx, ground, tenantId);
          }),
        );
        answers.push(add);
        if (last) return add;
      }
    });
    await end(tree.reseller.id);
    ended = true;
    expect(new Set(await Promise.all(adders))).toEqual(new Set(['terminated']));
    expect(answers).toContain('done');
    const wanted = ['done', 'terminated', 'pool_exhausted', 'quantity_below_use'];
    expect(answers.filter((code) => !wanted.includes(code))).toEqual([]);
    const below = `(SELECT descendant_id FROM tenant_paths WHERE ancestor_id = '${tree.reseller.id}')`;
    for (const [table, column] of [
      ['memberships', 'tenant_id'],
      ['licenses', 'tenant_id'],
      ['tenants', 'id'],
    ]) {
      const live = table === 'tenants' ? 'terminated_at IS NULL' : "live_key = '0'";
      expect(await db.raw.read.all(`SELECT id FROM ${table} WHERE ${column} IN ${below} AND ${live}`)).toEqual([]);
    }
    expect(await counters()).toEqual([]);
  });
});
