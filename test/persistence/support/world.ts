import type { Subscription } from '../../../src/core/billing/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { systemActor } from '../../../src/core/shared/actor.js';
import { activeLifecycle } from '../../../src/core/shared/lifecycle.js';
import type { Command } from '../../../src/core/shared/unit-of-work.js';
import { type NewUsageRecord, statisticsOf } from '../../../src/core/usage/index.js';
import type { Persistence } from '../../../src/persistence/index.js';
import type { TestDatabase } from '../../support/databases.js';

export const system = systemActor('test');
export const command = (name = 'test.write'): Command => ({ name, requestId: 'req-1' });

export function write<T>(persistence: Persistence, work: (tx: Unit) => Promise<T>): Promise<T> {
  return persistence.uow.run(system, command(), work);
}

export async function makeTenant(tx: Unit, name: string, parentId = '', channelId = '', serviceLevelGroupId = '') {
  const tenant = await tx.tenants.insert({
    ...activeLifecycle,
    id: tx.ids.next('tenant'),
    createdAt: tx.now,
    key: null,
    kind: 'customer',
    name,
    parentId,
    channelId,
    country: '',
    timeZone: '',
    contact: {},
    properties: [],
    operatorReference: '',
    serviceLevelGroupId,
  });
  await tx.tenantTree.attach(tenant.id, parentId);
  return tenant;
}

export async function makeUser(tx: Unit, name: string) {
  const user = await tx.users.insert({
    id: tx.ids.next('user'),
    createdAt: tx.now,
    givenName: name,
    familyName: 'Doe',
    displayName: name,
    locale: 'en',
    operatorLevel: null,
    passwordHash: '$argon2id$secret',
    credentialVersion: 1,
    mustChangePassword: false,
    holds: [],
    terminatedAt: null,
  });
  const address = `${name}@example.com`.toLowerCase();
  await tx.userEmails.insert({
    id: tx.ids.next('userEmail'),
    userId: user.id,
    email: address,
    emailKey: address,
    verifiedKey: `${user.id}.${address}`,
    primary: true,
  });
  return user;
}

export function makeMembership(tx: Unit, userId: string, tenantId: string, instanceId = '', channelId = '') {
  return tx.memberships.insert({
    id: tx.ids.next('membership'),
    createdAt: tx.now,
    userId,
    tenantId,
    instanceId,
    channelId,
    roles: ['MEMBER'],
    loginName: 'login',
    email: '',
    givenName: '',
    familyName: '',
    locale: '',
    holds: [],
    terminatedAt: null,
    liveKey: '0',
  });
}

export function makeApplication(tx: Unit, key: string, ownerTenantId = '') {
  return tx.applications.insert({
    ...activeLifecycle,
    id: tx.ids.next('application'),
    createdAt: tx.now,
    ownerTenantId,
    key,
    name: key,
    description: '',
    accessUrl: '',
    loginUrl: '',
    logoutUrl: '',
    channelId: '',
    properties: [],
    operatorReference: '',
    serviceLevelGroupId: '',
    liveKey: '0',
  });
}

export function makeLicenseType(tx: Unit, applicationId: string, code: string, position = 0) {
  return tx.licenseTypes.insert({
    id: tx.ids.next('licenseType'),
    createdAt: tx.now,
    applicationId,
    code,
    name: code,
    position,
  });
}

export function makePlan(tx: Unit, applicationId: string, key: string, priceMinor = 1_500n) {
  return tx.plans.insert({
    id: tx.ids.next('plan'),
    createdAt: tx.now,
    applicationId,
    key,
    name: key,
    priceMinor,
    currency: 'EUR',
    interval: 'month',
    trialDays: 0,
    seats: 'perSeat',
    retiredAt: null,
  });
}

export function makeInstance(tx: Unit, tenantId: string, applicationId: string, channelId = '') {
  return tx.instances.insert({
    ...activeLifecycle,
    id: tx.ids.next('instance'),
    createdAt: tx.now,
    key: null,
    tenantId,
    applicationId,
    channelId,
    name: 'instance',
    accessUrl: '',
    parameters: { color: 'blue' },
    configuredAt: null,
    description: '',
    properties: [],
    operatorReference: '',
  });
}

export interface PoolPlace {
  readonly tenantId: string;
  readonly applicationId: string;
  readonly licenseTypeId: string;
  readonly instanceId?: string;
}

export async function makePool(tx: Unit, place: PoolPlace, quantity: number) {
  const pool = await tx.licensePools.insert({
    instanceId: '',
    ...place,
    id: tx.ids.next('licensePool'),
    createdAt: tx.now,
    parentPoolId: '',
    quantity,
    used: 0,
    oversell: false,
  });
  await tx.poolChanges.insert({ id: tx.ids.next('poolChange'), poolId: pool.id, at: tx.now, quantity });
  return pool;
}

export function makeLicense(tx: Unit, poolId: string, userId: string, place: PoolPlace, id = tx.ids.next('license')) {
  return tx.licenses.insert({
    instanceId: '',
    ...place,
    id,
    poolId,
    userId,
    assignedAt: tx.now,
    releasedAt: null,
    liveKey: '0',
  });
}

export function makeSubscription(
  tx: Unit,
  tenantId: string,
  applicationId: string,
  instanceId: string,
  planId: string,
) {
  return tx.subscriptions.insert({
    id: tx.ids.next('subscription'),
    createdAt: tx.now,
    tenantId,
    applicationId,
    instanceId,
    planId,
    channelId: '',
    status: 'ACTIVE',
    startedAt: tx.now,
    trialEndsAt: null,
    endsAt: null,
    endedAt: null,
    priceMinor: 1_500n,
    currency: 'EUR',
    interval: 'month',
    seats: 'perSeat',
  });
}

export function makeCharge(tx: Unit, { id: subscriptionId, tenantId, instanceId }: Subscription) {
  return tx.charges.insert({
    id: tx.ids.next('charge'),
    createdAt: tx.now,
    kind: 'AD_HOC',
    status: 'DUE',
    tenantId,
    subscriptionId,
    instanceId,
    channelId: '',
    description: 'Training',
    priceMinor: 250n,
    units: '1.50',
    currency: 'EUR',
    offsetMinor: 0n,
    periodStartsAt: null,
    periodEndsAt: null,
    thirdParty: false,
    interval: null,
    startsAt: null,
    seats: null,
    canceledAt: null,
    cancelDueAt: null,
    externalId: '',
    attemptedAt: null,
    leaseOwner: '',
    leasedUntil: null,
    failure: '',
  });
}

/** A group of the channel's for tenants, with an agreement. */
export async function makeServiceLevels(tx: Unit, key: string, channelId: string) {
  const common = { createdAt: tx.now, channelId, terminatedAt: null, liveKey: '0' };
  const serviceLevelGroup = await tx.serviceLevelGroups.insert({
    ...common,
    id: tx.ids.next('serviceLevelGroup'),
    memberKind: 'tenant',
    key,
    properties: [],
  });
  const serviceLevelAgreement = await tx.serviceLevelAgreements.insert({
    ...common,
    id: tx.ids.next('serviceLevelAgreement'),
    scope: 'tenant',
    targetId: serviceLevelGroup.id,
    tenantId: '',
    type: 'service_provider',
    document: `<Sla for="${key}"/>`,
  });
  return { serviceLevelGroup, serviceLevelAgreement };
}

/** One charging data record of the tenant's, and what is counted of it. */
export async function makeUsage(tx: Unit, channelId: string, tenantId: string, applicationId: string, name: string) {
  const record: NewUsageRecord = {
    channelId,
    tenantId,
    applicationId,
    providerExternalId: `${name}-sp`,
    applicationExternalId: `${name}-app`,
    transactionId: 9_007_199_254_740_993n,
    serviceName: 'Short Messaging',
    occurredAt: tx.now,
    recordedAt: tx.now,
    originAddress: 'tel:+46701',
    destinationAddress: 'tel:+46702',
    completionStatus: 'COMPLETED',
    info: name,
    properties: [{ name: 'units', value: '2' }],
    statisticType: 1,
  };
  await tx.usageLedger.open(channelId);
  await tx.usageLedger.add(channelId, [record], statisticsOf([record]));
  return record;
}

/** An open alarm about an instance. */
export async function makeAlarm(tx: Unit, channelId: string, tenantId: string, objectId: string) {
  await tx.alarms.takeTurn();
  return tx.alarms.insert({
    id: tx.ids.next('alarm'),
    createdAt: tx.now,
    instanceNumber: await tx.alarms.nextNumbers(1),
    typeNumber: 1003,
    severity: 'MAJOR',
    source: 'provisioning@192.0.2.7',
    occurredAt: tx.now,
    lastAt: tx.now,
    repeatCount: 1,
    info: 'locked',
    additionalInfo: '',
    channelId,
    tenantId,
    objectKind: 'instance',
    objectId,
    subject: '',
    externalId: null,
    endsAt: null,
    acknowledgedAt: null,
    acknowledgedBy: '',
    clearedAt: null,
    clearedBy: '',
    openKey: '0',
  });
}

/** One customer with everything that can hang on it, under a name of its own; built by one unit. */
export async function makeCustomer(db: TestDatabase, name: string) {
  return write(db.persistence, async (tx) => {
    const channel = await tx.channels.insert({
      id: tx.ids.next('channel'),
      createdAt: tx.now,
      name: `${name} channel`,
      protocol: 'nec',
      settings: { password: 'topsecret' },
      position: 1,
      disabledAt: null,
      discovered: null,
      discoveredAt: null,
      suspendedAt: null,
    });
    const tenant = await makeTenant(tx, name, '', channel.id);
    const { serviceLevelGroup, serviceLevelAgreement } = await makeServiceLevels(tx, name, channel.id);
    const group = await makeTenant(tx, `${name} group`, tenant.id, '', serviceLevelGroup.id);
    const user = await makeUser(tx, name);
    const application = await makeApplication(tx, `${name}-app`, tenant.id);
    await makeUsage(tx, channel.id, group.id, application.id, name);
    const licenseType = await makeLicenseType(tx, application.id, 'seat');
    const plan = await makePlan(tx, application.id, 'basic');
    const instance = await makeInstance(tx, group.id, application.id, channel.id);
    const membership = await makeMembership(tx, user.id, group.id, instance.id, channel.id);
    const place = {
      tenantId: group.id,
      applicationId: application.id,
      licenseTypeId: licenseType.id,
      instanceId: instance.id,
    };
    const pool = await makePool(tx, place, 5);
    const license = await makeLicense(tx, pool.id, user.id, place);
    const subscription = await makeSubscription(tx, group.id, application.id, instance.id, plan.id);
    const common = { createdAt: tx.now, disabledAt: null };
    const approval = await tx.approvals.insert({
      id: tx.ids.next('approval'),
      createdAt: tx.now,
      kind: 'update',
      objectKind: 'tenant',
      objectId: group.id,
      tenantId: group.id,
      channelId: channel.id,
      proposed: { name: 'other' },
      baseVersion: 1,
      status: 'OPEN',
      openKey: group.id,
      requestedBy: 'x',
      decidedBy: '',
      decidedAt: null,
      decisionReason: '',
    });
    const serviceAccount = await tx.serviceAccounts.insert({
      ...common,
      id: tx.ids.next('serviceAccount'),
      channelId: channel.id,
      username: name,
      passwordHash: 'account hash',
      credentialVersion: 1,
      soapSecret: 'digest secret',
      level: null,
      tenantId: group.id,
      addresses: ['127.0.0.1/32'],
      lockedAt: null,
      liveKey: '0',
    });
    const accountCertificate = await tx.accountCertificates.insert({
      id: tx.ids.next('accountCertificate'),
      createdAt: tx.now,
      channelId: channel.id,
      serviceAccountId: serviceAccount.id,
      kind: 'subject',
      valueHash: 'f'.repeat(64),
      name: `CN=${name}`,
    });
    await tx.accountLogins.add({ serviceAccountId: serviceAccount.id, outcome: 'succeeded', address: '192.0.2.1' });
    const externalRef = await tx.externalRefs.insert({
      id: tx.ids.next('externalRef'),
      createdAt: tx.now,
      channelId: channel.id,
      kind: 'instance',
      parentId: '',
      externalId: `${name}-realm`,
      targetId: instance.id,
      liveKey: '0',
    });
    const memberRef = await tx.externalRefs.insert({
      id: tx.ids.next('externalRef'),
      createdAt: tx.now,
      channelId: channel.id,
      kind: 'user',
      parentId: instance.id,
      externalId: `${name}-uid`,
      targetId: user.id,
      liveKey: '0',
    });
    await tx.channelTasks.add({
      channelId: channel.id,
      kind: 'import',
      subjectId: instance.id,
      data: { secret: 'of a task' },
    });
    const channelRecord = await tx.channelRecords.insert({
      id: tx.ids.next('channelRecord'),
      createdAt: tx.now,
      channelId: channel.id,
      kind: 'queue',
      parentId: '',
      externalId: 'q1',
      data: { length: 3 },
      tenantId: group.id,
      endedAt: null,
      liveKey: '0',
    });
    const webhook = await tx.webhooks.insert({
      ...common,
      id: tx.ids.next('webhook'),
      tenantId: group.id,
      url: 'https://example.com/hook',
      secret: 'whsec_x',
      events: ['license.*'],
    });
    const session = await tx.sessions.insert({
      id: tx.ids.next('session'),
      createdAt: tx.now,
      userId: user.id,
      cookieHash: 'c',
      handleHash: 'h',
      channelId: channel.id,
      instanceId: instance.id,
      state: 'ACTIVE',
      method: 'password',
      expiresAt: tx.now,
      endedAt: null,
      endReason: '',
      recheckAt: null,
      voucher: null,
    });
    const client = await tx.clients.insert({
      ...common,
      id: tx.ids.next('client'),
      clientId: `${name}-client`,
      name,
      secretHash: 'client hash',
      applicationId: application.id,
      instanceId: instance.id,
      tenantId: group.id,
      level: null,
      grantTypes: ['authorization_code'],
      scopes: ['openid'],
      redirectUris: [],
      postLogoutRedirectUris: [],
      backchannelLogoutUri: '',
    });
    const identityProvider = await tx.identityProviders.insert({
      id: tx.ids.next('identityProvider'),
      createdAt: tx.now,
      key: name,
      issuer: 'https://idp.example.com',
      clientId: 'c',
      clientSecret: 'idp secret',
      emailDomains: ['example.com'],
      tenantId: group.id,
      required: false,
    });
    const charge = await makeCharge(tx, subscription);
    const scheduledCommand = await tx.scheduledCommands.insert({
      id: tx.ids.next('scheduledCommand'),
      createdAt: tx.now,
      command: 'endSubscription',
      objectId: subscription.id,
      channelId: channel.id,
      requestId: 'r',
      requestedBy: 'x',
      input: {},
      dueAt: tx.now,
      doneAt: null,
      failure: '',
    });
    const alarm = await makeAlarm(tx, channel.id, group.id, instance.id);
    tx.emit({
      type: 'license.assigned',
      aggregate: { kind: 'license', id: license.id, version: license.version },
      tenantId: group.id,
      payload: {},
    });
    return {
      alarm,
      channel,
      tenant,
      group,
      user,
      application,
      licenseType,
      plan,
      instance,
      membership,
      pool,
      license,
      subscription,
      charge,
      approval,
      serviceAccount,
      accountCertificate,
      externalRef,
      memberRef,
      channelRecord,
      webhook,
      session,
      client,
      identityProvider,
      scheduledCommand,
      serviceLevelGroup,
      serviceLevelAgreement,
    };
  });
}

export type Customer = Awaited<ReturnType<typeof makeCustomer>>;
