import {
  cancelScheduledCommand,
  changePurchase,
  changeSubscriptionPlan,
  endSubscription,
  openSubscription,
  resumeSubscription,
  runDueCommand,
  scheduleChange,
  suspendSubscription,
} from '../../src/core/billing/index.js';
import {
  addLicenseType,
  defineApplication,
  definePlan,
  updateApplication,
  updatePlan,
} from '../../src/core/catalog/index.js';
import {
  addMembership,
  addUserEmail,
  amendClient,
  amendIdentityProvider,
  changeMembership,
  createUser,
  disableMembership,
  disableUser,
  enableMembership,
  enableUser,
  registerClient,
  registerIdentityProvider,
  setPasswordOf,
  updateUser,
  verifyUserEmail,
} from '../../src/core/identity/index.js';
import { assignLicense, moveLicense, releaseLicense, setPoolQuantity } from '../../src/core/licensing/index.js';
import {
  amendWebhook,
  bindExternalRef,
  configureChannel,
  freeExternalId,
  registerServiceAccount,
  registerWebhook,
  updateChannel,
  updateServiceAccount,
} from '../../src/core/marketplace/index.js';
import {
  askApproval,
  configureInstance,
  decideApproval,
  disableObject,
  enableObject,
  provisionInstance,
  registerProvider,
  removeMember,
  terminateObject,
} from '../../src/core/provisioning/index.js';
import type { Unit } from '../../src/core/repositories.js';
import { day, shift } from '../../src/core/shared/clock.js';
import { createTenant, updateTenant } from '../../src/core/tenancy/index.js';
import { onEveryDatabase } from '../support/databases.js';
import { type Hub, makeHub, makePerson, member, operator, outcome, perform, system, traceOf } from './support/hub.js';

const webhookSecret = `whsec_${'c2VjcmV0LW9mLWEtd2ViaG9vay10aGF0LWlzLWxvbmc='}`;

onEveryDatabase('commands', (db) => {
  let hub: Hub;
  beforeEach(async () => {
    hub = await makeHub(db);
  });
  const run = <T>(work: (tx: Unit) => Promise<T>) => perform(db, operator(), work);
  const answer = (work: (tx: Unit) => Promise<unknown>) => outcome(run(work));
  const eventsOf = async (id: string) => (await traceOf(db, id)).events;

  it('leave a journal entry with the actor, and an event under the tenant it happened in', async () => {
    const { user, membership } = await hub.person(hub.customer.id);
    const seat = { tenantId: hub.customer.id, licenseTypeId: hub.application.seat.id };
    const provider = hub.provider.id;
    const tenantId = hub.customer.id;
    const made: [string, string, string, (tx: Unit) => Promise<{ id: string }>][] = [
      ['tenant.created', '*', 'tenant', (tx) => createTenant(tx, { kind: 'customer', name: 'T' })],
      ['tenant.updated', tenantId, 'tenant', (tx) => updateTenant(tx, { id: tenantId, country: 'JP' })],
      [
        'application.defined',
        provider,
        'application',
        (tx) => defineApplication(tx, { key: 'n', name: 'N', ownerTenantId: provider }),
      ],
      [
        'application.updated',
        provider,
        'application',
        (tx) => updateApplication(tx, { id: hub.own.id, name: 'Other' }),
      ],
      [
        'plan.defined',
        provider,
        'plan',
        (tx) => definePlan(tx, { applicationId: hub.own.id, key: 'y', amount: '1', currency: 'EUR', interval: 'year' }),
      ],
      ['plan.updated', provider, 'plan', (tx) => updatePlan(tx, { id: hub.own.plan.id, retired: true })],
      [
        'instance.provisioned',
        tenantId,
        'instance',
        async (tx) => (await provisionInstance(tx, { tenantId, applicationId: hub.application.id })).instance,
      ],
      [
        'instance.configured',
        tenantId,
        'instance',
        (tx) => configureInstance(tx, { id: hub.instance.id, parameters: { color: 'red' } }),
      ],
      [
        'instance.disabled',
        tenantId,
        'instance',
        async (tx) => (await disableObject(tx, { kind: 'instance', id: hub.instance.id })).row,
      ],
      [
        'instance.enabled',
        tenantId,
        'instance',
        async (tx) => (await enableObject(tx, { kind: 'instance', id: hub.instance.id })).row,
      ],
      ['license.pool_changed', tenantId, 'licensePool', (tx) => setPoolQuantity(tx, { ...seat, quantity: 3 })],
      ['license.assigned', tenantId, 'license', (tx) => assignLicense(tx, { ...seat, userId: user.id })],
      [
        'license.released',
        tenantId,
        'license',
        async (tx) => releaseLicense(tx, { id: (await tx.licenses.findMany({ userId: user.id }))[0]!.id }),
      ],
      [
        'subscription.plan_changed',
        tenantId,
        'subscription',
        async (tx) => {
          const plan = await definePlan(tx, {
            applicationId: hub.application.id,
            key: 'z',
            amount: '1',
            currency: 'EUR',
            interval: 'year',
          });
          return changeSubscriptionPlan(tx, { id: hub.subscription.id, planId: plan.id });
        },
      ],
      [
        'subscription.suspended',
        tenantId,
        'subscription',
        (tx) => suspendSubscription(tx, { id: hub.subscription.id }),
      ],
      ['subscription.resumed', tenantId, 'subscription', (tx) => resumeSubscription(tx, { id: hub.subscription.id })],
      [
        'subscription.end_scheduled',
        tenantId,
        'subscription',
        (tx) => endSubscription(tx, { id: hub.subscription.id, endsAt: shift(tx.now, day) }),
      ],
      ['subscription.ended', tenantId, 'subscription', (tx) => endSubscription(tx, { id: hub.subscription.id })],
      [
        'membership.changed',
        tenantId,
        'membership',
        (tx) => changeMembership(tx, { id: membership.id, roles: ['VIEWER'] }),
      ],
      ['membership.disabled', tenantId, 'membership', (tx) => disableMembership(tx, { id: membership.id })],
      ['membership.enabled', tenantId, 'membership', (tx) => enableMembership(tx, { id: membership.id })],
      [
        'membership.added',
        hub.sibling.id,
        'membership',
        (tx) => addMembership(tx, { userId: user.id, tenantId: hub.sibling.id, roles: ['MEMBER'] }),
      ],
      ['user.updated', '', 'user', (tx) => updateUser(tx, { id: user.id, givenName: 'Mina' })],
      ['user.disabled', '', 'user', (tx) => disableUser(tx, { id: user.id })],
      ['user.enabled', '', 'user', (tx) => enableUser(tx, { id: user.id })],
      ['membership.removed', tenantId, 'membership', (tx) => removeMember(tx, { id: membership.id })],
      [
        'channel.configured',
        '',
        'channel',
        (tx) => configureChannel(tx, { name: 'new', protocol: 'prm', settings: {} }),
      ],
      ['channel.updated', '', 'channel', (tx) => updateChannel(tx, { id: hub.channelA.id, disabled: true })],
      [
        'service_account.registered',
        tenantId,
        'serviceAccount',
        (tx) => registerServiceAccount(tx, { channelId: hub.channelA.id, username: 'u', passwordHash: 'h', tenantId }),
      ],
      [
        'client.registered',
        tenantId,
        'client',
        (tx) =>
          registerClient(tx, {
            clientId: 'c',
            secretHash: 'h',
            tenantId,
            grantTypes: ['client_credentials'],
            scopes: [],
          }),
      ],
      [
        'instance.terminated',
        tenantId,
        'instance',
        async (tx) => (await terminateObject(tx, { kind: 'instance', id: hub.instance.id })).row,
      ],
      [
        'tenant.terminated',
        tenantId,
        'tenant',
        async (tx) => (await terminateObject(tx, { kind: 'tenant', id: tenantId })).row,
      ],
    ];
    for (const [event, tenant, kind, command] of made) {
      const name = `test.${event}`;
      const { id } = await db.persistence.uow.run(operator(), { name, requestId: 'r' }, command);
      const trace = await traceOf(db, id);
      expect([event, trace.events.at(-1)]).toEqual([event, [event, tenant === '*' ? id : tenant]]);
      const entry = trace.entries.filter((one) => one.command === name);
      expect([event, kind, entry.length > 0]).toEqual([event, kind, true]);
      expect(entry.every((one) => one.actor === 'usr_00000000000000000000000001')).toBe(true);
    }
  });

  it('answer again what is already so: no row, no entry, no event', async () => {
    const { user, membership } = await hub.person(hub.customer.id);
    const seat = { tenantId: hub.customer.id, licenseTypeId: hub.application.seat.id };
    const ref = { channelId: hub.channelA.id, kind: 'tenant', externalId: 'T 1', targetId: hub.ofA.id } as const;
    const twice: ((tx: Unit) => Promise<unknown>)[] = [
      (tx) => updateTenant(tx, { id: hub.customer.id, name: 'Same' }),
      (tx) => disableObject(tx, { kind: 'instance', id: hub.instance.id }),
      (tx) => enableObject(tx, { kind: 'instance', id: hub.instance.id }),
      (tx) => configureInstance(tx, { id: hub.instance.id, name: 'Same' }),
      (tx) => setPoolQuantity(tx, { ...seat, quantity: 4 }),
      (tx) => assignLicense(tx, { ...seat, userId: user.id }),
      async (tx) => releaseLicense(tx, { id: (await tx.licenses.findMany({ userId: user.id }))[0]!.id }),
      (tx) => disableMembership(tx, { id: membership.id }),
      (tx) => enableMembership(tx, { id: membership.id }),
      (tx) => disableUser(tx, { id: user.id }),
      (tx) => enableUser(tx, { id: user.id }),
      (tx) => suspendSubscription(tx, { id: hub.subscription.id }),
      (tx) => resumeSubscription(tx, { id: hub.subscription.id }),
      (tx) => endSubscription(tx, { id: hub.subscription.id, endsAt: '2027-01-01T00:00:00Z' }),
      (tx) => endSubscription(tx, { id: hub.subscription.id }),
      (tx) => bindExternalRef(tx, ref),
      async (tx) => freeExternalId(tx, { id: (await tx.externalRefs.findMany({ externalId: 'T 1' }))[0]!.id }),
    ];
    const size = async () => [
      (await db.raw.read.all('SELECT id FROM journal_entries')).length,
      (await db.raw.read.all('SELECT id FROM outbox_events')).length,
    ];
    for (const command of twice) {
      await run(command);
      const before = await size();
      await run(command);
      expect([String(command), await size()]).toEqual([String(command), before]);
    }
  });

  it('refuse by code', async () => {
    const { user, membership } = await hub.person(hub.customer.id, ['OWNER']);
    const other = await hub.person(hub.customer.id);
    const seat = { tenantId: hub.customer.id, licenseTypeId: hub.application.seat.id, instanceId: hub.instance.id };
    await run((tx) => setPoolQuantity(tx, { ...seat, quantity: 1 }));
    const license = await run((tx) => assignLicense(tx, { ...seat, userId: user.id }));
    const plan = {
      applicationId: hub.application.id,
      key: 'p',
      amount: '1',
      currency: 'EUR',
      interval: 'day',
    } as const;
    const retired = await run(async (tx) => updatePlan(tx, { id: (await definePlan(tx, plan)).id, retired: true }));
    const scheduled = await run((tx) =>
      scheduleChange(tx, { instanceId: hub.instance.id, change: { quantities: [] }, dueAt: shift(tx.now, day) }),
    );
    const address = await run((tx) => addUserEmail(tx, { userId: user.id, email: 'Ö@Example.com', verified: true }));
    const refused: [string, (tx: Unit) => Promise<unknown>][] = [
      ['invalid_value', (tx) => createTenant(tx, { kind: 'customer', name: ' x' })],
      ['invalid_value', (tx) => createTenant(tx, { kind: 'customer', name: 'a\u202e\ud800' })],
      ['invalid_value', (tx) => createTenant(tx, { kind: 'provider', name: 'x', parentId: hub.reseller.id })],
      [
        'invalid_value',
        (tx) => createTenant(tx, { kind: 'customer', name: 'x', contact: { email: `${'İ'.repeat(200)}@x.example` } }),
      ],
      ['version_conflict', (tx) => updateTenant(tx, { id: hub.customer.id, expectedVersion: 99, name: 'x' })],
      ['in_use', (tx) => terminateObject(tx, { kind: 'tenant', id: hub.reseller.id })],
      ['in_use', (tx) => terminateObject(tx, { kind: 'application', id: hub.application.id })],
      ['already_exists', (tx) => defineApplication(tx, { key: 'hub-crm', name: 'x' })],
      ['already_exists', (tx) => addLicenseType(tx, { applicationId: hub.application.id, code: 'Seat' })],
      ['already_exists', (tx) => definePlan(tx, plan)],
      ['invalid_value', (tx) => definePlan(tx, { ...plan, key: 'q', amount: '-1' })],
      ['invalid_value', (tx) => definePlan(tx, { ...plan, key: 'q', amount: '9223372036854775808' })],
      ['invalid_value', (tx) => definePlan(tx, { ...plan, key: 'q', currency: 'eur' })],
      ['wrong_state', (tx) => openSubscription(tx, { tenantId: hub.sibling.id, planId: retired.id })],
      [
        'already_exists',
        (tx) =>
          openSubscription(tx, {
            tenantId: hub.customer.id,
            planId: hub.application.plan.id,
            instanceId: hub.instance.id,
          }),
      ],
      [
        'invalid_value',
        (tx) =>
          openSubscription(tx, {
            tenantId: hub.sibling.id,
            planId: hub.application.plan.id,
            trialEndsAt: '+012345-01-01T00:00:00.000Z',
          }),
      ],
      ['invalid_value', (tx) => endSubscription(tx, { id: hub.subscription.id, endsAt: 'tomorrow' })],
      ['invalid_value', (tx) => changeSubscriptionPlan(tx, { id: hub.subscription.id, planId: hub.own.plan.id })],
      [
        'invalid_value',
        (tx) => scheduleChange(tx, { instanceId: hub.instance.id, change: { quantities: [] }, dueAt: 'z' }),
      ],
      [
        'invalid_value',
        (tx) => scheduleChange(tx, { instanceId: hub.instance.id, change: { quantities: [] }, dueAt: tx.now }),
      ],
      ['version_conflict', (tx) => cancelScheduledCommand(tx, { id: scheduled.id, expectedVersion: 5 })],
      [
        'not_found',
        (tx) =>
          provisionInstance(tx, {
            tenantId: hub.sibling.id,
            applicationId: hub.application.id,
            planId: hub.own.plan.id,
          }),
      ],
      [
        'not_found',
        (tx) =>
          provisionInstance(tx, {
            tenantId: hub.sibling.id,
            applicationId: hub.application.id,
            licenses: [{ licenseTypeId: hub.own.seat.id, quantity: 1 }],
          }),
      ],
      ['quantity_below_use', (tx) => setPoolQuantity(tx, { ...seat, quantity: 0 })],
      [
        'quantity_below_use',
        (tx) =>
          changePurchase(tx, {
            instanceId: hub.instance.id,
            quantities: [{ licenseTypeId: seat.licenseTypeId, quantity: 0 }],
          }),
      ],
      ['invalid_value', (tx) => setPoolQuantity(tx, { ...seat, quantity: 1.5 })],
      ['invalid_value', (tx) => setPoolQuantity(tx, { ...seat, quantity: 2_000_000_001 })],
      [
        'pool_exhausted',
        (tx) => setPoolQuantity(tx, { tenantId: hub.reseller.id, licenseTypeId: seat.licenseTypeId, quantity: 101 }),
      ],
      ['pool_exhausted', (tx) => assignLicense(tx, { ...seat, userId: other.user.id })],
      ['not_found', (tx) => moveLicense(tx, { id: license.id, userId: hub.customer.id })],
      ['version_conflict', (tx) => moveLicense(tx, { id: license.id, userId: other.user.id, expectedVersion: 3 })],
      [
        'unknown_reference',
        async (tx) => {
          const { user: there } = await makePerson(tx, hub.rivals.id);
          return assignLicense(tx, {
            tenantId: hub.rivals.id,
            licenseTypeId: seat.licenseTypeId,
            userId: there.id,
          });
        },
      ],
      ['in_use', (tx) => removeMember(tx, { id: membership.id })],
      ['in_use', (tx) => changeMembership(tx, { id: membership.id, roles: ['MEMBER'] })],
      ['invalid_value', (tx) => changeMembership(tx, { id: membership.id, roles: [] })],
      ['already_exists', (tx) => addMembership(tx, { userId: user.id, tenantId: hub.customer.id, roles: ['MEMBER'] })],
      [
        'not_found',
        (tx) =>
          addMembership(tx, { userId: user.id, tenantId: hub.customer.id, instanceId: hub.inA.id, roles: ['MEMBER'] }),
      ],
      [
        'already_exists',
        (tx) => addUserEmail(tx, { userId: other.user.id, email: 'o\u0308@EXAMPLE.com', verified: true }),
      ],
      ['version_conflict', (tx) => verifyUserEmail(tx, { id: address.id, expectedVersion: 8 })],
      ['forbidden', (tx) => disableObject(tx, { kind: 'instance', id: hub.instance.id, as: 'marketplace' })],
      ['already_exists', (tx) => configureChannel(tx, { name: 'hub-a', protocol: 'nec', settings: {} })],
      [
        'unknown_reference',
        (tx) =>
          registerServiceAccount(tx, {
            channelId: hub.channelA.id,
            username: 'u',
            passwordHash: 'h',
            tenantId: 'ten_x',
          }),
      ],
      [
        'invalid_value',
        (tx) =>
          registerClient(tx, {
            clientId: 'c',
            secretHash: '',
            level: 333,
            grantTypes: ['client_credentials'],
            scopes: [],
          }),
      ],
      ['wrong_state', (tx) => askApproval(tx, { kind: 'instance', id: hub.instance.id, approval: 'delete' })],
    ];
    for (const [code, command] of refused) {
      expect([String(command), await answer(command)]).toEqual([String(command), code]);
    }
    await run((tx) => terminateObject(tx, { kind: 'tenant', id: hub.customer.id }));
    const ended: ((tx: Unit) => Promise<unknown>)[] = [
      (tx) => updateTenant(tx, { id: hub.customer.id, name: 'x' }),
      (tx) => createTenant(tx, { kind: 'group', name: 'x', parentId: hub.customer.id }),
      (tx) => provisionInstance(tx, { tenantId: hub.customer.id, applicationId: hub.application.id }),
      (tx) => configureInstance(tx, { id: hub.instance.id, name: 'x' }),
      (tx) => enableObject(tx, { kind: 'instance', id: hub.instance.id }),
      (tx) => terminateObject(tx, { kind: 'tenant', id: hub.customer.id }),
      (tx) => setPoolQuantity(tx, { ...seat, quantity: 9 }),
      (tx) => assignLicense(tx, { ...seat, userId: user.id }),
      (tx) => openSubscription(tx, { tenantId: hub.customer.id, planId: hub.application.plan.id }),
      (tx) => addMembership(tx, { userId: user.id, tenantId: hub.customer.id, roles: ['MEMBER'] }),
      (tx) => changeMembership(tx, { id: membership.id, roles: ['ADMIN'] }),
      (tx) => changePurchase(tx, { instanceId: hub.instance.id, quantities: [] }),
      (tx) => runDueCommand(tx, scheduled),
    ];
    for (const command of ended)
      expect([String(command), await answer(command)]).toEqual([String(command), 'terminated']);
    expect(await answer((tx) => suspendSubscription(tx, { id: hub.subscription.id }))).toBe('wrong_state');
  });

  it('of approvals: what is approved happens, what is disapproved does not, and a registration that fails ends', async () => {
    const ask = (approval: 'update' | 'delete', proposed = {}) =>
      perform(db, member(hub.customer.id), (tx) =>
        askApproval(tx, { kind: 'instance', id: hub.instance.id, approval, proposed }),
      );
    const decide = (id: string, approve: boolean) =>
      run((tx) => decideApproval(tx, { id, approve, reason: 'because' }));
    const live = () => run(async (tx) => (await tx.instances.find(hub.instance.id))!);
    const hold = (on: boolean) =>
      perform(db, system, (tx) => (on ? enableObject : disableObject)(tx, { kind: 'instance', id: hub.instance.id }));

    await decide((await ask('update', { name: 'Later' })).id, false);
    expect(await live()).toMatchObject({ name: hub.instance.name, pending: '' });
    await decide((await ask('update', { name: 'Later' })).id, true);
    expect(await live()).toMatchObject({ name: 'Later', pending: '' });

    await hold(false);
    const kept = await ask('delete');
    expect(await live()).toMatchObject({ pending: 'delete', terminatedAt: null });
    await decide(kept.id, false);
    await hold(true);
    expect(await live()).toMatchObject({ pending: '', terminatedAt: null, holds: [] });
    await hold(false);
    const gone = await ask('delete');
    await decide(gone.id, true);
    expect(await live()).toMatchObject({ pending: '', terminatedAt: db.clock.now() });
    expect(await answer((tx) => decideApproval(tx, { id: gone.id, approve: true }))).toBe('wrong_state');
    expect((await eventsOf(hub.instance.id)).map(([type]) => type)).toEqual(
      expect.arrayContaining([
        'instance.update_approved',
        'instance.update_disapproved',
        'instance.delete_approved',
        'instance.terminated',
      ]),
    );

    const registering = await run(async (tx) => {
      const settings = { selfRegistration: true };
      const channel = await configureChannel(tx, { name: 'prm', protocol: 'prm', settings });
      const tenant = await registerProvider(tx, { channelId: channel.id, externalId: 'ask', passwordHash: 'hash' });
      return (await tx.approvals.findOne({ openKey: tenant.id }))!;
    });
    await decide(registering.id, false);
    await run(async (tx) => {
      expect(await tx.tenants.find(registering.objectId)).toMatchObject({ terminatedAt: tx.now, pending: '' });
      expect(await tx.externalRefs.count({ externalId: 'ask', liveKey: '0' })).toBe(0);
    });
  });

  it('write no secret into the journal or an event', async () => {
    const secrets = ['HASH-of-a-password', 'SOAP-secret', 'CHANNEL-secret', 'CLIENT-hash', 'IDP-secret', webhookSecret];
    const { user } = await hub.person(hub.customer.id);
    await run(async (tx) => {
      const created = await createUser(tx, { displayName: 'P', passwordHash: secrets[0]! });
      await setPasswordOf(tx, { userId: user.id, passwordHash: `${secrets[0]}-2`, mustChange: true });
      await disableUser(tx, { id: created.id });
      const account = await registerServiceAccount(tx, {
        channelId: hub.channelA.id,
        username: 'u',
        passwordHash: secrets[0]!,
        soapSecret: secrets[1]!,
      });
      await updateServiceAccount(tx, {
        id: account.id,
        passwordHash: `${secrets[0]}-3`,
        soapSecret: `${secrets[1]}-2`,
      });
      const channel = await configureChannel(tx, { name: 'c', protocol: 'nec', settings: { password: secrets[2] } });
      await updateChannel(tx, { id: channel.id, settings: { password: `${secrets[2]}-2` } });
      const machine = {
        clientId: 'm',
        secretHash: secrets[3]!,
        level: 333,
        grantTypes: ['client_credentials'],
        scopes: [],
      };
      await amendClient(tx, { id: (await registerClient(tx, machine)).id, secretHash: `${secrets[3]}-2` });
      const webhook = await registerWebhook(tx, { url: 'https://x.example', secret: webhookSecret, events: ['*'] });
      await amendWebhook(tx, { id: webhook.id, url: 'https://y.example' });
      const idp = await registerIdentityProvider(tx, {
        key: 'i',
        tenantId: hub.customer.id,
        issuer: 'https://login.example',
        clientId: 'c',
        clientSecret: secrets[4]!,
        emailDomains: [],
        required: false,
      });
      await amendIdentityProvider(tx, { id: idp.id, clientSecret: `${secrets[4]}-2` });
    });
    const rows = JSON.stringify([
      await db.raw.read.all('SELECT * FROM journal_payloads'),
      await db.raw.read.all('SELECT * FROM journal_entries'),
      await db.raw.read.all('SELECT * FROM outbox_events'),
    ]);
    expect(rows).toContain('***');
    for (const secret of secrets) expect(rows).not.toContain(secret);
  });
});
