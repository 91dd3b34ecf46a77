import { bestChain, usabilityOf } from '../../src/core/access/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { day, minute, shift } from '../../src/core/shared/clock.js';
import type { Hold } from '../../src/core/shared/lifecycle.js';
import { onEveryDatabase } from '../support/databases.js';
import {
  type Customer,
  makeApplication,
  makeCustomer,
  makeInstance,
  makeLicense,
  makeLicenseType,
  makeMembership,
  makePool,
  makeSubscription,
  makeTenant,
  makeUser,
  system,
  write,
} from './support/world.js';

const hold = (tx: Unit): Hold => ({ authority: 'operator', channelId: '', by: 'x', at: tx.now });

onEveryDatabase('the tenant tree', (db) => {
  it('knows lineage, descendants and what is within', async () => {
    await write(db.persistence, async (tx) => {
      const root = await makeTenant(tx, 'root');
      const middle = await makeTenant(tx, 'middle', root.id);
      const leaf = await makeTenant(tx, 'leaf', middle.id);
      const other = await makeTenant(tx, 'other');
      expect(await tx.tenantTree.lineage(leaf.id)).toEqual([leaf, middle, root]);
      expect((await tx.tenantTree.descendants(root.id)).sort()).toEqual([root.id, middle.id, leaf.id].sort());
      expect(await tx.tenantTree.isWithin(leaf.id, [other.id, root.id])).toBe(true);
      expect(await tx.tenantTree.isWithin(leaf.id, [leaf.id])).toBe(true);
      expect(await tx.tenantTree.isWithin(root.id, [leaf.id, middle.id, other.id])).toBe(false);
      expect(await tx.tenantTree.isWithin(leaf.id, [])).toBe(false);
    });
  });

  it('is at most 16 levels deep', async () => {
    const growing = write(db.persistence, async (tx) => {
      let parent = '';
      for (let level = 1; level <= 16; level += 1) parent = (await makeTenant(tx, `l${level}`, parent)).id;
      await expect(makeTenant(tx, 'too deep', parent)).rejects.toMatchObject({ code: 'invalid_value' });
    });
    await growing;
  });
});

onEveryDatabase('chains', (db) => {
  const load = (c: Customer, instanceId = c.instance.id) =>
    db.persistence.readers.chains.load({ userId: c.user.id, applicationId: c.application.id, instanceId });
  const reason = async (c: Customer, instanceId?: string) => {
    const best = bestChain(await load(c, instanceId));
    return best === undefined ? 'none' : best.usability.usable ? 'usable' : best.usability.reason;
  };

  it('carry every link of a person who may use an instance', async () => {
    const c = await makeCustomer(db, 'acme');
    const [chain, ...rest] = await load(c);
    expect(rest).toEqual([]);
    expect(chain).toMatchObject({
      applicationId: c.application.id,
      tenantId: c.group.id,
      ownerTenant: { activated: true, holds: [], locked: false, pending: '', terminatedAt: null },
      instance: { id: c.instance.id, activated: true },
      subscription: { status: 'ACTIVE' },
      membership: { id: c.membership.id, roles: ['MEMBER'] },
      licenseTypes: ['seat'],
    });
    expect(chain!.lineage).toHaveLength(2);
    expect(usabilityOf(chain!)).toEqual({ usable: true });
    expect(await load(c, '')).toEqual([chain]);
    expect(await db.persistence.readers.chainsOfUser.load(c.user.id)).toEqual([chain]);
    const inUnit = await write(db.persistence, (tx) =>
      tx.chains.load({ userId: c.user.id, applicationId: c.application.id, instanceId: c.instance.id }),
    );
    expect(inUnit).toEqual([chain]);
  });

  it('are none for strangers and for other applications', async () => {
    const [c, other] = [await makeCustomer(db, 'acme'), await makeCustomer(db, 'other')];
    expect(await load({ ...c, user: other.user })).toEqual([]);
    expect(await load(c, other.instance.id)).toEqual([]);
    expect(await load({ ...c, application: other.application }, '')).toEqual([]);
  });

  it.each<[string, (tx: Unit, c: Customer) => Promise<unknown>]>([
    ['ownerTenant', (tx, c) => tx.tenants.save(c.tenant, { locked: true })],
    ['application', (tx, c) => tx.applications.save(c.application, { holds: [hold(tx)] })],
    ['tenant', (tx, c) => tx.tenants.save(c.group, { holds: [hold(tx)] })],
    ['instance', (tx, c) => tx.instances.save(c.instance, { activated: false })],
    ['instance', (tx, c) => tx.instances.save(c.instance, { terminatedAt: tx.now })],
    ['subscription', (tx, c) => tx.subscriptions.save(c.subscription, { status: 'SUSPENDED' })],
    ['user', (tx, c) => tx.users.save(c.user, { holds: [hold(tx)] })],
    ['membership', (tx, c) => tx.memberships.save(c.membership, { holds: [hold(tx)] })],
    ['membership', (tx, c) => tx.memberships.save(c.membership, { terminatedAt: tx.now, liveKey: c.membership.id })],
    ['license', (tx, c) => tx.licenses.save(c.license, { releasedAt: tx.now, liveKey: c.license.id })],
  ])('fail at the %s', async (link, change) => {
    const c = await makeCustomer(db, 'acme');
    await write(db.persistence, (tx) => change(tx, c));
    expect(await reason(c)).toBe(link);
  });

  it('let the membership of the instance decide over the one of the tenant while both live', async () => {
    const c = await makeCustomer(db, 'acme');
    const wide = await write(db.persistence, (tx) => makeMembership(tx, c.user.id, c.group.id));
    expect((await load(c))[0]!.membership.id).toBe(c.membership.id);
    await write(db.persistence, (tx) => tx.memberships.save(c.membership, { holds: [hold(tx)] }));
    expect(await reason(c)).toBe('membership');
    await write(db.persistence, async (tx) => {
      const held = (await tx.memberships.find(c.membership.id))!;
      await tx.memberships.save(held, { terminatedAt: tx.now, liveKey: held.id });
    });
    expect((await load(c))[0]!.membership.id).toBe(wide.id);
    expect(await reason(c)).toBe('usable');
  });

  it('do not walk around a stopped instance, but past an ended one', async () => {
    const c = await makeCustomer(db, 'acme');
    const place = { tenantId: c.group.id, applicationId: c.application.id, licenseTypeId: c.licenseType.id };
    await write(db.persistence, async (tx) => {
      await makeMembership(tx, c.user.id, c.group.id);
      const pool = await makePool(tx, place, 5);
      await makeLicense(tx, pool.id, c.user.id, place);
      await tx.instances.save(c.instance, { holds: [hold(tx)] });
    });
    expect(await reason(c, '')).toBe('instance');
    await write(db.persistence, async (tx) => {
      const held = (await tx.instances.find(c.instance.id))!;
      await tx.instances.save(held, { terminatedAt: tx.now });
    });
    expect(await load(c, '')).toMatchObject([{ instance: null, licenseTypes: ['seat'] }]);
  });

  it('of several instances hold one each, and licenses without instance count for the tenant they are of', async () => {
    const c = await makeCustomer(db, 'acme');
    const other = await write(db.persistence, async (tx) => {
      await makeMembership(tx, c.user.id, c.group.id);
      return makeInstance(tx, c.group.id, c.application.id);
    });
    const chains = await load(c, '');
    expect(chains.map((chain) => [chain.instance?.id, chain.licenseTypes])).toEqual([
      [c.instance.id, ['seat']],
      [other.id, []],
    ]);
    expect(await reason(c, other.id)).toBe('license');
  });

  it('prefer a running subscription to an ended one', async () => {
    const c = await makeCustomer(db, 'acme');
    await write(db.persistence, (tx) => tx.subscriptions.save(c.subscription, { status: 'ENDED', endedAt: tx.now }));
    expect(await reason(c)).toBe('subscription');
    await write(db.persistence, (tx) => makeSubscription(tx, c.group.id, c.application.id, c.instance.id, c.plan.id));
    expect(await reason(c)).toBe('usable');
  });
});

onEveryDatabase('active spans and license usage', (db) => {
  const usage = (c: Customer, at = db.clock.now()) => db.persistence.readers.licenseUsage.of(c.instance.id, at);
  const spans = (objectId: string) =>
    db.raw.read.all('SELECT started_at AS s, ended_at AS e FROM active_spans WHERE object_id = ? ORDER BY id', [
      objectId,
    ]);

  it('follow every change of whether a row is active, and telling it twice changes nothing', async () => {
    const began = db.clock.now();
    const user = await write(db.persistence, (tx) => makeUser(tx, 'ann'));
    db.clock.advance(day);
    const stopped = db.clock.now();
    const held = await write(db.persistence, (tx) => tx.users.save(user, { holds: [hold(tx)] }));
    await write(db.persistence, (tx) => tx.activeSpans.record('user', user.id, false));
    db.clock.advance(day);
    await write(db.persistence, async (tx) => {
      await tx.users.save(held, { holds: [] });
      await tx.activeSpans.record('user', user.id, true);
    });
    expect(await spans(user.id)).toEqual([
      { s: began, e: stopped },
      { s: db.clock.now(), e: null },
    ]);
  });

  it('tell what was bought, held and billable at any instant', async () => {
    const c = await makeCustomer(db, 'acme');
    const line = { licenseTypeId: c.licenseType.id, code: 'seat' };
    const first = db.clock.now();
    expect(await usage(c)).toEqual([{ ...line, purchased: 5, assigned: 1, billable: 1 }]);
    expect(await usage(c, shift(first, -1))).toEqual([{ ...line, purchased: 0, assigned: 0, billable: 0 }]);
    db.clock.advance(day);
    await write(db.persistence, async (tx) => {
      await tx.poolChanges.insert({ id: tx.ids.next('poolChange'), poolId: c.pool.id, at: tx.now, quantity: 8 });
      await tx.memberships.save(c.membership, { holds: [hold(tx)] });
    });
    expect(await usage(c)).toEqual([{ ...line, purchased: 8, assigned: 1, billable: 0 }]);
    expect(await usage(c, shift(db.clock.now(), -1))).toEqual([{ ...line, purchased: 5, assigned: 1, billable: 1 }]);
    db.clock.advance(day);
    await write(db.persistence, (tx) => tx.licenses.save(c.license, { releasedAt: tx.now, liveKey: c.license.id }));
    expect(await usage(c)).toEqual([{ ...line, purchased: 8, assigned: 0, billable: 0 }]);
    expect(await usage(c, first)).toEqual([{ ...line, purchased: 5, assigned: 1, billable: 1 }]);
    expect(await db.persistence.readers.licenseUsage.of('ins_none', first)).toEqual([]);
  });

  it.each<[string, (tx: Unit, c: Customer) => Promise<unknown>]>([
    ['the owner', (tx, c) => tx.tenants.save(c.tenant, { locked: true })],
    ['the application', (tx, c) => tx.applications.save(c.application, { holds: [hold(tx)] })],
    ['the tenant', (tx, c) => tx.tenants.save(c.group, { holds: [hold(tx)] })],
    ['the instance', (tx, c) => tx.instances.save(c.instance, { holds: [hold(tx)] })],
    ['the subscription', (tx, c) => tx.subscriptions.save(c.subscription, { status: 'SUSPENDED' })],
    ['the user', (tx, c) => tx.users.save(c.user, { holds: [hold(tx)] })],
    ['the trial', (tx, c) => tx.subscriptions.save(c.subscription, { trialEndsAt: shift(tx.now, minute) })],
  ])('bill nobody while %s says no', async (_, change) => {
    const c = await makeCustomer(db, 'acme');
    await write(db.persistence, (tx) => change(tx, c));
    expect((await usage(c))[0]).toMatchObject({ assigned: 1, billable: 0 });
  });

  it('bill from the instant the trial ends', async () => {
    const c = await makeCustomer(db, 'acme');
    const ends = shift(db.clock.now(), minute);
    await write(db.persistence, (tx) => tx.subscriptions.save(c.subscription, { trialEndsAt: ends }));
    expect((await usage(c, shift(ends, -1)))[0]!.billable).toBe(0);
    expect((await usage(c, ends))[0]!.billable).toBe(1);
  });
});

onEveryDatabase('what a channel manages', (db) => {
  it('is found under its own ids, live or ended', async () => {
    const [c] = [await makeCustomer(db, 'acme'), await makeCustomer(db, 'other')];
    const { managed } = db.persistence.readers;
    expect(await managed.instance(c.channel.id, 'acme-realm')).toMatchObject({
      id: c.instance.id,
      tenantId: c.group.id,
      applicationKey: 'acme-app',
      live: true,
      terminatedAt: null,
      parameters: { color: 'blue' },
      quantities: [{ code: 'seat', quantity: 5 }],
    });
    for (const unknown of ['ACME-realm', 'acme-realm ', 'other-realm']) {
      expect(await managed.instance(c.channel.id, unknown)).toBeNull();
    }
    expect(await managed.instances(c.channel.id, { offset: 0, limit: 10 })).toMatchObject({
      total: 1,
      nodes: [{ id: c.instance.id }],
    });
    expect(await managed.instances(c.channel.id, { offset: 1, limit: 10 })).toMatchObject({ total: 1, nodes: [] });
    expect(await managed.member(c.channel.id, 'acme-realm', 'acme-uid')).toEqual({
      instance: { id: c.instance.id, tenantExternalId: expect.any(String), terminatedAt: null, live: true },
      member: expect.objectContaining({ userId: c.user.id, live: true, licenseTypes: ['seat'] }),
    });
    expect(await managed.member(c.channel.id, 'acme-realm', 'other-uid')).toMatchObject({ member: null });
    for (const unknown of ['acme-uid ', '日本']) {
      expect((await managed.member(c.channel.id, 'acme-realm', unknown))?.member).toBeNull();
      expect(await managed.member(c.channel.id, unknown, 'acme-uid')).toBeNull();
    }
    expect(await managed.member(c.channel.id, 'other-realm', 'other-uid')).toBeNull();
    await write(db.persistence, async (tx) => {
      await tx.tenants.save(c.group, { holds: [hold(tx)] });
      await tx.memberships.save(c.membership, { terminatedAt: tx.now, liveKey: c.membership.id });
    });
    expect((await managed.instance(c.channel.id, 'acme-realm'))?.live).toBe(false);
    expect(await managed.member(c.channel.id, 'acme-realm', 'acme-uid')).toMatchObject({
      instance: { live: false },
      member: { live: false, licenseTypes: ['seat'] },
    });
    expect(await managed.members(c.channel.id, c.instance.id, { offset: 0, limit: 10 })).toEqual({
      total: 0,
      nodes: [],
    });
  });
});

onEveryDatabase('scheduled commands', (db) => {
  it('are claimed oldest first, each by one of two workers', async () => {
    const c = await makeCustomer(db, 'acme');
    const other = await db.open();
    await write(db.persistence, async (tx) => {
      for (const minutes of [3, 1, 2]) {
        const dueAt = shift(tx.now, minutes * minute);
        await tx.scheduledCommands.insert({ ...c.scheduledCommand, id: tx.ids.next('scheduledCommand'), dueAt });
      }
      await tx.scheduledCommands.save(c.scheduledCommand, { doneAt: tx.now });
    });
    const claim = (persistence: typeof other) =>
      write(persistence, async (tx) => {
        const due = await tx.scheduledCommands.claimDue(tx.now);
        if (due) await tx.scheduledCommands.save(due, { doneAt: tx.now });
        return due?.dueAt;
      });
    expect(await claim(other)).toBeUndefined();
    const start = db.clock.now();
    db.clock.advance(2 * minute);
    const claimed = await Promise.all([claim(db.persistence), claim(other)]);
    expect(claimed.sort()).toEqual([shift(start, minute), shift(start, 2 * minute)]);
    expect(await claim(other)).toBeUndefined();
  });
});

onEveryDatabase('people of tenants', (db) => {
  it('are each there once per tenant', async () => {
    const c = await makeCustomer(db, 'acme');
    await write(db.persistence, async (tx) => {
      await makeMembership(tx, c.user.id, c.group.id);
      await makeApplication(tx, 'spare');
      await makeLicenseType(tx, c.application.id, 'second', 1);
    });
    const ids = [c.group.id, c.tenant.id];
    const pages = await db.persistence.readers.tenantUsers.pagesByParent(system, 'tenantId', ids, { first: 5 });
    expect(pages.map((page) => page.nodes.map((user) => user.id))).toEqual([[c.user.id], []]);
    expect(await db.persistence.readers.tenantUsers.countsByParent(system, 'tenantId', ids)).toEqual([1, 0]);
  });
});
