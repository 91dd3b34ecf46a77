import { defineApplication } from '../../src/core/catalog/index.js';
import {
  addMembership,
  completeLogin,
  createUser,
  disableMembership,
  registerClient,
  startSession,
} from '../../src/core/identity/index.js';
import { assignLicense, setPoolQuantity } from '../../src/core/licensing/index.js';
import {
  cancelGroup,
  cancelGroupMember,
  disableObject,
  provisionInstance,
  terminateObject,
} from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { day } from '../../src/core/shared/clock.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { findHalves } from '../support/integrity.js';
import { operator, outcome, perform, system } from './support/hub.js';
import { countAll, eventsOf, makeShop, type Shop, watched } from './support/launch.js';

onEveryDatabase('what a marketplace cancels', (db) => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await makeShop(db);
    await perform(db, system, (tx) =>
      registerClient(tx, {
        clientId: 'crm-app',
        secretHash: 'hash',
        grantTypes: ['authorization_code'],
        scopes: ['openid'],
        redirectUris: ['https://crm.example/callback'],
        applicationId: shop.application.id,
        backchannelLogoutUri: 'https://crm.example/logout',
      }),
    );
  });

  const cancel = (groupUid = 'cld-1', channelId = shop.channel.id) =>
    shop.ask((tx) => cancelGroup(tx, { channelId, groupUid }), channelId);
  const remove = (userUid: string, groupUid = 'cld-1', channelId = shop.channel.id) =>
    shop.ask((tx) => cancelGroupMember(tx, { channelId, groupUid, userUid }), channelId);

  /** Signed in at the hub and at the application. */
  const signIn = async (change: Parameters<Shop['signOn']>[0] = {}) => {
    const login = await shop.signOn(change);
    const { session } = await shop.enter(login);
    const client = { clientId: 'crm-app', applicationId: shop.application.id, instanceId: '' };
    const signedIn = await perform(db, system, (tx) => completeLogin(tx, { sessionId: session.id, client }));
    expect(signedIn).toMatchObject({ allowed: true, instanceId: login.instanceId });
    return { ...login, sessionId: session.id };
  };
  const stateOf = async (sessionId: string) => (await shop.look((tx) => tx.sessions.find(sessionId)))!.state;
  const bob = { userUid: 'usr-2', email: 'bob@doe.example', givenName: 'Bob' } as const;
  const placesOf = (userId: string) => shop.look((tx) => tx.memberships.findMany({ userId, liveKey: '0' }));

  describe('a group', () => {
    it('ends with everything in it, and nothing of other groups', async () => {
      const ada = await signIn({ role: 'Super Admin' });
      const there = await signIn({ groupUid: 'cld-2' });
      const two = await signIn(bob);
      expect(await cancel()).toEqual({ instanceId: ada.instanceId, tenantId: ada.tenantId });
      await shop.look(async (tx) => {
        expect((await tx.tenants.find(ada.tenantId))!.terminatedAt).toBe(db.clock.now());
        expect((await tx.instances.find(ada.instanceId))!.terminatedAt).toBe(db.clock.now());
        expect(await tx.subscriptions.findMany({ instanceId: ada.instanceId })).toMatchObject([
          { status: 'ENDED', endedAt: db.clock.now() },
        ]);
        const charges = await tx.charges.findMany({ instanceId: ada.instanceId });
        expect(charges.filter(({ status }) => status === 'DUE' || status === 'SUBMITTED')).toEqual([]);
        expect(await tx.licensePools.findMany({ instanceId: ada.instanceId })).toMatchObject([
          { quantity: 0, used: 0 },
        ]);
        expect(await tx.channelRecords.findMany({ parentId: ada.instanceId, liveKey: '0' })).toEqual([]);
        expect((await tx.users.find(two.userId))!.terminatedAt).toBeNull();
      });
      expect([await stateOf(ada.sessionId), await stateOf(two.sessionId), await stateOf(there.sessionId)]).toEqual([
        'ENDED',
        'ENDED',
        'ACTIVE',
      ]);
      const told = await eventsOf(db, 'session.ended');
      expect(told.map(({ userId }) => userId).sort()).toEqual([ada.userId, two.userId].sort());
      expect((await placesOf(ada.userId)).map(({ tenantId }) => tenantId)).toEqual([there.tenantId]);
      expect(await placesOf(two.userId)).toEqual([]);
      expect(await findHalves(db.raw)).toEqual([]);
    });

    it('ends once, and unknown ones are nothing', async () => {
      await shop.signOn();
      await cancel();
      const journal = 'SELECT COUNT(*) AS n FROM journal_entries';
      const before = await db.raw.read.all(journal);
      const nothing = { instanceId: '', tenantId: '' };
      expect(await cancel()).toEqual(nothing);
      expect(await cancel('cld-unknown')).toEqual(nothing);
      expect(await cancel('cld-1', shop.other.id)).toEqual(nothing);
      expect(await remove('usr-1')).toHaveLength(1);
      expect(await db.raw.read.all(journal)).toEqual(before);
      const named = { channelId: shop.channel.id, groupUid: 'cld-1' };
      const asOther = (work: (tx: Unit) => Promise<unknown>) => outcome(shop.ask(work, shop.other.id));
      expect(await asOther((tx) => cancelGroup(tx, named))).toBe('forbidden');
      expect(await asOther((tx) => cancelGroupMember(tx, { ...named, userUid: 'usr-1' }))).toBe('forbidden');
    });

    it('opens again as the same tenant and instance, with a new subscription', async () => {
      const first = await shop.signOn({ role: 'Super Admin' });
      await shop.signOn(bob);
      await cancel();
      expect(await outcome(shop.enter(first))).toBe('login_token_invalid');
      db.clock.advance(30 * day);
      const again = await shop.signOn({ groupProfile: { ...shop.factsOf().groupProfile, country: 'BE' } });
      expect(again).toMatchObject({
        tenantId: first.tenantId,
        instanceId: first.instanceId,
        userId: first.userId,
        created: { tenant: false, user: false },
      });
      expect((await shop.enter(again)).session.state).toBe('ACTIVE');
      await shop.look(async (tx) => {
        expect(await tx.tenants.find(first.tenantId)).toMatchObject({ terminatedAt: null, country: 'BE' });
        const [old, current, ...more] = await tx.subscriptions.findMany({ instanceId: first.instanceId });
        expect([old?.status, current?.status, more]).toEqual(['ENDED', 'ACTIVE', []]);
        expect(await tx.memberships.findMany({ tenantId: first.tenantId, liveKey: '0' })).toHaveLength(1);
        expect(await tx.licensePools.findMany({ instanceId: first.instanceId })).toMatchObject([
          { quantity: 1, used: 1 },
        ]);
        expect(await tx.channelRecords.findMany({ parentId: first.instanceId, liveKey: '0' })).toHaveLength(2);
      });
      const spans = await db.raw.read.all(
        'SELECT ended_at FROM active_spans WHERE object_id IN (?, ?) ORDER BY started_at, object_id',
        [first.tenantId, first.instanceId],
      );
      expect(spans.map(({ ended_at }) => ended_at === null)).toEqual([false, false, true, true]);
      const imports = await db.raw.read.all(`SELECT subject_id FROM channel_tasks WHERE kind = 'import'`);
      expect(imports).toEqual([{ subject_id: first.instanceId }, { subject_id: first.instanceId }]);
      expect(await eventsOf(db, 'tenant.reopened')).toHaveLength(1);
      expect(await cancel()).toMatchObject({ tenantId: first.tenantId });
      expect(await shop.signOn(bob)).toMatchObject({ tenantId: first.tenantId });
      expect(await findHalves(db.raw)).toEqual([]);
    });

    it('opens an instance again that an operator ended by itself', async () => {
      const { tenantId, instanceId, userId } = await shop.signOn();
      await perform(db, operator(), (tx) => terminateObject(tx, { kind: 'instance', id: instanceId }));
      const again = await shop.signOn();
      expect(again).toMatchObject({ outcome: 'signedIn', tenantId, instanceId, userId });
      expect((await shop.enter(again)).session.state).toBe('ACTIVE');
      const subscriptions = await shop.look((tx) => tx.subscriptions.findMany({ instanceId }));
      expect(subscriptions.map(({ status }) => status)).toEqual(['ENDED', 'ACTIVE']);
      expect(await countAll(db)).toMatchObject({ seats: 1, bought: 1 });
    });

    it('an operator’s hold outlasts the gap', async () => {
      const { tenantId } = await shop.signOn();
      await perform(db, operator(), (tx) => disableObject(tx, { kind: 'tenant', id: tenantId }));
      await cancel();
      expect(await outcome(shop.signOn())).toBe('not_usable');
      expect((await shop.look((tx) => tx.tenants.find(tenantId)))!.terminatedAt).not.toBeNull();
    });

    it('opens with its reseller, when that has ended too', async () => {
      const groupProfile = { ...shop.factsOf().groupProfile, resellerId: 'rsl-1' };
      const { tenantId } = await shop.signOn({ groupProfile });
      const reseller = (await shop.target('tenant', 'rsl-1'))!;
      await cancel();
      await shop.look(async (tx) => {
        await tx.tenants.save((await tx.tenants.find(reseller))!, { terminatedAt: tx.now });
      });
      expect(await shop.signOn({ groupProfile })).toMatchObject({ outcome: 'signedIn', tenantId });
      expect((await shop.look((tx) => tx.tenants.find(reseller)))!.terminatedAt).toBeNull();
      await shop.look(async (tx) => {
        await tx.tenants.save((await tx.tenants.find(reseller))!, { terminatedAt: tx.now });
      });
      const next = await shop.signOn({ ...bob, groupUid: 'cld-2', groupProfile });
      expect((await shop.look((tx) => tx.tenants.find(next.tenantId)))!.parentId).toBe(reseller);
      expect((await shop.look((tx) => tx.tenants.find(reseller)))!.terminatedAt).toBeNull();
    });

    it('takes tenants below that came from the marketplace along', async () => {
      const { tenantId } = await shop.signOn();
      const below = await shop.ask((tx) =>
        createTenant(tx, { kind: 'group', name: 'Branch', parentId: tenantId, channelId: shop.channel.id }),
      );
      await cancel();
      expect((await shop.look((tx) => tx.tenants.find(below.id)))!.terminatedAt).not.toBeNull();
    });

    it.each(['an instance', 'a tenant below', 'an application'])(
      'leaves the tenant when it holds %s of others',
      async (what) => {
        const { tenantId, instanceId, userId, sessionId } = await signIn();
        const guest = await shop.person('guest@doe.example', { tenantId });
        await perform(db, system, async (tx) => {
          if (what === 'an instance') await provisionInstance(tx, { tenantId, applicationId: shop.application.id });
          else if (what === 'a tenant below')
            await createTenant(tx, { kind: 'group', name: 'Own', parentId: tenantId });
          else await defineApplication(tx, { ownerTenantId: tenantId, key: 'own', name: 'Own' });
        });
        expect(await cancel()).toEqual({ instanceId, tenantId: '' });
        await shop.look(async (tx) => {
          expect((await tx.tenants.find(tenantId))!.terminatedAt).toBeNull();
          expect((await tx.instances.find(instanceId))!.terminatedAt).not.toBeNull();
          expect(await tx.licensePools.findMany({ instanceId })).toMatchObject([{ quantity: 0, used: 0 }]);
        });
        expect(await stateOf(sessionId)).toBe('ENDED');
        expect(await placesOf(userId)).toEqual([]);
        expect(await placesOf(guest.id)).toHaveLength(1);
        expect(await cancel()).toEqual({ instanceId: '', tenantId: '' });
        expect(await shop.signOn()).toMatchObject({ tenantId, instanceId, userId });
      },
    );

    it('keeps the place of whoever has another seat in the tenant', async () => {
      const { tenantId, userId, instanceId } = await shop.signOn();
      await shop.signOn(bob);
      const [pool] = await shop.look((tx) => tx.licensePools.findMany({ instanceId }));
      const { licenseTypeId } = pool!;
      await perform(db, system, async (tx) => {
        const { instance } = await provisionInstance(tx, {
          tenantId,
          applicationId: shop.application.id,
          licenses: [{ licenseTypeId, quantity: 1 }],
        });
        await assignLicense(tx, { userId, tenantId, instanceId: instance.id, licenseTypeId });
      });
      await remove('usr-1');
      expect(await placesOf(userId)).toHaveLength(1);
      await shop.signOn();
      await cancel();
      const left = await shop.look((tx) => tx.memberships.findMany({ tenantId, liveKey: '0' }));
      expect(left.map((place) => place.userId)).toEqual([userId]);
    });

    it('leaves an operator’s own sign-in alone', async () => {
      const { userId, sessionId } = await signIn();
      const own = await perform(db, system, async (tx) => {
        await tx.users.save((await tx.users.find(userId))!, { operatorLevel: 666 });
        return startSession(tx, { userId, cookieHash: 'own', method: 'password', ttlMs: day });
      });
      await cancel();
      expect([await stateOf(sessionId), await stateOf(own.id)]).toEqual(['ENDED', 'ACTIVE']);
    });

    it('asks the database no more often for sixty people than for two', async () => {
      const callsFor = async (groupUid: string, people: number) => {
        const { tenantId, instanceId } = await shop.signOn({ groupUid });
        await shop.signOn({ ...bob, groupUid });
        await perform(db, system, async (tx) => {
          const [pool] = await tx.licensePools.findMany({ instanceId });
          const { licenseTypeId } = pool!;
          await setPoolQuantity(tx, { tenantId, instanceId, licenseTypeId, quantity: people });
          for (let count = 2; count < people; count += 1) {
            const { id: userId } = await createUser(tx, { givenName: 'P' });
            await addMembership(tx, { userId, tenantId, roles: ['MEMBER'], channelId: shop.channel.id });
            await assignLicense(tx, { userId, tenantId, instanceId, licenseTypeId });
          }
        });
        const calls: string[] = [];
        await shop.ask((tx) =>
          cancelGroup(
            watched(tx, (call) => calls.push(call)),
            { channelId: shop.channel.id, groupUid },
          ),
        );
        expect(await shop.look((tx) => tx.memberships.count({ tenantId, liveKey: '0' }))).toBe(0);
        expect(await shop.look((tx) => tx.licenses.count({ tenantId, liveKey: '0' }))).toBe(0);
        return calls;
      };
      const few = await callsFor('cld-1', 2);
      expect(await callsFor('cld-2', 60)).toEqual(few);
    });

    it('deletes its virtual users, and those alone', async () => {
      const virtual = { virtual: true, email: 'v@mail.example' } as const;
      const one = await signIn(virtual);
      const real = await shop.signOn({ ...bob });
      const placed = await shop.signOn({ ...virtual, userUid: 'usr-3' });
      const { id: elsewhere } = await perform(db, system, (tx) => createTenant(tx, { kind: 'customer', name: 'E' }));
      await perform(db, system, (tx) =>
        addMembership(tx, { userId: placed.userId, tenantId: elsewhere, roles: ['MEMBER'] }),
      );
      const other = await shop.signOn({ ...virtual, groupUid: 'cld-2' });
      await cancel();
      const ended = await shop.look(async (tx) => {
        const users = await tx.users.findMany({});
        return users.filter(({ terminatedAt }) => terminatedAt !== null).map(({ id }) => id);
      });
      expect(ended).toEqual([one.userId]);
      expect([real, placed, other].map(({ userId }) => userId)).not.toContain(one.userId);
      expect(await eventsOf(db, 'user.terminated')).toHaveLength(1);
      expect(await shop.signOn(virtual)).toMatchObject({ outcome: 'signedIn', userId: one.userId });
      expect((await shop.look((tx) => tx.users.find(one.userId)))!.terminatedAt).toBeNull();
    });
  });

  describe('somebody’s place', () => {
    it('goes with seat, quantity and sign-ins there, the last OWNER’s too', async () => {
      const ada = await signIn({ role: 'Super Admin' });
      const two = await signIn(bob);
      expect(await remove('usr-1')).toEqual([ada.userId]);
      expect(await placesOf(ada.userId)).toEqual([]);
      expect([await stateOf(ada.sessionId), await stateOf(two.sessionId)]).toEqual(['ENDED', 'ACTIVE']);
      expect(await eventsOf(db, 'session.ended')).toMatchObject([{ userId: ada.userId, clientId: 'crm-app' }]);
      expect(await countAll(db)).toMatchObject({ seats: 1, bought: 1 });
      expect((await shop.look((tx) => tx.users.find(ada.userId)))!.terminatedAt).toBeNull();
      expect(await findHalves(db.raw)).toEqual([]);
    });

    it('goes once, and unknown ids are nothing', async () => {
      const { userId } = await shop.signOn();
      await remove('usr-1');
      const journal = 'SELECT COUNT(*) AS n FROM journal_entries';
      const before = await db.raw.read.all(journal);
      expect(await remove('usr-1')).toEqual([userId]);
      expect(await remove('usr-unknown')).toEqual([]);
      expect(await remove('usr-1', 'cld-unknown')).toEqual([]);
      expect(await remove('usr-1', 'cld-1', shop.other.id)).toEqual([]);
      expect(await db.raw.read.all(journal)).toEqual(before);
    });

    it('is who the id means, and not who the part of it before a dot means', async () => {
      const ada = await signIn({ userUid: 'ada', email: 'ada@doe.example' });
      const lovelace = await signIn({ userUid: 'ada.lovelace', email: 'lovelace@doe.example' });
      expect(await remove('ada.lovelace')).toEqual([lovelace.userId]);
      expect([await stateOf(ada.sessionId), await stateOf(lovelace.sessionId)]).toEqual(['ACTIVE', 'ENDED']);
    });

    it('comes back with the next launch, for the same person', async () => {
      const first = await shop.signOn({ role: 'Admin' });
      await remove('usr-1');
      const again = await shop.signOn({ email: 'new@doe.example' });
      expect(again).toMatchObject({ userId: first.userId, created: { user: false } });
      expect(await placesOf(first.userId)).toMatchObject([{ tenantId: first.tenantId, roles: ['MEMBER'] }]);
      expect((await shop.enter(again)).session.state).toBe('ACTIVE');
      expect(await countAll(db)).toMatchObject({ seats: 1, bought: 1, users: 1 });
      const addresses = await shop.look((tx) => tx.userEmails.findMany({ userId: first.userId }));
      expect(addresses.map(({ email }) => email)).toEqual(['new@doe.example']);
    });

    it('in another group stays, with its sign-ins', async () => {
      const here = await signIn();
      const there = await signIn({ groupUid: 'cld-2' });
      const own = await perform(db, system, (tx) =>
        startSession(tx, { userId: here.userId, cookieHash: 'own', method: 'password', ttlMs: day }),
      );
      await remove('usr-1');
      expect([await stateOf(here.sessionId), await stateOf(there.sessionId), await stateOf(own.id)]).toEqual([
        'ENDED',
        'ACTIVE',
        'ACTIVE',
      ]);
      await remove('usr-1', 'cld-2');
      expect([await stateOf(there.sessionId), await stateOf(own.id)]).toEqual(['ENDED', 'ENDED']);
    });

    it('that somebody else gave stays, without the seat', async () => {
      const { tenantId } = await shop.signOn(bob);
      const owner = await shop.person('ada@doe.example', { tenantId });
      const { sessionId } = await signIn();
      expect(await remove('usr-1')).toEqual([owner.id]);
      expect(await placesOf(owner.id)).toHaveLength(1);
      expect(await stateOf(sessionId)).toBe('ENDED');
      expect(await countAll(db)).toMatchObject({ seats: 1, bought: 1 });
    });

    it.each(['usr-1', 'usr-1.cld-1'])('of a virtual user, called %s, goes with the user', async (userUid) => {
      const virtual = { virtual: true, email: 'v@mail.example' } as const;
      const { userId, sessionId } = await signIn(virtual);
      const other = await shop.signOn({ ...virtual, groupUid: 'cld-2' });
      expect(await remove(userUid)).toEqual([userId]);
      await shop.look(async (tx) => {
        expect((await tx.users.find(userId))!.terminatedAt).toBe(db.clock.now());
        expect((await tx.users.find(other.userId))!.terminatedAt).toBeNull();
      });
      expect(await stateOf(sessionId)).toBe('ENDED');
      expect(await shop.signOn(virtual)).toMatchObject({ outcome: 'signedIn', userId });
    });

    it('is removed whatever an operator holds', async () => {
      const { userId } = await shop.signOn();
      const [membership] = await placesOf(userId);
      await perform(db, operator(), (tx) => disableMembership(tx, { id: membership!.id }));
      await remove('usr-1');
      expect(await placesOf(userId)).toEqual([]);
    });
  });
});
