import type { Actor } from '../../src/core/shared/actor.js';
import { onEveryDatabase } from '../support/databases.js';
import {
  type CommandAnswer,
  type CommandServer,
  hashClientSecret,
  refusal,
  startCommands,
} from './support/commands.js';
import { client, member, operator } from './support/mercator.js';
import { makeStage, type Stage } from './support/stage.js';

onEveryDatabase('rules of mutations', (db) => {
  let server: CommandServer;
  let stage: Stage;
  beforeAll(async () => {
    server = await startCommands(db);
  });
  afterAll(() => server.close());
  beforeEach(async () => {
    stage = await makeStage(db);
  });

  const mutate = (mutation: string, input: object, payload: string, actor: Actor = operator()) =>
    server.mutate(actor, mutation, input, `{ ${payload} }`);
  const count = async (table: string) =>
    Number((await db.raw.read.all<{ total: number }>(`SELECT COUNT(*) AS total FROM ${table}`))[0]!.total);

  describe('idempotency', () => {
    const tenant = (key: string, name = 'Once') => ({ kind: 'CUSTOMER', name, idempotencyKey: key });

    it('the same command again answers the same and does nothing', async () => {
      const first = await mutate('createTenant', tenant('k1'), 'tenant { id name }');
      const before = await count('tenants');
      const again = await mutate(
        'createTenant',
        { name: 'Once', idempotencyKey: 'k1', kind: 'CUSTOMER' },
        'tenant { id name }',
      );
      expect(again.data).toEqual(first.data);
      expect(await count('tenants')).toBe(before);
    });

    it('other content or another mutation under the key is a conflict', async () => {
      await mutate('createTenant', tenant('k2'), 'tenant { id }');
      const other = await mutate('createTenant', tenant('k2', 'Twice'), 'tenant { id }');
      expect(refusal(other)).toBe('CONFLICT idempotency_conflict');
      const { id } = stage.tenant;
      const elsewhere = await mutate('disableTenant', { id, idempotencyKey: 'k2' }, 'tenant { id }');
      expect(refusal(elsewhere)).toBe('CONFLICT idempotency_conflict');
    });

    it('keys of different callers never meet', async () => {
      const one = await mutate('createTenant', tenant('k3'), 'tenant { id }');
      const two = await mutate('createTenant', tenant('k3'), 'tenant { id }', client({ level: 1000 }));
      expect(two.data.createTenant.tenant.id).not.toBe(one.data.createTenant.tenant.id);
    });

    it('a refused command may be tried again under its key', async () => {
      const input = { id: stage.tenant.id, expectedVersion: 1_000, name: 'New', idempotencyKey: 'k4' };
      expect(refusal(await mutate('updateTenant', input, 'tenant { id }'))).toBe('CONFLICT version_conflict');
      const again = await mutate('updateTenant', { ...input, expectedVersion: null }, 'tenant { name }');
      expect(again.data.updateTenant.tenant.name).toBe('New');
    });

    it('20 at once are one', async () => {
      const before = await count('tenants');
      const answers = await Promise.all(
        Array.from({ length: 20 }, () => mutate('createTenant', tenant('k5'), 'tenant { id }')),
      );
      expect(answers.map(refusal)).toEqual(Array(20).fill(undefined));
      expect(new Set(answers.map((answer) => answer.data.createTenant.tenant.id)).size).toBe(1);
      expect(await count('tenants')).toBe(before + 1);
    });

    it('a secret that was made is answered again, and stored for that only encrypted', async () => {
      const input = { channelId: stage.channel.id, username: 'again', idempotencyKey: 'k6' };
      const first = await mutate('registerServiceAccount', input, 'password serviceAccount { id }');
      const again = await mutate('registerServiceAccount', input, 'password serviceAccount { id }');
      expect(again.data).toEqual(first.data);
      const kept = await db.raw.read.all('SELECT answer FROM inbox');
      expect(JSON.stringify(kept)).not.toContain(first.data.registerServiceAccount.password);
    });
  });

  it('an outdated version is refused and nothing changes', async () => {
    const input = { id: stage.plan.id, name: 'New', expectedVersion: 7 };
    expect(refusal(await mutate('updatePlan', input, 'plan { id }'))).toBe('CONFLICT version_conflict');
    const license = { id: stage.license.id, expectedVersion: 7 };
    expect(refusal(await mutate('releaseLicense', license, 'license { id }'))).toBe('CONFLICT version_conflict');
    expect(await stage.unit(async (tx) => (await tx.plans.find(stage.plan.id))?.name)).toBe('month');
  });

  it('a value sets, null clears, absent leaves alone', async () => {
    const { id } = stage.tenant;
    const show = 'tenant { name country timeZone contact { name email } }';
    const contact = { name: 'Ute', email: 'ute@a.example' };
    await mutate('updateTenant', { id, country: 'JP', timeZone: 'Asia/Tokyo', contact }, show);
    const some = await mutate('updateTenant', { id, country: null, contact: { email: null } }, show);
    expect(some.data.updateTenant.tenant).toMatchObject({
      country: '',
      timeZone: 'Asia/Tokyo',
      contact: { name: 'Ute', email: '' },
    });
    expect(refusal(await mutate('updateTenant', { id, name: null }, show))).toBe('INVALID invalid_value');
  });

  it('what is no part of an input is refused', async () => {
    const { id } = stage.user;
    for (const extra of [{ operatorLevel: 1000 }, { passwordHash: 'x' }, { nonsense: 1 }]) {
      const answer = await mutate('updateUser', { id, ...extra }, 'user { id }');
      expect(answer.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
    }
    const kind = await mutate('createTenant', { kind: 'EMPEROR', name: 'X' }, 'tenant { id }');
    expect(kind.errors?.[0]?.extensions.code).toBe('BAD_USER_INPUT');
  });

  it('two mutations in one request: the second payload shows the second change', async () => {
    const { id } = stage.tenant;
    const answer = await server.ask(
      operator(),
      'mutation ($a: UpdateTenantInput!, $b: UpdateTenantInput!) { a: updateTenant(input: $a) { tenant { name } } b: updateTenant(input: $b) { tenant { name } } }',
      { a: { id, name: 'First' }, b: { id, name: 'Second' } },
    );
    expect(answer.data).toEqual({ a: { tenant: { name: 'First' } }, b: { tenant: { name: 'Second' } } });
  });

  describe('seats', () => {
    const outcome =
      '__typename ... on PoolExhausted { licenseType quantity used message } ... on NotAMember { message }';

    it('50 takers of 5 seats: exactly 5 get one', async () => {
      const people = await stage.unit(async (tx) => {
        const { createMember } = await import('../../src/core/identity/index.js');
        const ids: string[] = [];
        for (let n = 0; n < 50; n++) {
          const membership = { tenantId: stage.stranger.id, roles: ['MEMBER'] as const };
          ids.push((await createMember(tx, { givenName: `P${n}`, membership })).user.id);
        }
        const { setPoolQuantity } = await import('../../src/core/licensing/index.js');
        await setPoolQuantity(tx, { tenantId: stage.stranger.id, licenseTypeId: stage.standard.id, quantity: 5 });
        return ids;
      });
      const admin = member('usr_00000000000000000000000009', stage.stranger.id, ['ADMIN']);
      const seat = { tenantId: stage.stranger.id, licenseTypeId: stage.standard.id };
      const answers = await Promise.all(
        people.map((userId) => mutate('assignLicense', { ...seat, userId }, outcome, admin)),
      );
      const kinds = answers.map((answer) => answer.data?.assignLicense.__typename as string);
      expect(kinds.filter((kind) => kind === 'AssignLicenseSuccess')).toHaveLength(5);
      expect(kinds.filter((kind) => kind === 'PoolExhausted')).toHaveLength(45);
      const held = await stage.unit((tx) => tx.licenses.count({ tenantId: stage.stranger.id, liveKey: '0' }));
      expect(held).toBe(5);
    });

    it('says who is no member, and what nobody bought', async () => {
      const seat = { tenantId: stage.stranger.id, licenseTypeId: stage.standard.id, userId: stage.user.id };
      const stranger = await mutate('assignLicense', seat, outcome);
      expect(stranger.data.assignLicense).toMatchObject({ __typename: 'NotAMember' });
      const { tenant, application, other } = stage;
      const added = await mutate(
        'addLicenseType',
        { applicationId: application.id, code: 'Rare' },
        'licenseType { id }',
      );
      const rare = { tenantId: tenant.id, userId: other.id, licenseTypeId: added.data.addLicenseType.licenseType.id };
      const none = await mutate('assignLicense', rare, '__typename ... on NothingBought { licenseType }');
      expect(none.data.assignLicense).toEqual({ __typename: 'NothingBought', licenseType: 'Rare' });
    });

    it('a full pool lets a seat move', async () => {
      const { license, other, tenant, standard } = stage;
      await mutate(
        'setPoolQuantity',
        { tenantId: tenant.id, licenseTypeId: standard.id, quantity: 1 },
        'licensePool { id }',
      );
      const moved = await mutate(
        'moveLicense',
        { id: license.id, userId: other.id },
        '... on AssignLicenseSuccess { license { user { id } pool { used } } }',
      );
      expect(moved.data.moveLicense.license).toEqual({ user: { id: other.id }, pool: { used: 1 } });
    });

    it('an instance of another customer takes no seat, member, pool or subscription of ours', async () => {
      const { stranger, standard, instance, other, plan, user } = stage;
      await stage.unit(async (tx) => {
        const { addMembership } = await import('../../src/core/identity/index.js');
        await addMembership(tx, { userId: other.id, tenantId: stranger.id, roles: ['MEMBER'] });
      });
      const place = { tenantId: stranger.id, instanceId: instance.id };
      const answers: CommandAnswer[] = [
        await mutate('assignLicense', { ...place, licenseTypeId: standard.id, userId: other.id }, '__typename'),
        await mutate('setPoolQuantity', { ...place, licenseTypeId: standard.id, quantity: 1 }, '__typename'),
        await mutate('openSubscription', { ...place, planId: plan.id }, '__typename'),
        await mutate('addMembership', { userId: user.id, membership: { ...place, roles: ['MEMBER'] } }, '__typename'),
      ];
      expect(answers.map(refusal)).toEqual(Array(4).fill('NOT_FOUND not_found'));
    });
  });

  describe('purchases', () => {
    it('what may not be bought now may not be agreed for later', async () => {
      const admin = member('usr_00000000000000000000000009', stage.tenant.id, ['ADMIN']);
      const quantities = [{ licenseTypeId: stage.standard.id, quantity: 1_000 }];
      const later = { instanceId: stage.instance.id, quantities, effectiveAt: '2026-02-01T00:00:00.000Z' };
      expect(refusal(await mutate('changePurchase', later, '__typename', admin))).toMatch(/^(FORBIDDEN|NOT_FOUND)/);
    });

    it('an end ahead is one scheduled command; a later answer replaces it, canceling keeps the subscription', async () => {
      const { id } = stage.subscription;
      const end = (endsAt: string) => mutate('endSubscription', { id, endsAt }, 'subscription { status endsAt }');
      await end('2026-02-01T00:00:00.000Z');
      const answer = await end('2026-03-01T00:00:00.000Z');
      expect(answer.data.endSubscription.subscription).toEqual({
        status: 'ACTIVE',
        endsAt: '2026-03-01T00:00:00.000Z',
      });
      const open = await stage.unit((tx) => tx.scheduledCommands.findMany({ objectId: id, doneAt: null }));
      expect(open.map((one) => one.dueAt)).toEqual(['2026-03-01T00:00:00.000Z']);
      await mutate('cancelScheduledCommand', { id: open[0]!.id }, 'scheduledCommand { id }');
      expect(await stage.unit(async (tx) => (await tx.subscriptions.find(id))?.endsAt)).toBeNull();
      const again = await mutate('cancelScheduledCommand', { id: open[0]!.id }, 'scheduledCommand { id }');
      expect(refusal(again)).toBe('WRONG_STATE wrong_state');
    });
  });

  describe('power over people', () => {
    const chief = () =>
      stage.unit(
        async (tx) => (await tx.users.save((await tx.users.find(stage.owner.id))!, { operatorLevel: 1000 })).id,
      );

    it('a lower operator touches no account of a higher one', async () => {
      const userId = await chief();
      const [email] = await stage.unit((tx) => tx.userEmails.findMany({ userId }));
      const answers = [
        await mutate('setPassword', { userId, password: 'a long enough one' }, '__typename', operator(666)),
        await mutate('sendPasswordLink', { userId }, '__typename', operator(666)),
        await mutate('addUserEmail', { userId, email: 'x@y.example', verified: true }, '__typename', operator(666)),
        await mutate('verifyUserEmail', { id: email!.id }, '__typename', operator(666)),
        await mutate('disableUser', { id: userId }, '__typename', operator(666)),
        await mutate('signOut', { userId }, '__typename', operator(666)),
      ];
      expect(answers.map(refusal)).toEqual(Array(6).fill('FORBIDDEN forbidden'));
    });

    it('an administrator of a tenant does not set the password of an operator, nor of who belongs elsewhere', async () => {
      const admin = member('usr_00000000000000000000000009', stage.tenant.id, ['ADMIN']);
      const password = 'a long enough one';
      const set = (userId: string) => mutate('setPassword', { userId, password }, '__typename', admin);
      const link = (userId: string) => mutate('sendPasswordLink', { userId }, '__typename', admin);
      const userId = await chief();
      expect([refusal(await set(userId)), refusal(await link(userId))]).toEqual(
        Array(2).fill('FORBIDDEN password_not_yours'),
      );
      await stage.unit(async (tx) => {
        const { addMembership } = await import('../../src/core/identity/index.js');
        await addMembership(tx, { userId: stage.user.id, tenantId: stage.stranger.id, roles: ['MEMBER'] });
      });
      expect([refusal(await set(stage.user.id)), refusal(await link(stage.user.id))]).toEqual(
        Array(2).fill('FORBIDDEN password_not_yours'),
      );
    });

    it('nobody sets their own password with a token alone, but may have a link sent', async () => {
      const own = member(stage.user.id, stage.tenant.id, ['ADMIN']);
      const set = await mutate(
        'setPassword',
        { userId: stage.user.id, password: 'a long enough one' },
        '__typename',
        own,
      );
      expect(refusal(set)).toBe('FORBIDDEN forbidden');
      const me = member(stage.user.id, stage.tenant.id, ['MEMBER']);
      expect(refusal(await mutate('sendPasswordLink', { userId: stage.user.id }, '__typename', me))).toBeUndefined();
      expect(refusal(await mutate('signOut', { userId: stage.user.id }, 'ended', me))).toBeUndefined();
      const reading = member(stage.user.id, stage.tenant.id, ['MEMBER'], 333);
      expect(refusal(await mutate('signOut', { userId: stage.user.id }, 'ended', reading))).toBe('FORBIDDEN forbidden');
    });

    it('a tenant brings in nobody it cannot see', async () => {
      const admin = member('usr_00000000000000000000000009', stage.stranger.id, ['ADMIN']);
      const membership = { tenantId: stage.stranger.id, roles: ['MEMBER'] };
      const added = await mutate('addMembership', { userId: stage.user.id, membership }, '__typename', admin);
      expect(refusal(added)).toBe('NOT_FOUND not_found');
    });

    it('the hub keeps an administrator', async () => {
      const id = await chief();
      const answer = await mutate('setOperatorLevel', { id, level: null }, '__typename');
      expect(refusal(answer)).toBe('WRONG_STATE in_use');
      expect(refusal(await mutate('setOperatorLevel', { id: stage.user.id, level: 7 }, '__typename'))).toBe(
        'INVALID invalid_value',
      );
    });

    it('domains of an identity provider are given by operators', async () => {
      const admin = member('usr_00000000000000000000000009', stage.tenant.id, ['ADMIN']);
      const change = { id: stage.provider2.id, emailDomains: ['victim.example'] };
      expect(refusal(await mutate('updateIdentityProvider', change, '__typename', admin))).toBe('FORBIDDEN forbidden');
      expect(refusal(await mutate('updateIdentityProvider', change, '__typename'))).toBeUndefined();
      const keep = { id: stage.provider2.id, emailDomains: ['victim.example'], required: true };
      expect(refusal(await mutate('updateIdentityProvider', keep, '__typename', admin))).toBeUndefined();
    });
  });

  describe('secrets', () => {
    it('channel settings: single ones change, secrets stay, the protocol checks the whole', async () => {
      const { id } = stage.channel;
      await mutate('updateChannel', { id, settings: '{"returnUrls":["https://carrier.example/"]}' }, '__typename');
      await mutate(
        'updateChannel',
        { id, settings: '{"lenientEnable":true,"mkpVersion":null,"__proto__":null}' },
        '__typename',
      );
      const settings = await stage.unit(async (tx) => (await tx.channels.find(id))?.settings);
      expect(settings).toEqual({ returnUrls: ['https://carrier.example/'], lenientEnable: true });
      for (const bad of ['{"mkpVersion":"9"}', '{"unknown":1}', '[]', '{', '"text"', '{"__proto__":{"polluted":1}}']) {
        const answer = await mutate('updateChannel', { id, settings: bad }, '__typename');
        expect([bad, refusal(answer)]).toEqual([bad, 'INVALID invalid_value']);
      }
    });

    it('a new client secret replaces the old one; addresses are checked; short passwords are refused', async () => {
      const rotated = await mutate('rotateClientSecret', { id: stage.client.id }, 'clientSecret');
      const kept = await stage.unit(async (tx) => (await tx.clients.find(stage.client.id))?.secretHash);
      expect(kept).toBe(hashClientSecret(rotated.data.rotateClientSecret.clientSecret));
      const { id } = stage.account;
      for (const change of [{ addresses: ['10.0.0.300'] }, { addresses: [] }, { password: 'short' }, { level: 5 }]) {
        const answer = await mutate('updateServiceAccount', { id, ...change }, '__typename');
        expect([change, refusal(answer)]).toEqual([change, 'INVALID invalid_value']);
      }
    });

    it('passwords are never in the journal', async () => {
      await mutate(
        'setPassword',
        { userId: stage.user.id, password: 'unmistakable words', reason: 'asked' },
        '__typename',
      );
      const rows = await db.raw.read.all('SELECT * FROM journal_payloads');
      expect(JSON.stringify(rows)).not.toMatch(/unmistakable|argon2/);
    });

    it('nobody without the right to write has passwords hashed', async () => {
      const input = { userId: stage.user.id, password: 'a long enough one' };
      const answer = await server.mutate(undefined, 'setPassword', input, '{ __typename }');
      expect(refusal(answer)).toBe('FORBIDDEN forbidden');
    });
  });

  it('a proposal is checked like the change itself', async () => {
    const proposal = { id: stage.instance.id, objectKind: 'INSTANCE', kind: 'UPDATE' };
    for (const bad of [
      { accessUrl: 'javascript:alert(1)' },
      { country: 'JP' },
      { parameters: [{ name: '', value: 'x' }] },
    ]) {
      const answer = await mutate('requestApproval', { ...proposal, ...bad }, '__typename');
      expect([bad, refusal(answer)]).toEqual([bad, 'INVALID invalid_value']);
    }
  });

  it('references that are not there are named', async () => {
    const ghost = 'ten_00000000000000000000000000';
    const account = { channelId: stage.channel.id, username: 'u', tenantId: ghost };
    expect(refusal(await mutate('registerServiceAccount', account, '__typename'))).toBe('INVALID unknown_reference');
    const webhook = { tenantId: ghost, url: 'https://a.example/', events: ['*'] };
    expect(refusal(await mutate('registerWebhook', webhook, '__typename'))).toBe('INVALID unknown_reference');
    const reference = { channelId: stage.channel.id, kind: 'TENANT', externalId: 'x', targetId: ghost };
    expect(refusal(await mutate('bindExternalId', reference, '__typename'))).toBe('INVALID unknown_reference');
  });

  it('only operators name another authority', async () => {
    const { id } = stage.instance;
    const billing = await mutate('disableInstance', { id, authority: 'BILLING' }, 'instance { holds { authority } }');
    expect(billing.data.disableInstance.instance.holds).toEqual([{ authority: 'BILLING' }]);
    expect(refusal(await mutate('enableInstance', { id }, '__typename'))).toBe('WRONG_STATE holds_remain');
    const admin = member('usr_00000000000000000000000009', stage.tenant.id, ['ADMIN']);
    const named = await mutate('enableInstance', { id, authority: 'BILLING' }, '__typename', admin);
    expect(refusal(named)).toBe('FORBIDDEN forbidden');
    const market = await mutate('disableInstance', { id, authority: 'MARKETPLACE' }, '__typename');
    expect(refusal(market)).toBe('FORBIDDEN forbidden');
  });
});
