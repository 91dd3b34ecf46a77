import { alarmTrafficLocked } from '../../../src/core/alarms/index.js';
import { defineApplication } from '../../../src/core/catalog/index.js';
import {
  addMembership,
  issueMarketplaceLogin,
  recordClientSession,
  registerClient,
  startSession,
} from '../../../src/core/identity/index.js';
import { assignLicense, setPoolQuantity } from '../../../src/core/licensing/index.js';
import {
  addChannelRecord,
  bindCertificate,
  bindExternalRef,
  configureChannel,
  registerServiceAccount,
  updateServiceAccount,
} from '../../../src/core/marketplace/index.js';
import { askApproval, provisionInstance } from '../../../src/core/provisioning/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { setAgreement } from '../../../src/core/servicelevels/index.js';
import type { Role } from '../../../src/core/shared/actor.js';
import { day } from '../../../src/core/shared/clock.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import { findXmlFault } from '../../../src/platform/xml.js';
import type { TestDatabase } from '../../support/databases.js';
import { makePerson, perform, system } from './hub.js';

export type Ground = Awaited<ReturnType<typeof makeGround>>;
export type Tree = Awaited<ReturnType<typeof growTree>>;

/** What trees stand on: a channel that reuses ids, a provider with seats, the hub's own application, and a customer elsewhere. */
export async function makeGround(db: TestDatabase) {
  return perform(db, system, async (tx) => {
    const channel = await configureChannel(tx, { name: 'unity', protocol: 'kakapo', settings: {} });
    const carrier = await configureChannel(tx, { name: 'carrier', protocol: 'nec', settings: {} });
    const provider = await createTenant(tx, { kind: 'provider', name: 'Telecom', channelId: channel.id });
    const elsewhere = await createTenant(tx, { kind: 'customer', name: 'Elsewhere' });
    const application = await defineApplication(tx, { key: 'desk', name: 'Desk', licenseTypes: [{ code: 'Pro' }] });
    const seat = (await tx.licenseTypes.findOne({ applicationId: application.id, code: 'Pro' }))!;
    await setPoolQuantity(tx, { tenantId: provider.id, licenseTypeId: seat.id, quantity: 100 });
    await registerClient(tx, {
      ...client,
      clientId: 'desk-app',
      applicationId: application.id,
      backchannelLogoutUri: 'https://desk.example/logout',
    });
    return { channel, carrier, provider, elsewhere, application, seat };
  });
}

const client = {
  secretHash: 'hash',
  grantTypes: ['authorization_code'],
  scopes: ['openid'],
  redirectUris: ['https://app.example/callback'],
};

/**
 * A reseller with two groups, a customer and a group below that, and with one of everything that can be a tenant's. `mark` keeps
 * the names of two trees apart.
 */
export async function growTree(db: TestDatabase, ground: Ground, mark: string) {
  return perform(db, system, async (tx) => {
    const { channel, carrier, provider, elsewhere, application, seat } = ground;
    const from = tx.ids.next('request');
    const below = (kind: 'reseller' | 'customer' | 'group', parentId: string) =>
      createTenant(tx, { kind, name: `${mark} ${kind}`, parentId, channelId: channel.id });
    const reseller = await below('reseller', provider.id);
    const group = await below('group', reseller.id);
    const full = await below('group', reseller.id);
    const customer = await below('customer', reseller.id);
    const office = await below('group', customer.id);
    for (const tenant of [reseller, group, full, customer, office]) {
      await bindExternalRef(tx, {
        channelId: channel.id,
        kind: 'tenant',
        parentId: tenant.parentId,
        externalId: `${mark}-${tenant.id}`,
        targetId: tenant.id,
      });
    }
    for (const [tenant, quantity] of [
      [reseller, 20],
      [group, 5],
      [full, 1],
      [customer, 3],
    ] as const) {
      await setPoolQuantity(tx, { tenantId: tenant.id, licenseTypeId: seat.id, quantity });
    }

    const person = async (tenantId: string, roles: readonly Role[] = ['MEMBER']) => {
      const { user, membership } = await makePerson(tx, tenantId, roles, { channelId: channel.id });
      await bindExternalRef(tx, {
        channelId: channel.id,
        kind: 'user',
        parentId: provider.id,
        externalId: `${mark}-${user.id}`,
        targetId: user.id,
      });
      return { user, membership };
    };
    const take = (userId: string, tenantId: string, instanceId = '') =>
      assignLicense(tx, { userId, tenantId, licenseTypeId: seat.id, instanceId });
    const seated = await person(group.id);
    await take(seated.user.id, group.id);
    for (let n = 0; n < 2; n += 1) await take((await person(full.id)).user.id, full.id); // the second seat is the reseller's
    const guest = await person(full.id);
    await addMembership(tx, { userId: guest.user.id, tenantId: provider.id, roles: ['MEMBER'], channelId: channel.id });
    const owner = await person(reseller.id, ['OWNER']);
    const clerk = await person(office.id);
    await take(clerk.user.id, office.id);

    const { instance } = await provisionInstance(tx, {
      tenantId: customer.id,
      applicationId: application.id,
      channelId: channel.id,
      licenses: [{ licenseTypeId: seat.id, quantity: 2 }],
    });
    const own = await defineApplication(tx, { ownerTenantId: reseller.id, key: mark, name: `${mark} own` });
    const sold = await provisionInstance(tx, { tenantId: group.id, applicationId: own.id, channelId: channel.id });
    const user = await makePerson(tx, customer.id, ['MEMBER'], { instanceId: instance.id, channelId: channel.id });
    await take(user.user.id, customer.id, instance.id);
    await registerClient(tx, { ...client, clientId: `${mark}-own`, applicationId: own.id });
    await registerClient(tx, { ...client, clientId: `${mark}-instance`, instanceId: instance.id });
    await registerClient(tx, { ...client, clientId: `${mark}-tenant`, tenantId: group.id });

    for (const { id: userId } of [seated.user, guest.user, user.user]) {
      const cookieHash = `${mark} ${userId}`;
      const session = await startSession(tx, { userId, cookieHash, method: 'password', ttlMs: day });
      await recordClientSession(tx, { sessionId: session.id, clientId: 'desk-app', instanceId: '' });
      await recordClientSession(tx, { sessionId: session.id, clientId: `${mark}-own`, instanceId: sold.instance.id });
    }
    const visitor = await makePerson(tx, elsewhere.id);
    const visit = await startSession(tx, {
      userId: visitor.user.id,
      cookieHash: mark,
      method: 'password',
      ttlMs: day,
    });
    for (const clientId of ['desk-app', `${mark}-own`, `${mark}-instance`]) {
      const instanceId = clientId.endsWith('instance') ? instance.id : '';
      await recordClientSession(tx, { sessionId: visit.id, clientId, instanceId });
    }
    await issueMarketplaceLogin(tx, {
      userId: user.user.id,
      tenantId: customer.id,
      instanceId: instance.id,
      channelId: carrier.id,
      tokenHash: `${mark} token`,
      handleHash: `${mark} handle`,
      returnUrl: '',
      locale: '',
      tokenTtlMs: day,
      sessionTtlMs: day,
    });

    const account = await registerServiceAccount(tx, {
      channelId: carrier.id,
      username: `${mark}-account`,
      passwordHash: 'hash',
      tenantId: reseller.id,
    });
    await updateServiceAccount(tx, { id: account.id, locked: true });
    await bindCertificate({ hash: (text) => text }, tx, {
      serviceAccountId: account.id,
      kind: 'subject',
      name: `CN=${mark}`,
    });
    const queue = await addChannelRecord(tx, {
      channelId: channel.id,
      tenantId: group.id,
      kind: 'queue',
      externalId: 'q1',
      data: {},
    });
    await addChannelRecord(tx, {
      channelId: channel.id,
      tenantId: group.id,
      parentId: queue.id,
      kind: 'stream',
      externalId: 's1',
      data: {},
    });
    await setAgreement(tx, { targetId: instance.id, type: 'availability', document: '<Sla/>' }, findXmlFault);
    await askApproval(tx, { kind: 'instance', id: instance.id, approval: 'update', proposed: { name: 'Other' } });
    await askApproval(tx, { kind: 'tenant', id: office.id, approval: 'update', proposed: { name: 'Other' } });
    await alarmTrafficLocked(
      tx,
      { id: instance.id, tenantId: customer.id, channelId: channel.id },
      { failures: 5, address: '' },
    );
    const until = tx.ids.next('request');
    return {
      mark,
      from,
      until,
      reseller,
      group,
      full,
      customer,
      office,
      instance,
      own,
      seated,
      guest,
      owner,
      /** The order in which one by one they can be ended. */
      deepestFirst: [office.id, customer.id, full.id, group.id, reseller.id],
    };
  });
}

/** One more person with a seat in a tenant. */
export async function enroll(tx: Unit, { channel, seat }: Ground, tenantId: string): Promise<void> {
  const { user } = await makePerson(tx, tenantId, ['MEMBER'], { channelId: channel.id });
  await assignLicense(tx, { userId: user.id, tenantId, licenseTypeId: seat.id });
}
