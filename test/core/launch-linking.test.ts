import { disableUser, setOperatorLevel, verifyUserEmail } from '../../src/core/identity/index.js';
import {
  type ConfirmLaunchInput,
  cancelGroup,
  cancelGroupMember,
  confirmLaunch,
  type LaunchFacts,
} from '../../src/core/provisioning/index.js';
import type { Role } from '../../src/core/shared/actor.js';
import { day, minute } from '../../src/core/shared/clock.js';
import { createTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { operator, outcome, perform, system } from './support/hub.js';
import { countAll, eventsOf, hash, makeShop, type Shop } from './support/launch.js';

onEveryDatabase('an address a marketplace brings', (db) => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await makeShop(db);
  });

  const elsewhere = (name: string) => perform(db, system, (tx) => createTenant(tx, { kind: 'customer', name }));
  const uids = (userId: string) =>
    shop.look(async (tx) =>
      (await tx.externalRefs.findMany({ targetId: userId, kind: 'user', liveKey: '0' })).map((ref) => ref.externalId),
    );

  describe('links the person it is verified for', () => {
    it.each([
      ['without a place', undefined],
      ['with a place elsewhere', ['MEMBER']],
      ['with a reader’s place elsewhere', ['VIEWER']],
    ] as const)('%s, and tells them', async (_, roles) => {
      const tenantId = roles === undefined ? undefined : (await elsewhere('Elsewhere')).id;
      const owner = await shop.person(
        'Ada@Doe.example',
        tenantId === undefined ? {} : { tenantId, roles: [...roles!] },
      );
      const login = await shop.signOn();
      expect(login).toMatchObject({ outcome: 'signedIn', userId: owner.id, created: { tenant: true, user: false } });
      expect(await uids(owner.id)).toEqual(['usr-1']);
      expect(await eventsOf(db, 'account.linked')).toEqual([
        { userId: owner.id, channelId: shop.channel.id, email: 'Ada@Doe.example' },
      ]);
      expect((await shop.enter(login)).session.userId).toBe(owner.id);
      expect((await shop.signOn()).userId).toBe(owner.id);
      expect(await eventsOf(db, 'account.linked')).toHaveLength(1);
    });

    it('and leaves their own names and addresses alone while others gave them a place', async () => {
      const { id: tenantId } = await elsewhere('Elsewhere');
      const owner = await shop.person('ada@doe.example', { tenantId });
      await shop.signOn();
      await shop.signOn({ email: 'new@doe.example', givenName: 'Augusta' });
      await shop.look(async (tx) => {
        expect(await tx.users.find(owner.id)).toMatchObject({ givenName: 'Own' });
        expect(await tx.userEmails.findMany({ userId: owner.id })).toMatchObject([
          { email: 'ada@doe.example', verifiedKey: 'ada@doe.example' },
        ]);
        expect(await tx.memberships.findMany({ userId: owner.id, channelId: shop.channel.id })).toMatchObject([
          { email: 'new@doe.example', givenName: 'Augusta' },
        ]);
      });
    });

    it('and does not walk around a hold on them', async () => {
      const owner = await shop.person('ada@doe.example');
      await perform(db, operator(), (tx) => disableUser(tx, { id: owner.id }));
      expect(await outcome(shop.signOn())).toBe('not_usable');
      expect(await countAll(db)).toMatchObject({ users: 1, tenants: 0 });
      expect(await uids(owner.id)).toEqual([]);
    });

    it('also when they administer this very tenant', async () => {
      const { tenantId } = await shop.signOn({ userUid: 'usr-0', email: 'first@doe.example' });
      const owner = await shop.person('ada@doe.example', { tenantId, roles: ['OWNER'] });
      expect(await shop.signOn()).toMatchObject({ outcome: 'signedIn', userId: owner.id });
      const places = await shop.look((tx) => tx.memberships.findMany({ userId: owner.id }));
      expect(places).toMatchObject([{ roles: ['OWNER'], channelId: '' }]); // somebody else gave it
    });
  });

  describe('is no proof', () => {
    it.each([
      ['unverified', { verified: false }, {}],
      ['of anybody, when the settings say never', {}, { linkByEmail: 'never' }],
      ['of anybody in virtual mode', {}, { virtual: true }],
    ] as const)('%s: somebody new is made', async (_, options, change) => {
      const owner = await shop.person('ada@doe.example', options);
      const login = await shop.signOn(change);
      expect(login).toMatchObject({ outcome: 'signedIn', created: { user: true } });
      expect(login.userId).not.toBe(owner.id);
      const addresses = await shop.look((tx) => tx.userEmails.findMany({ userId: login.userId }));
      expect(addresses).toMatchObject([{ email: 'ada@doe.example', verifiedKey: null }]);
      expect(await eventsOf(db, 'account.linked')).toEqual([]);
    });

    it('in virtual mode people are of one group alone', async () => {
      const one = await shop.signOn({ virtual: true, email: 'usr-1.cld-1@mail.example' });
      const two = await shop.signOn({ virtual: true, groupUid: 'cld-2', email: 'usr-1.cld-2@mail.example' });
      const again = await shop.signOn({ virtual: true, userUid: 'usr-1.cld-1', email: 'usr-1.cld-1@mail.example' });
      expect(two.userId).not.toBe(one.userId);
      expect(again.userId).toBe(one.userId);
      expect(await uids(one.userId)).toEqual(['usr-1.cld-1']);
    });
  });

  describe('must be proven', () => {
    const confirm = (
      login: { readonly secret: string; readonly browserHash: string },
      userId: string,
      change: Partial<ConfirmLaunchInput> = {},
      channelId = shop.channel.id,
    ) =>
      shop.ask(
        (tx) =>
          confirmLaunch(tx, {
            tokenHash: hash(login.secret),
            browserHash: login.browserHash,
            userId,
            enterTokenHash: hash(`enter ${login.secret}`),
            tokenTtlMs: minute,
            sessionTtlMs: day,
            ...change,
          }),
        channelId,
      );

    const asked = async (expectedUserId: string, change: Partial<LaunchFacts> = {}) => {
      const before = await countAll(db);
      const login = await shop.signOn(change);
      expect(login).toMatchObject({
        outcome: 'confirm',
        userId: expectedUserId,
        created: { tenant: true, user: false },
      });
      expect(await shop.sessionsOf(expectedUserId)).toEqual([]);
      expect(await countAll(db)).toMatchObject({
        tenants: before.tenants + 1,
        instances: before.instances + 1,
        users: before.users,
        seats: before.seats,
      });
      return login;
    };

    it.each([
      ['an operator’s', { level: 333 }, []],
      ['an OWNER’s of another tenant', {}, ['OWNER']],
      ['an ADMIN’s of another tenant', {}, ['ADMIN']],
      ['anybody’s, when the settings say so', {}, [], { linkByEmail: 'confirm' }],
    ] as const)('when it is %s', async (_, options, roles: readonly Role[], change: Partial<LaunchFacts> = {}) => {
      const tenantId = roles.length === 0 ? undefined : (await elsewhere('Elsewhere')).id;
      const owner = await shop.person('ada@doe.example', {
        ...options,
        ...(tenantId && { tenantId, roles: [...roles] }),
      });
      const login = await asked(owner.id, change);
      expect(await uids(owner.id)).toEqual([]);
      expect(await outcome(shop.enter(login))).toBe('login_token_invalid');

      const stranger = await shop.person('stranger@doe.example');
      expect(await outcome(confirm(login, stranger.id))).toBe('login_token_invalid');
      expect(await outcome(confirm(login, owner.id, { browserHash: hash('another') }))).toBe('login_token_invalid');
      expect(await outcome(confirm(login, owner.id, { tokenHash: hash('no') }))).toBe('login_token_invalid');
      expect(await outcome(confirm(login, owner.id, {}, shop.other.id))).toBe('forbidden');
      expect(await uids(owner.id)).toEqual([]);

      expect(await confirm(login, owner.id)).toMatchObject({ outcome: 'signedIn', userId: owner.id });
      expect(await uids(owner.id)).toEqual(['usr-1']);
      expect(await eventsOf(db, 'account.linked')).toHaveLength(1);
      const entered = await shop.enter({ ...login, secret: `enter ${login.secret}` });
      expect(entered.session).toMatchObject({ userId: owner.id, instanceId: login.instanceId, method: 'marketplace' });
      expect(entered.session.voucher).toEqual({ uid: 'usr-1', session: 'mno-session-secret', groupUid: 'cld-1' });
      expect(await outcome(confirm(login, owner.id))).toBe('login_token_invalid');
      // an operator proves it every time
      expect((await shop.signOn(change)).outcome).toBe('level' in options ? 'confirm' : 'signedIn');
    });

    it('also when they became an operator after they were linked', async () => {
      const owner = await shop.person('ada@doe.example');
      expect((await shop.signOn()).outcome).toBe('signedIn');
      await perform(db, operator(), (tx) => setOperatorLevel(tx, { id: owner.id, level: 1_000 }));
      const login = await shop.signOn();
      expect(login).toMatchObject({ outcome: 'confirm', userId: owner.id });
      expect(await outcome(shop.enter(login))).toBe('login_token_invalid');
      expect(await confirm(login, owner.id)).toMatchObject({ outcome: 'signedIn', userId: owner.id });
    });

    it('when the person has another id of this channel, but not one of another channel', async () => {
      const owner = await shop.person('ada@doe.example');
      await shop.signOn({ channelId: shop.other.id });
      expect((await shop.signOn()).outcome).toBe('signedIn');
      expect(await uids(owner.id)).toEqual(['usr-1', 'usr-1']);
      const second = await shop.signOn({ userUid: 'usr-2' });
      expect(second).toMatchObject({ outcome: 'confirm', userId: owner.id });
      expect(await uids(owner.id)).toEqual(['usr-1', 'usr-1']);
      expect(await confirm(second, owner.id)).toMatchObject({ outcome: 'signedIn' });
      expect((await uids(owner.id)).sort()).toEqual(['usr-1', 'usr-1', 'usr-2']);
    });

    it('within a quarter of an hour', async () => {
      const owner = await shop.person('ada@doe.example');
      const login = await asked(owner.id, { linkByEmail: 'confirm' });
      db.clock.advance(15 * minute);
      expect(await outcome(confirm(login, owner.id))).toBe('login_token_invalid');
    });

    it('and while the group is not canceled, which nothing but a launch opens again', async () => {
      const owner = await shop.person('ada@doe.example');
      const login = await asked(owner.id, { linkByEmail: 'confirm' });
      await shop.ask((tx) => cancelGroup(tx, { channelId: shop.channel.id, groupUid: 'cld-1' }));
      expect(await outcome(confirm(login, owner.id))).toBe('login_token_invalid');
      expect((await shop.look((tx) => tx.instances.find(login.instanceId)))!.terminatedAt).not.toBeNull();
      await shop.signOn({ userUid: 'usr-2', email: 'bob@doe.example' });
      expect(await outcome(confirm(login, owner.id))).toBe('login_token_invalid');
    });

    it.each([[false], [true]])('and not by somebody the marketplace removed meanwhile (%s)', async (masked) => {
      const owner = await shop.person('ada@doe.example');
      const login = await asked(owner.id, { linkByEmail: 'confirm' });
      const remove = (userUid: string) =>
        shop.ask((tx) => cancelGroupMember(tx, { channelId: shop.channel.id, groupUid: 'cld-1', userUid }));
      const places = () => shop.look((tx) => tx.memberships.findMany({ userId: owner.id, liveKey: '0' }));
      const before = await places();
      await remove(masked ? 'usr-1.cld-1' : 'usr-1');
      expect(await outcome(confirm(login, owner.id))).toBe('login_token_invalid');
      expect([await uids(owner.id), await places()]).toEqual([[], before]);
    });

    it('also when somebody else was removed meanwhile', async () => {
      const owner = await shop.person('ada@doe.example');
      const login = await asked(owner.id, { linkByEmail: 'confirm' });
      const { channel } = shop;
      await shop.ask((tx) => cancelGroupMember(tx, { channelId: channel.id, groupUid: 'cld-1', userUid: 'usr-2' }));
      expect(await confirm(login, owner.id)).toMatchObject({ outcome: 'signedIn' });
    });

    it('and not when the id came to mean somebody else meanwhile, or the person got another one', async () => {
      const owner = await shop.person('ada@doe.example');
      const login = await asked(owner.id, { linkByEmail: 'confirm' });
      const other = await shop.signOn({ linkByEmail: 'never' });
      expect(await outcome(confirm(login, owner.id))).toBe('external_id_taken');
      expect(await uids(owner.id)).toEqual([]);
      expect(await uids(other.userId)).toEqual(['usr-1']);

      const waiting = await shop.signOn({ linkByEmail: 'confirm', userUid: 'usr-2' });
      expect(waiting.outcome).toBe('confirm');
      expect((await shop.signOn({ userUid: 'usr-3' })).userId).toBe(owner.id);
      expect(await outcome(confirm(waiting, owner.id))).toBe('external_id_taken');
      expect(await uids(owner.id)).toEqual(['usr-3']);
    });
  });

  it('that is verified later does not merge people', async () => {
    const { userId } = await shop.signOn();
    const [address] = await shop.look((tx) => tx.userEmails.findMany({ userId }));
    await perform(db, operator(), (tx) => verifyUserEmail(tx, { id: address!.id }));
    await shop.signOn({ email: 'other@doe.example' });
    const addresses = await shop.look((tx) => tx.userEmails.findMany({ userId }));
    expect(addresses).toMatchObject([{ email: 'ada@doe.example', verifiedKey: 'ada@doe.example' }]);
  });
});
