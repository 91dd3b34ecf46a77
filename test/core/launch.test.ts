import { disableMembership, updateUser } from '../../src/core/identity/index.js';
import { releaseLicense } from '../../src/core/licensing/index.js';
import { disableObject, launch, mapRole, maskUid, unmaskUid } from '../../src/core/provisioning/index.js';
import { day, minute, shift } from '../../src/core/shared/clock.js';
import { updateTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { findHalves } from '../support/integrity.js';
import { operator, outcome, perform } from './support/hub.js';
import { asChannel, countAll, eventsOf, hash, inputOf, makeShop, type Shop, watched } from './support/launch.js';

describe('words of the marketplace', () => {
  it('masks a person once, for one group', () => {
    expect(maskUid('usr-1', 'cld-1')).toBe('usr-1.cld-1');
    expect(maskUid('usr-1.cld-1', 'cld-1')).toBe('usr-1.cld-1');
    expect(unmaskUid('usr-1.cld-1')).toBe('usr-1');
    expect(unmaskUid('usr-1')).toBe('usr-1');
  });

  it('takes no dot of an id for a mask', () => {
    expect(unmaskUid('ada.lovelace')).toBe('ada.lovelace');
    expect(unmaskUid('ada.lovelace.cld-1')).toBe('ada.lovelace');
    expect(maskUid('ada.lovelace.17', '17')).toBe('ada.lovelace.17');
    expect(maskUid('ada.byron.17', '17')).toBe('ada.byron.17');
    expect(maskUid('usr-1.cld-2', 'cld-1')).toBe('usr-1.cld-1');
  });

  it.each([
    ['Member', 'MEMBER'],
    ['Power User', 'MEMBER'],
    ['Admin', 'ADMIN'],
    ['Super Admin', 'OWNER'],
    ['Guest', 'VIEWER'],
    ['constructor', 'MEMBER'],
    ['', 'MEMBER'],
  ])('a role %p is %p', (raw, role) => {
    expect(mapRole(raw)).toBe(role);
  });
});

onEveryDatabase('a launch', (db) => {
  let shop: Shop;
  beforeEach(async () => {
    shop = await makeShop(db);
  });

  describe('of a new group', () => {
    it('makes tenant, instance, subscription, pool, person, place and seat, and queues the import', async () => {
      const trialEndsAt = shift(db.clock.now(), 10 * day);
      const result = await shop.signOn({ role: 'Admin', trialEndsAt });
      expect(result).toMatchObject({ outcome: 'signedIn', created: { tenant: true, user: true } });
      const { tenantId, instanceId, userId } = result;
      expect(await shop.target('tenant', 'cld-1')).toBe(tenantId);
      expect(await shop.target('instance', 'cld-1')).toBe(instanceId);
      expect(await shop.target('user', 'usr-1')).toBe(userId);
      await shop.look(async (tx) => {
        expect(await tx.tenants.find(tenantId)).toMatchObject({
          kind: 'customer',
          name: 'Doe Corp',
          parentId: '',
          channelId: shop.channel.id,
          country: 'FR',
          timeZone: 'Europe/Paris',
          contact: { email: 'office@doe.example' },
        });
        expect(await tx.instances.find(instanceId)).toMatchObject({ tenantId, applicationId: shop.application.id });
        expect(await tx.subscriptions.findMany({ instanceId })).toMatchObject([
          { planId: shop.plan.id, channelId: shop.channel.id, status: 'ACTIVE', trialEndsAt },
        ]);
        const pro = (await tx.licenseTypes.findOne({ applicationId: shop.application.id, code: 'Pro' }))!;
        expect(await tx.licensePools.findMany({ instanceId })).toMatchObject([
          { licenseTypeId: pro.id, quantity: 1, used: 1 },
        ]);
        expect(await tx.users.find(userId)).toMatchObject({
          givenName: 'Ada',
          familyName: 'Lovelace',
          displayName: 'Ada Lovelace',
        });
        expect(await tx.userEmails.findMany({ userId })).toMatchObject([
          { email: 'ada@doe.example', verifiedKey: null, primary: true },
        ]);
        expect(await tx.memberships.findMany({ userId })).toMatchObject([
          { tenantId, instanceId: '', channelId: shop.channel.id, roles: ['ADMIN'], email: 'ada@doe.example' },
        ]);
      });
      const tasks = await db.raw.read.all('SELECT kind, subject_id, channel_id FROM channel_tasks');
      expect(tasks).toEqual([{ kind: 'import', subject_id: instanceId, channel_id: shop.channel.id }]);
      expect(await findHalves(db.raw)).toEqual([]);
    });

    it('signs in by a token of one browser', async () => {
      const login = await shop.signOn();
      const [pending] = await shop.sessionsOf(login.userId);
      expect(pending).toMatchObject({
        state: 'PENDING',
        method: 'marketplace',
        channelId: shop.channel.id,
        instanceId: login.instanceId,
        recheckAt: shift(db.clock.now(), 3 * minute),
        voucher: { uid: 'usr-1', session: 'mno-session-secret', groupUid: 'cld-1' },
      });
      expect(await outcome(shop.enter({ secret: login.secret }))).toBe('login_token_invalid');
      expect(await outcome(shop.enter({ ...login, browserHash: hash('another') }))).toBe('login_token_invalid');
      expect((await shop.enter(login)).session).toMatchObject({ id: pending!.id, state: 'ACTIVE' });
      expect(await outcome(shop.enter(login))).toBe('login_token_invalid');
    });

    it.each([
      ['what was typed', { groupName: '', companyName: 'Typed' }, 'Typed'],
      ['its id', { groupName: ' ', companyName: '' }, 'cld-1'],
      ['a name in its own alphabet', { groupName: '  株式会社サンライズ ' }, '株式会社サンライズ'],
      ['a long name', { groupName: `Acme\u202e\u0007 ${'x'.repeat(300)}` }, `Acme ${'x'.repeat(194)}…`],
      ['long characters', { groupName: '👩‍👩‍👧'.repeat(60) }, `${'👩‍👩‍👧'.repeat(24)}…`],
    ])('is called after %s', async (_, names, expected) => {
      const { tenantId } = await shop.signOn(names);
      const tenant = await shop.look((tx) => tx.tenants.find(tenantId));
      expect(tenant!.name).toBe(expected);
      expect(tenant!.name.length).toBeLessThanOrEqual(200);
    });

    it('keeps names as sent, and drops what it cannot keep of the optional', async () => {
      const { groupProfile } = shop.factsOf();
      const { tenantId, userId } = await shop.signOn({
        givenName: ' 美咲 ',
        familyName: '',
        email: 'no address',
        groupProfile: {
          ...groupProfile,
          email: 'nobody',
          timeZone: 'Mars/Olympus',
          country: 'France',
          city: 'x'.repeat(9_000),
        },
      });
      await shop.look(async (tx) => {
        expect(await tx.users.find(userId)).toMatchObject({ givenName: '美咲', familyName: '', displayName: '美咲' });
        expect(await tx.userEmails.findMany({ userId })).toEqual([]);
        expect(await tx.tenants.find(tenantId)).toMatchObject({ country: '', timeZone: '', contact: {} });
      });
      await shop.signOn({ email: 'misaki@doe.example' });
      expect(await shop.look((tx) => tx.userEmails.findMany({ userId }))).toMatchObject([
        { email: 'misaki@doe.example', verifiedKey: null, primary: true },
      ]);
    });

    it('keeps what the model has no word for, and no session token', async () => {
      const { instanceId } = await shop.signOn({
        role: 'Chief',
        attributes: { app_owner: 'true', organizations: '{"a":1}', mno_session: 'tell-nobody' },
      });
      const records = await shop.look((tx) => tx.channelRecords.findMany({ parentId: instanceId }));
      expect(records.map(({ kind, externalId }) => [kind, externalId])).toEqual(
        expect.arrayContaining([
          ['launch:person', 'usr-1'],
          ['launch:group', 'cld-1'],
        ]),
      );
      expect(records.find(({ kind }) => kind === 'launch:person')!.data).toMatchObject({
        role: 'Chief',
        country: 'GB',
        companyName: 'Doe at sign-up',
        attributes: { app_owner: 'true', organizations: '{"a":1}' },
      });
      expect(records.find(({ kind }) => kind === 'launch:group')!.data).toMatchObject({
        currency: 'EUR',
        city: 'Lyon',
        organizationUid: 'org-1',
        hasCreditCard: true,
      });
      const journal = await db.raw.read.all('SELECT * FROM journal_payloads');
      const said = JSON.stringify([records, journal]);
      expect(said).not.toContain('tell-nobody');
      expect(said).not.toContain('mno-session-secret');
    });

    it('takes plan and seat from the settings, or the first there is', async () => {
      await shop.signOn({ planKey: 'big', licenseTypeCode: 'Basic' });
      await shop.signOn({ groupUid: 'cld-2', planKey: undefined });
      const rows = await db.raw.read.all(
        'SELECT p.natural_key AS plan, t.code AS seat FROM subscriptions s JOIN plans p ON p.id = s.plan_id ' +
          'JOIN license_pools l ON l.instance_id = s.instance_id JOIN license_types t ON t.id = l.license_type_id ORDER BY s.id',
      );
      expect(rows).toEqual([
        { plan: 'big', seat: 'Basic' },
        { plan: 'team', seat: 'Pro' },
      ]);
    });

    it.each([[{ applicationKey: 'none' }], [{ planKey: 'none' }], [{ licenseTypeCode: 'none' }]])(
      'refuses settings that name what is not there: %j',
      async (wrong) => {
        expect(await outcome(shop.signOn(wrong))).toBe('unknown_reference');
        expect(await countAll(db)).toMatchObject({ tenants: 0, users: 0 });
      },
    );

    it('a trial in the past is none, one longer than the plan’s counts', async () => {
      const past = shift(db.clock.now(), -day);
      const far = shift(db.clock.now(), 90 * day);
      const first = await shop.signOn({ trialEndsAt: past });
      const second = await shop.signOn({ groupUid: 'cld-2', trialEndsAt: far });
      const trialOf = (instanceId: string) =>
        shop.look(async (tx) => (await tx.subscriptions.findMany({ instanceId }))[0]!.trialEndsAt);
      expect(await trialOf(first.instanceId)).toBe(past);
      expect(await trialOf(second.instanceId)).toBe(far);
    });
  });

  describe('of a reseller’s group', () => {
    const brought = (resellerId: string) => ({ ...shop.factsOf().groupProfile, resellerId });

    it('stands below the reseller, which is made once', async () => {
      const reseller = { id: 'rsl-1', name: 'Resale Ltd', country: 'gb' };
      const one = await shop.signOn({ groupProfile: brought('rsl-1'), reseller });
      const two = await shop.signOn({ groupUid: 'cld-2', groupProfile: brought('rsl-1') });
      const id = (await shop.target('tenant', 'rsl-1'))!;
      await shop.look(async (tx) => {
        expect(await tx.tenants.find(id)).toMatchObject({ kind: 'reseller', name: 'Resale Ltd', country: 'GB' });
        for (const { tenantId } of [one, two]) expect((await tx.tenants.find(tenantId))!.parentId).toBe(id);
      });
      expect(await db.raw.read.all(`SELECT id FROM channel_tasks WHERE kind = 'reseller'`)).toEqual([]);
    });

    it('asks for the name of one that is not known', async () => {
      const reseller = { id: 'rsl-9', name: 'Somebody else', country: 'GB' };
      await shop.signOn({ groupProfile: brought('rsl-1'), reseller });
      const id = (await shop.target('tenant', 'rsl-1'))!;
      expect((await shop.look((tx) => tx.tenants.find(id)))!.name).toBe('rsl-1');
      expect(await db.raw.read.all(`SELECT subject_id FROM channel_tasks WHERE kind = 'reseller'`)).toEqual([
        { subject_id: id },
      ]);
      expect(await shop.target('tenant', 'rsl-9')).toBeUndefined();
    });

    it('stands by itself when the id is no reseller’s', async () => {
      await shop.signOn();
      const { tenantId } = await shop.signOn({ groupUid: 'cld-2', groupProfile: brought('cld-1') });
      expect((await shop.look((tx) => tx.tenants.find(tenantId)))!.parentId).toBe('');
    });
  });

  describe('of somebody known', () => {
    it('writes the sign-in alone when nothing changed', async () => {
      await shop.signOn();
      const before = await pictureOf();
      const calls: string[] = [];
      const input = inputOf(db, shop.factsOf(), { secret: 'again', browserHash: hash('b') });
      await shop.ask((tx) =>
        launch(
          watched(tx, (call) => calls.push(call)),
          input,
        ),
      );
      const isRead = /\.(find|findOne|findMany|findAll|count|load)$/;
      expect(calls.filter((call) => !isRead.test(call))).toEqual(['sessions.insert', 'loginTokens.insert']);
      expect(calls.length).toBeLessThanOrEqual(13);
      expect(await pictureOf()).toEqual(before);
    });

    const pictureOf = async () => ({
      ...(await countAll(db)),
      journal: await db.raw.read.all('SELECT COUNT(*) AS n FROM journal_entries'),
      events: await db.raw.read.all('SELECT COUNT(*) AS n FROM outbox_events'),
      tenant: await db.raw.read.all('SELECT id, version FROM tenants'),
    });

    it('refreshes names, address and role', async () => {
      const { userId, tenantId } = await shop.signOn({ role: 'Super Admin' });
      const again = await shop.signOn({
        givenName: 'Augusta',
        familyName: 'King',
        email: 'ak@doe.example',
        role: 'Guest',
      });
      expect(again).toMatchObject({ userId, tenantId, created: { tenant: false, user: false } });
      await shop.look(async (tx) => {
        expect(await tx.users.find(userId)).toMatchObject({ displayName: 'Augusta King' });
        expect(await tx.userEmails.findMany({ userId })).toMatchObject([
          { email: 'ak@doe.example', verifiedKey: null },
        ]);
        expect(await tx.memberships.findMany({ userId })).toMatchObject([
          { roles: ['VIEWER'], givenName: 'Augusta', email: 'ak@doe.example' },
        ]);
      });
    });

    it('leaves what the person or an operator changed here, until the marketplace says something else', async () => {
      const { userId, tenantId } = await shop.signOn();
      await perform(db, operator(), async (tx) => {
        await updateUser(tx, { id: userId, displayName: 'The Countess' });
        await updateTenant(tx, { id: tenantId, country: 'BE' });
      });
      const { groupProfile } = shop.factsOf();
      const look = () =>
        shop.look(async (tx) => [
          (await tx.users.find(userId))!.displayName,
          (await tx.tenants.find(tenantId))!.country,
        ]);
      await shop.signOn({ groupProfile: { ...groupProfile, city: 'Paris' } });
      expect(await look()).toEqual(['The Countess', 'BE']);
      await shop.signOn({ groupProfile: { ...groupProfile, country: 'DE' }, givenName: 'Augusta' });
      expect(await look()).toEqual(['Augusta Lovelace', 'DE']);
    });

    it('moves the end of the trial', async () => {
      const { instanceId } = await shop.signOn();
      const trialEndsAt = shift(db.clock.now(), 20 * day);
      await shop.signOn({ trialEndsAt });
      const trial = () => shop.look(async (tx) => (await tx.subscriptions.findMany({ instanceId }))[0]!.trialEndsAt);
      expect(await trial()).toBe(trialEndsAt);
    });

    it('goes on when time that was billed is said to be a trial', async () => {
      const trialEndsAt = shift(db.clock.now(), -day);
      const { instanceId } = await shop.signOn({ trialEndsAt, planKey: 'big' });
      await db.raw.execute(`UPDATE charges SET status = 'SUBMITTED', external_id = 'rbill-1' WHERE kind = 'RECURRING'`);
      const charges = () => shop.look((tx) => tx.charges.findMany({ instanceId }));
      expect(await charges()).toMatchObject([{ kind: 'RECURRING', status: 'SUBMITTED' }]);
      db.clock.advance(day);
      expect((await shop.signOn({ trialEndsAt: shift(db.clock.now(), day) })).outcome).toBe('signedIn');
      const [subscription] = await shop.look((tx) => tx.subscriptions.findMany({ instanceId }));
      expect(subscription!.trialEndsAt).toBe(trialEndsAt);
      expect(await charges()).toHaveLength(1);
    });

    it('gives a seat again that was taken away', async () => {
      const { userId } = await shop.signOn();
      await perform(db, operator(), async (tx) => {
        const [seat] = await tx.licenses.findMany({ userId });
        await releaseLicense(tx, { id: seat!.id });
      });
      const again = await shop.signOn();
      expect((await shop.enter(again)).session.state).toBe('ACTIVE');
      expect(await countAll(db)).toMatchObject({ seats: 1, bought: 1 });
    });

    it('what one person says about themselves changes nothing for the next', async () => {
      const bob = { userUid: 'usr-2', email: 'bob@doe.example', companyName: 'Bob & Sons' } as const;
      const reseller = { id: 'rsl-1', name: 'Resale', country: 'GB' };
      const attributes = { organizations: `{"a":"${'x'.repeat(5_000)}\n"}`, long: 'x'.repeat(20_000) };
      const { instanceId } = await shop.signOn();
      await shop.signOn({ ...bob, reseller, attributes });
      const versions = async () => {
        const records = await shop.look((tx) => tx.channelRecords.findMany({ parentId: instanceId }));
        return records.map(({ kind, version }) => [kind, version]).sort();
      };
      const before = await versions();
      await shop.signOn();
      await shop.signOn({ ...bob, reseller, attributes });
      expect(await versions()).toEqual(before);
      expect(before.map(([, version]) => version)).toEqual([1, 1, 1]);
      const of = { kind: 'launch:person', parentId: instanceId, externalId: 'usr-2' };
      const [record] = await shop.look((tx) => tx.channelRecords.findMany(of));
      expect(record!.data).toMatchObject({ reseller, companyName: 'Bob & Sons' });
      expect(record!.data.attributes).toEqual({ organizations: attributes.organizations });
    });

    it('gives a place and a seat in a second group', async () => {
      const first = await shop.signOn();
      const second = await shop.signOn({ groupUid: 'cld-2', groupName: 'Second', role: 'Super Admin' });
      expect(second.userId).toBe(first.userId);
      expect(second.tenantId).not.toBe(first.tenantId);
      const places = await shop.look((tx) => tx.memberships.findMany({ userId: first.userId, liveKey: '0' }));
      expect(places.map(({ tenantId, roles }) => [tenantId, roles])).toEqual([
        [first.tenantId, ['MEMBER']],
        [second.tenantId, ['OWNER']],
      ]);
      expect(await countAll(db)).toMatchObject({ users: 1, seats: 2, bought: 2 });
    });

    it('a second person joins the tenant that is there', async () => {
      const first = await shop.signOn();
      const second = await shop.signOn({ userUid: 'usr-2', email: 'bob@doe.example', givenName: 'Bob' });
      expect(second).toMatchObject({ tenantId: first.tenantId, created: { tenant: false, user: true } });
      expect(await countAll(db)).toMatchObject({
        tenants: 1,
        instances: 1,
        subscriptions: 1,
        users: 2,
        seats: 2,
        bought: 2,
      });
    });

    it('equal ids of two marketplaces mean different groups and people', async () => {
      const first = await shop.signOn();
      const second = await shop.signOn({ channelId: shop.other.id });
      expect(second.tenantId).not.toBe(first.tenantId);
      expect(second.userId).not.toBe(first.userId);
      expect(
        await outcome(
          perform(db, asChannel(shop.other.id), (tx) =>
            launch(tx, inputOf(db, shop.factsOf(), { secret: 'x', browserHash: 'y' })),
          ),
        ),
      ).toBe('forbidden');
    });
  });

  describe('ends without a session', () => {
    it('while somebody holds the place, the person, the instance or the tenant, which stay held', async () => {
      const { userId, tenantId, instanceId } = await shop.signOn();
      const [membership] = await shop.look((tx) => tx.memberships.findMany({ userId }));
      await perform(db, operator(), (tx) => disableMembership(tx, { id: membership!.id }));
      const before = (await shop.sessionsOf(userId)).length;
      expect(await outcome(shop.signOn())).toBe('not_usable');
      expect(await outcome(shop.signOn({ givenName: 'Augusta' }))).toBe('not_usable');
      expect((await shop.sessionsOf(userId)).length).toBe(before);
      expect((await shop.look((tx) => tx.memberships.find(membership!.id)))!.holds).toHaveLength(1);
      for (const [kind, id] of [
        ['instance', instanceId],
        ['tenant', tenantId],
      ] as const) {
        await perform(db, operator(), (tx) => disableObject(tx, { kind, id }));
        expect(await outcome(shop.signOn({ userUid: `usr-${kind}`, email: `${kind}@doe.example` }))).toBe('not_usable');
      }
    });

    it.each(['disabledAt', 'suspendedAt'] as const)('through a channel with %s', async (field) => {
      await shop.signOn();
      await shop.look(async (tx) => {
        await tx.channels.save((await tx.channels.find(shop.channel.id))!, { [field]: tx.now });
      });
      expect(await outcome(shop.signOn())).toBe('not_usable');
      expect(await outcome(shop.signOn({ channelId: shop.other.id }))).toBe('done');
    });
  });

  it('tells what happened, once for each thing', async () => {
    await shop.signOn();
    await shop.signOn();
    for (const type of [
      'tenant.created',
      'instance.provisioned',
      'subscription.opened',
      'user.created',
      'license.assigned',
    ]) {
      expect([type, (await eventsOf(db, type)).length]).toEqual([type, 1]);
    }
  });
});
