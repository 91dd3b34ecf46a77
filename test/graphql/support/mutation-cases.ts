import { suspendSubscription } from '../../../src/core/billing/index.js';
import { amendClient, disableMembership, disableUser } from '../../../src/core/identity/index.js';
import {
  addChannelRecord,
  amendWebhook,
  updateChannel,
  updateServiceAccount,
} from '../../../src/core/marketplace/index.js';
import { disableObject } from '../../../src/core/provisioning/index.js';
import { createGroup } from '../../../src/core/servicelevels/index.js';
import { day, shift } from '../../../src/core/shared/clock.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import { findXmlFault } from '../../../src/platform/xml.js';
import { chargeCases } from './charge-cases.js';
import { registrationCases } from './registration-cases.js';
import { type allowed, asOwner, type Stage, secret } from './stage.js';

export interface MutationCase {
  readonly mutation: string;
  readonly right: keyof typeof allowed;
  /** Brings about what it needs, and says it. */
  readonly input: (stage: Stage) => object | Promise<object>;
  /** What the payload shows. */
  readonly payload: string;
  /** The object of the payload whose effect a query sees afterwards, and what it sees. */
  readonly effect?: readonly [object: string, selection: string, expected: object];
  /** What else the payload must be like. */
  readonly shows?: object;
}

const seat = 'id releasedAt user { id }';
const held1 = { holds: [expect.objectContaining({ authority: 'OPERATOR' })] };
const text = expect.any(String) as string;

/** A group for tenants of the hub's own, with an agreement; returns its id. */
async function groupOn({ unit, mark }: Stage): Promise<string> {
  const group = await unit((tx) => {
    const key = `${mark} ${tx.ids.next('event')}`;
    return createGroup(tx, { channelId: '', memberKind: 'tenant', key, document: '<Sla/>' }, findXmlFault);
  });
  return group.id;
}

/** Work of the channel that was given up; returns its id. */
async function parkedTask({ unit, db, channel, instance }: Stage): Promise<string> {
  await unit((tx) => tx.channelTasks.add({ channelId: channel.id, kind: 'import', subjectId: instance.id, data: {} }));
  await db.raw.execute("UPDATE channel_tasks SET parked_at = ?, attempts = 10, last_error = 'no answer'", [
    db.clock.now(),
  ]);
  const rows = await db.raw.read.all<{ id: string }>('SELECT id AS id FROM channel_tasks ORDER BY id DESC LIMIT 1');
  return rows[0]!.id;
}

/** A tenant below the customer that the channel manages. */
function managedTenant({ unit, channel, tenant }: Stage) {
  return unit((tx) => createTenant(tx, { kind: 'group', name: 'Desk', parentId: tenant.id, channelId: channel.id }));
}

export const mutationCases: readonly MutationCase[] = [
  ...registrationCases,
  // tenancy
  {
    mutation: 'createTenant',
    right: 'tenantWrite',
    input: ({ tenant }) => ({ kind: 'GROUP', name: 'Front desk', parentId: tenant.id, contact: { name: 'Ute' } }),
    payload: 'tenant { id }',
    effect: ['tenant', 'name kind contact { name }', { name: 'Front desk', kind: 'GROUP', contact: { name: 'Ute' } }],
  },
  {
    mutation: 'updateTenant',
    right: 'tenantWrite',
    input: async ({ unit, tenant: { id } }) => {
      const expectedVersion = (await unit((tx) => tx.tenants.find(id)))!.version;
      return { id, expectedVersion, name: 'Sunset', country: 'JP' };
    },
    payload: 'tenant { id }',
    effect: ['tenant', 'name country', { name: 'Sunset', country: 'JP' }],
  },
  {
    mutation: 'disableTenant',
    right: 'tenantWrite',
    input: ({ tenant: { id } }) => ({ id }),
    payload: 'tenant { id }',
    effect: ['tenant', 'state holds { authority }', { state: 'INACTIVE', ...held1 }],
  },
  {
    mutation: 'enableTenant',
    right: 'tenantWrite',
    input: async (stage) => {
      const { id } = stage.tenant;
      await asOwner(stage, (tx) => disableObject(tx, { kind: 'tenant', id }));
      return { id };
    },
    payload: 'tenant { id }',
    effect: ['tenant', 'state', { state: 'ACTIVE' }],
  },
  {
    mutation: 'terminateTenant',
    right: 'tenantAdmin',
    input: ({ tenant: { id } }) => ({ id }),
    payload: 'tenant { id }',
    effect: ['tenant', 'state', { state: 'TERMINATED' }],
  },
  {
    mutation: 'terminateTenant',
    right: 'sellerAdmin',
    input: async ({ unit, tenant: { id } }) => {
      await unit((tx) => createTenant(tx, { kind: 'group', name: 'Below', parentId: id }));
      return { id, withTenantsBelow: true };
    },
    payload: 'tenant { id }',
    effect: ['tenant', 'state', { state: 'TERMINATED' }],
  },
  // catalog
  {
    mutation: 'defineApplication',
    right: 'hubWrite',
    input: ({ mark }) => ({ key: `${mark}-new`, name: 'Mail', licenseTypes: [{ code: 'Basic' }] }),
    payload: 'application { id }',
    effect: [
      'application',
      'name licenseTypes { nodes { code } }',
      { name: 'Mail', licenseTypes: { nodes: [{ code: 'Basic' }] } },
    ],
  },
  {
    mutation: 'updateApplication',
    right: 'hubWrite',
    input: ({ application: { id } }) => ({ id, name: 'Orchid', accessUrl: 'https://orchid.example/', logoutUrl: null }),
    payload: 'application { id }',
    effect: ['application', 'name accessUrl', { name: 'Orchid', accessUrl: 'https://orchid.example/' }],
  },
  {
    mutation: 'disableApplication',
    right: 'hubWrite',
    input: ({ application: { id } }) => ({ id }),
    payload: 'application { id }',
    effect: ['application', 'holds { authority }', held1],
  },
  {
    mutation: 'enableApplication',
    right: 'hubWrite',
    input: async ({ unit, application: { id } }) => {
      await unit((tx) => disableObject(tx, { kind: 'application', id }));
      return { id };
    },
    payload: 'application { id }',
    effect: ['application', 'holds { authority }', { holds: [] }],
  },
  {
    mutation: 'terminateApplication',
    right: 'hubAdmin',
    input: async ({ unit, mark }) => ({
      id: await unit(async (tx) => {
        const { defineApplication } = await import('../../../src/core/catalog/index.js');
        return (await defineApplication(tx, { key: `${mark}-empty-${tx.ids.next('event')}`, name: 'Empty' })).id;
      }),
    }),
    payload: 'application { id }',
    effect: ['application', 'terminatedAt', { terminatedAt: text }],
  },
  {
    mutation: 'addLicenseType',
    right: 'hubWrite',
    input: ({ application: { id } }) => ({ applicationId: id, code: 'Premium' }),
    payload: 'licenseType { id }',
    effect: ['licenseType', 'code name position', { code: 'Premium', name: 'Premium', position: 1 }],
  },
  {
    mutation: 'definePlan',
    right: 'hubWrite',
    input: ({ application: { id } }) => ({
      applicationId: id,
      key: 'year',
      amount: '9007199254740993',
      currency: 'EUR',
      interval: 'YEAR',
      seats: 'PER_SEAT',
    }),
    payload: 'plan { id }',
    effect: [
      'plan',
      'key interval price { amount }',
      { key: 'year', interval: 'YEAR', price: { amount: '9007199254740993' } },
    ],
  },
  {
    mutation: 'updatePlan',
    right: 'hubWrite',
    input: ({ plan: { id } }) => ({ id, expectedVersion: 1, retired: true }),
    payload: 'plan { id }',
    effect: ['plan', 'retiredAt', { retiredAt: text }],
  },
  // provisioning
  {
    mutation: 'provisionInstance',
    right: 'seller',
    input: ({ tenant, application, plan, standard }) => ({
      tenantId: tenant.id,
      applicationId: application.id,
      planId: plan.id,
      parameters: [{ name: 'color', value: 'blue' }],
      licenses: [{ licenseTypeId: standard.id, quantity: 3 }],
    }),
    payload: 'instance { id } subscription { status } licensePools { quantity }',
    shows: { subscription: { status: 'ACTIVE' }, licensePools: [{ quantity: 3 }] },
    effect: [
      'instance',
      'state parameters { name value }',
      { state: 'ACTIVE', parameters: [{ name: 'color', value: 'blue' }] },
    ],
  },
  {
    mutation: 'configureInstance',
    right: 'tenantWrite',
    input: ({ instance: { id } }) => ({ id, parameters: [{ name: 'size', value: 'XL' }] }),
    payload: 'instance { id }',
    effect: ['instance', 'configuredAt parameters { value }', { configuredAt: text, parameters: [{ value: 'XL' }] }],
  },
  {
    mutation: 'disableInstance',
    right: 'tenantWrite',
    input: ({ instance: { id } }) => ({ id, expectedVersion: 1 }),
    payload: 'instance { id }',
    effect: ['instance', 'state', { state: 'INACTIVE' }],
  },
  {
    mutation: 'enableInstance',
    right: 'tenantWrite',
    input: async (stage) => {
      const { id } = stage.instance;
      await asOwner(stage, (tx) => disableObject(tx, { kind: 'instance', id }));
      return { id };
    },
    payload: 'instance { id }',
    effect: ['instance', 'state', { state: 'ACTIVE' }],
  },
  {
    mutation: 'terminateInstance',
    right: 'tenantWrite',
    input: ({ instance: { id } }) => ({ id }),
    payload: 'instance { id subscription { status } }',
    shows: { instance: expect.objectContaining({ subscription: { status: 'ENDED' } }) },
    effect: ['instance', 'state', { state: 'TERMINATED' }],
  },
  {
    mutation: 'requestApproval',
    right: 'tenantWrite',
    input: ({ tenant: { id } }) => ({ id, objectKind: 'TENANT', kind: 'UPDATE', name: 'Later' }),
    payload: 'approval { id }',
    effect: ['approval', 'status kind proposed', { status: 'OPEN', kind: 'UPDATE', proposed: '{"name":"Later"}' }],
  },
  {
    mutation: 'decideApproval',
    right: 'hubWrite',
    input: ({ approval: { id } }) => ({ id, approve: true }),
    payload: 'approval { id }',
    effect: ['approval', 'status decisionReason', { status: 'APPROVED', decisionReason: 'because' }],
  },
  {
    mutation: 'eraseProfiles',
    right: 'tenantWrite',
    input: async ({ unit, instance, tenant, user }) => {
      const { addMembership } = await import('../../../src/core/identity/index.js');
      const place = { userId: user.id, tenantId: tenant.id, instanceId: instance.id };
      await unit(async (tx) => {
        const there = await tx.memberships.findOne({ ...place, liveKey: '0' });
        if (!there) await addMembership(tx, { ...place, roles: ['MEMBER'], givenName: 'Mina' });
      });
      return { instanceId: instance.id };
    },
    payload: 'erased',
    shows: { erased: 1 },
  },
  // licensing
  {
    mutation: 'setPoolQuantity',
    right: 'seller',
    input: ({ tenant, standard }) => ({ tenantId: tenant.id, licenseTypeId: standard.id, quantity: 7 }),
    payload: 'licensePool { id }',
    effect: ['licensePool', 'quantity used', { quantity: 7, used: 1 }],
  },
  {
    mutation: 'subPurchaseLicenses',
    right: 'seller',
    input: ({ tenant, standard }) => ({ tenantId: tenant.id, licenseTypeId: standard.id, quantity: 2 }),
    payload: '... on SubPurchaseSuccess { licensePool { id } }',
    effect: ['licensePool', 'purchased parent { subPurchased }', { purchased: 7, parent: { subPurchased: 7 } }],
  },
  {
    mutation: 'returnSubPurchase',
    right: 'seller',
    input: ({ tenant, standard }) => ({ tenantId: tenant.id, licenseTypeId: standard.id, quantity: 4 }),
    payload: '... on SubPurchaseSuccess { licensePool { id } }',
    effect: [
      'licensePool',
      'free assigned parent { subPurchased }',
      { free: 0, assigned: 1, parent: { subPurchased: 1 } },
    ],
  },
  {
    mutation: 'assignLicense',
    right: 'tenantWrite',
    input: ({ tenant, standard, other }) => ({ tenantId: tenant.id, licenseTypeId: standard.id, userId: other.id }),
    payload: '... on AssignLicenseSuccess { license { id } }',
    effect: ['license', 'pool { used }', { pool: { used: 2 } }],
  },
  {
    mutation: 'moveLicense',
    right: 'tenantWrite',
    input: ({ license, other }) => ({ id: license.id, userId: other.id, expectedVersion: 1 }),
    payload: '... on AssignLicenseSuccess { license { id user { id } } }',
    effect: ['license', 'pool { used }', { pool: { used: 1 } }],
  },
  {
    mutation: 'releaseLicense',
    right: 'tenantWrite',
    input: ({ license: { id } }) => ({ id, expectedVersion: 1 }),
    payload: `license { ${seat} }`,
    effect: ['license', 'releasedAt pool { used }', { releasedAt: text, pool: { used: 0 } }],
  },
  // billing
  {
    mutation: 'openSubscription',
    right: 'tenantWrite',
    input: ({ tenant, plan }) => ({ tenantId: tenant.id, planId: plan.id, trialEndsAt: null }),
    payload: 'subscription { id }',
    effect: ['subscription', 'status trialEndsAt', { status: 'ACTIVE', trialEndsAt: null }],
  },
  {
    mutation: 'changeSubscriptionPlan',
    right: 'tenantWrite',
    input: ({ subscription, otherPlan }) => ({ id: subscription.id, planId: otherPlan.id }),
    payload: 'subscription { id }',
    effect: ['subscription', 'price { amount } plan { key }', { price: { amount: '900' }, plan: { key: 'other' } }],
  },
  {
    mutation: 'suspendSubscription',
    right: 'seller',
    input: ({ subscription: { id } }) => ({ id, expectedVersion: 1 }),
    payload: 'subscription { id }',
    effect: ['subscription', 'status', { status: 'SUSPENDED' }],
  },
  {
    mutation: 'resumeSubscription',
    right: 'seller',
    input: async ({ unit, subscription: { id } }) => ({ id: (await unit((tx) => suspendSubscription(tx, { id }))).id }),
    payload: 'subscription { id }',
    effect: ['subscription', 'status', { status: 'ACTIVE' }],
  },
  {
    mutation: 'endSubscription',
    right: 'tenantWrite',
    input: ({ subscription: { id } }) => ({ id }),
    payload: 'subscription { id }',
    effect: ['subscription', 'status endedAt', { status: 'ENDED', endedAt: text }],
  },
  {
    mutation: 'changePurchase',
    right: 'seller',
    input: ({ instance, otherPlan, standard }) => ({
      instanceId: instance.id,
      planId: otherPlan.id,
      quantities: [{ licenseTypeId: standard.id, quantity: 9 }],
    }),
    payload: 'instance { id } licensePools { quantity } scheduledCommand { id }',
    shows: { licensePools: [{ quantity: 9 }], scheduledCommand: null },
    effect: ['instance', 'subscription { plan { key } }', { subscription: { plan: { key: 'other' } } }],
  },
  {
    mutation: 'changePurchase',
    right: 'seller',
    input: ({ instance, standard, db }) => ({
      instanceId: instance.id,
      quantities: [{ licenseTypeId: standard.id, quantity: 9 }],
      effectiveAt: shift(db.clock.now(), day),
    }),
    payload: 'licensePools { quantity } scheduledCommand { id }',
    shows: { licensePools: [] },
    effect: ['scheduledCommand', 'command doneAt', { command: 'CHANGE_PURCHASE', doneAt: null }],
  },
  {
    mutation: 'cancelScheduledCommand',
    right: 'seller',
    input: ({ scheduled: { id } }) => ({ id, expectedVersion: 1 }),
    payload: 'scheduledCommand { id }',
    effect: ['scheduledCommand', 'failure doneAt', { failure: 'canceled', doneAt: text }],
  },
  ...chargeCases,
  // people
  {
    mutation: 'createUser',
    right: 'tenantWrite',
    input: ({ tenant, mark }) => ({
      givenName: 'Ana',
      emails: [{ email: `ana@${mark}.example` }],
      password: 'a long enough one',
      membership: { tenantId: tenant.id, roles: ['MEMBER'], profile: { loginName: 'ana' } },
    }),
    payload: 'user { id } membership { loginName roles }',
    shows: { membership: { loginName: 'ana', roles: ['MEMBER'] } },
    effect: ['user', 'displayName hasPassword', { displayName: 'Ana', hasPassword: true }],
  },
  {
    mutation: 'updateUser',
    right: 'tenantWrite',
    input: ({ user: { id } }) => ({ id, familyName: 'Sato', locale: null }),
    payload: 'user { id }',
    effect: ['user', 'familyName', { familyName: 'Sato' }],
  },
  {
    mutation: 'addUserEmail',
    right: 'tenantWrite',
    input: ({ user: { id }, mark }) => ({ userId: id, email: `second@${mark}.example`, primary: true }),
    payload: 'userEmail { id }',
    effect: ['userEmail', 'primary', { primary: true }],
  },
  {
    mutation: 'verifyUserEmail',
    right: 'hubWrite',
    input: ({ email: { id } }) => ({ id, expectedVersion: 1 }),
    payload: 'userEmail { id }',
    effect: ['userEmail', 'verified', { verified: true }],
  },
  {
    mutation: 'disableUser',
    right: 'hubWrite',
    input: ({ user: { id } }) => ({ id }),
    payload: 'user { id }',
    effect: ['user', 'holds { authority }', held1],
  },
  {
    mutation: 'enableUser',
    right: 'hubWrite',
    input: async ({ unit, user: { id } }) => ({ id: (await unit((tx) => disableUser(tx, { id }))).id }),
    payload: 'user { id }',
    effect: ['user', 'holds { authority }', { holds: [] }],
  },
  {
    mutation: 'setPassword',
    right: 'tenantWrite',
    input: ({ user: { id } }) => ({ userId: id, password: 'a long enough one' }),
    payload: 'user { id }',
    effect: ['user', 'hasPassword mustChangePassword', { hasPassword: true, mustChangePassword: true }],
  },
  {
    mutation: 'sendPasswordLink',
    right: 'tenantWrite',
    input: ({ user: { id } }) => ({ userId: id, locale: 'ja' }),
    payload: 'user { id }',
    effect: ['user', 'id', {}],
  },
  {
    mutation: 'signOut',
    right: 'tenantWrite',
    input: ({ user: { id } }) => ({ userId: id }),
    payload: 'ended user { id }',
    shows: { ended: 1 },
    effect: ['user', 'id', {}],
  },
  {
    mutation: 'signOut',
    right: 'tenantWrite',
    input: ({ user: { id }, session }) => ({ userId: id, sessionId: session.id }),
    payload: 'ended user { sessions { nodes { state } } }',
    shows: { ended: 1, user: { sessions: { nodes: [{ state: 'ENDED' }] } } },
  },
  {
    mutation: 'setOperatorLevel',
    right: 'hubAdmin',
    input: ({ user: { id } }) => ({ id, level: 333 }),
    payload: 'user { id }',
    effect: ['user', 'operatorLevel', { operatorLevel: 333 }],
  },
  {
    mutation: 'addMembership',
    right: 'tenantWrite',
    input: ({ user, tenant, instance }) => ({
      userId: user.id,
      membership: { tenantId: tenant.id, instanceId: instance.id, roles: ['MEMBER'] },
    }),
    payload: 'membership { id }',
    effect: ['membership', 'roles instance { state }', { roles: ['MEMBER'], instance: { state: 'ACTIVE' } }],
  },
  {
    mutation: 'changeMembership',
    right: 'tenantWrite',
    input: ({ membership: { id } }) => ({ id, roles: ['VIEWER'], profile: { loginName: 'mina' } }),
    payload: 'membership { id }',
    effect: ['membership', 'roles loginName', { roles: ['VIEWER'], loginName: 'mina' }],
  },
  {
    mutation: 'disableMembership',
    right: 'tenantWrite',
    input: ({ membership: { id } }) => ({ id }),
    payload: 'membership { id }',
    effect: ['membership', 'holds { authority }', held1],
  },
  {
    mutation: 'enableMembership',
    right: 'tenantWrite',
    input: async (stage) => {
      const { id } = stage.membership;
      await asOwner(stage, (tx) => disableMembership(tx, { id }));
      return { id };
    },
    payload: 'membership { id }',
    effect: ['membership', 'holds { authority }', { holds: [] }],
  },
  {
    mutation: 'removeMembership',
    right: 'tenantWrite',
    input: ({ membership: { id } }) => ({ id }),
    payload: 'membership { id }',
    effect: ['membership', 'terminatedAt', { terminatedAt: text }],
  },
  // access
  {
    mutation: 'registerClient',
    right: 'hubAdmin',
    input: ({ mark, tenant }) => ({
      clientId: `${mark}-new`,
      tenantId: tenant.id,
      grantTypes: ['client_credentials'],
      scopes: ['hub.read'],
    }),
    payload: 'client { id } clientSecret',
    shows: { clientSecret: text },
    effect: ['client', 'confidential scopes', { confidential: true, scopes: ['hub.read'] }],
  },
  {
    mutation: 'updateClient',
    right: 'hubAdmin',
    input: ({ client: { id } }) => ({ id, name: 'Back office' }),
    payload: 'client { id }',
    effect: ['client', 'name level scopes', { name: 'Back office', level: 333, scopes: ['hub.read'] }],
  },
  {
    mutation: 'rotateClientSecret',
    right: 'hubAdmin',
    input: ({ client: { id } }) => ({ id, expectedVersion: 1 }),
    payload: 'client { id } clientSecret',
    shows: { clientSecret: text },
    effect: ['client', 'version', { version: 2 }],
  },
  {
    mutation: 'disableClient',
    right: 'hubAdmin',
    input: ({ client: { id } }) => ({ id }),
    payload: 'client { id }',
    effect: ['client', 'disabledAt', { disabledAt: text }],
  },
  {
    mutation: 'enableClient',
    right: 'hubAdmin',
    input: async ({ unit, client: { id } }) => ({
      id: (await unit((tx) => amendClient(tx, { id, disabled: true }))).id,
    }),
    payload: 'client { id }',
    effect: ['client', 'disabledAt', { disabledAt: null }],
  },
  {
    mutation: 'registerIdentityProvider',
    right: 'tenantAdmin',
    input: ({ tenant, mark }) => ({
      key: `${mark}-new`,
      tenantId: tenant.id,
      issuer: 'https://idp.example/',
      clientId: 'hub',
      clientSecret: 'secret',
    }),
    payload: 'identityProvider { id }',
    effect: ['identityProvider', 'issuer emailDomains', { issuer: 'https://idp.example/', emailDomains: [] }],
  },
  {
    mutation: 'updateIdentityProvider',
    right: 'tenantAdmin',
    input: ({ provider2: { id } }) => ({ id, issuer: 'https://moved.example/' }),
    payload: 'identityProvider { id }',
    effect: ['identityProvider', 'issuer clientId', { issuer: 'https://moved.example/', clientId: 'hub' }],
  },
  // marketplaces
  {
    mutation: 'configureChannel',
    right: 'hubAdmin',
    input: ({ mark }) => ({ name: `${mark}-new`, protocol: 'NEC', settings: '{"mkpVersion":"4.2"}' }),
    payload: 'channel { id }',
    effect: ['channel', 'protocol', { protocol: 'NEC' }],
  },
  {
    mutation: 'updateChannel',
    right: 'hubAdmin',
    input: ({ channel: { id } }) => ({ id, settings: '{"lenientEnable":true}' }),
    payload: 'channel { id }',
    effect: ['channel', 'version', { version: 2 }],
  },
  {
    mutation: 'disableChannel',
    right: 'hubAdmin',
    input: ({ channel: { id } }) => ({ id }),
    payload: 'channel { id }',
    effect: ['channel', 'disabledAt', { disabledAt: text }],
  },
  {
    mutation: 'enableChannel',
    right: 'hubAdmin',
    input: async ({ unit, channel: { id } }) => ({
      id: (await unit((tx) => updateChannel(tx, { id, disabled: true }))).id,
    }),
    payload: 'channel { id }',
    effect: ['channel', 'disabledAt', { disabledAt: null }],
  },
  {
    mutation: 'rediscoverChannel',
    right: 'hubWrite',
    input: ({ channel: { id } }) => ({ id }),
    payload: 'problem outcomes { name outcome } channel { id }',
    shows: { problem: '', outcomes: [{ name: 'carrier', outcome: 'UNCHANGED' }] },
  },
  {
    mutation: 'registerServiceAccount',
    right: 'hubAdmin',
    input: ({ channel }) => ({ channelId: channel.id, username: 'mkp', addresses: ['10.0.0.0/8'], level: 666 }),
    payload: 'serviceAccount { id } password',
    shows: { password: text },
    effect: ['serviceAccount', 'addresses level', { addresses: ['10.0.0.0/8'], level: 666 }],
  },
  {
    mutation: 'updateServiceAccount',
    right: 'hubAdmin',
    input: ({ account: { id } }) => ({ id, password: 'another long one', soapSecret: 'digest secret' }),
    payload: 'serviceAccount { id } password',
    shows: { password: null },
    effect: ['serviceAccount', 'credentialVersion allowsDigest', { credentialVersion: 2, allowsDigest: true }],
  },
  {
    mutation: 'unlockServiceAccount',
    right: 'hubAdmin',
    input: async ({ unit, account: { id } }) => ({
      id: (await unit((tx) => updateServiceAccount(tx, { id, locked: true }))).id,
    }),
    payload: 'serviceAccount { id }',
    effect: ['serviceAccount', 'lockedAt', { lockedAt: null }],
  },
  {
    mutation: 'disableServiceAccount',
    right: 'hubAdmin',
    input: ({ account: { id } }) => ({ id }),
    payload: 'serviceAccount { id }',
    effect: ['serviceAccount', 'disabledAt', { disabledAt: text }],
  },
  {
    mutation: 'enableServiceAccount',
    right: 'hubAdmin',
    input: async ({ unit, account: { id } }) => ({
      id: (await unit((tx) => updateServiceAccount(tx, { id, disabled: true }))).id,
    }),
    payload: 'serviceAccount { id }',
    effect: ['serviceAccount', 'disabledAt', { disabledAt: null }],
  },
  {
    mutation: 'bindExternalId',
    right: 'hubAdmin',
    input: ({ channel, instance, mark }) => ({
      channelId: channel.id,
      kind: 'INSTANCE',
      externalId: `realm-${mark}`,
      targetId: instance.id,
    }),
    payload: 'externalRef { id externalId }',
    effect: ['externalRef', 'kind', { kind: 'INSTANCE' }],
  },
  {
    mutation: 'freeExternalId',
    right: 'hubAdmin',
    input: ({ reference: { id } }) => ({ id, expectedVersion: 1 }),
    payload: 'externalRef { id }',
    effect: ['externalRef', 'version', { version: 2 }],
  },
  {
    mutation: 'addChannelRecord',
    right: 'tenantWrite',
    input: async (stage) => ({
      tenantId: (await managedTenant(stage)).id,
      kind: 'queue',
      externalId: 'sales',
      data: '{"name":"Sales"}',
    }),
    payload: 'channelRecord { id tenant { id } }',
    effect: ['channelRecord', 'kind data endedAt', { kind: 'queue', data: '{"name":"Sales"}', endedAt: null }],
  },
  {
    mutation: 'updateChannelRecord',
    right: 'tenantWrite',
    input: async (stage) => {
      const { id: tenantId } = await managedTenant(stage);
      const record = { tenantId, kind: 'queue', externalId: 'sales', data: {} };
      const { id } = await stage.unit((tx) => addChannelRecord(tx, record));
      return { id, expectedVersion: 1, data: '{"name":"Support"}' };
    },
    payload: 'channelRecord { id }',
    effect: ['channelRecord', 'data', { data: '{"name":"Support"}' }],
  },
  {
    mutation: 'endChannelRecord',
    right: 'tenantWrite',
    input: async (stage) => {
      const { id: tenantId } = await managedTenant(stage);
      const record = { tenantId, kind: 'queue', externalId: 'sales', data: {} };
      const { id } = await stage.unit((tx) => addChannelRecord(tx, record));
      return { id, expectedVersion: 1 };
    },
    payload: 'channelRecord { id }',
    effect: ['channelRecord', 'endedAt', { endedAt: text }],
  },
  {
    mutation: 'registerWebhook',
    right: 'tenantAdmin',
    input: ({ tenant }) => ({ tenantId: tenant.id, url: 'https://b.example/', events: ['license.*'] }),
    payload: 'webhook { id } secret',
    shows: { secret: expect.stringMatching(/^whsec_/) },
    effect: ['webhook', 'url events', { url: 'https://b.example/', events: ['license.*'] }],
  },
  {
    mutation: 'updateWebhook',
    right: 'tenantAdmin',
    input: ({ webhook: { id } }) => ({ id, events: ['user.created'] }),
    payload: 'webhook { id }',
    effect: ['webhook', 'url events', { url: 'https://a.example/', events: ['user.created'] }],
  },
  {
    mutation: 'rotateWebhookSecret',
    right: 'tenantAdmin',
    input: ({ webhook: { id } }) => ({ id }),
    payload: 'webhook { id } secret',
    shows: { secret: expect.not.stringMatching(secret) },
    effect: ['webhook', 'version', { version: 2 }],
  },
  {
    mutation: 'disableWebhook',
    right: 'tenantAdmin',
    input: ({ webhook: { id } }) => ({ id }),
    payload: 'webhook { id }',
    effect: ['webhook', 'disabledAt', { disabledAt: text }],
  },
  {
    mutation: 'enableWebhook',
    right: 'tenantAdmin',
    input: async ({ unit, webhook: { id } }) => ({
      id: (await unit((tx) => amendWebhook(tx, { id, disabled: true }))).id,
    }),
    payload: 'webhook { id }',
    effect: ['webhook', 'disabledAt', { disabledAt: null }],
  },
  // servicelevels
  {
    mutation: 'createServiceLevelGroup',
    right: 'hubWrite',
    input: ({ channel, mark }) => ({
      channelId: channel.id,
      memberKind: 'APPLICATION',
      key: `${mark} silver`,
      properties: [{ name: 'region', value: 'eu' }, { name: 'trial' }],
      document: '<Sla/>',
    }),
    payload: 'serviceLevelGroup { id }',
    effect: [
      'serviceLevelGroup',
      'memberKind properties { name value } agreements { nodes { type document } }',
      {
        memberKind: 'APPLICATION',
        properties: [
          { name: 'region', value: 'eu' },
          { name: 'trial', value: null },
        ],
        agreements: { nodes: [{ type: 'application', document: '<Sla/>' }] },
      },
    ],
  },
  {
    mutation: 'updateServiceLevelGroup',
    right: 'hubWrite',
    input: async (stage) => ({
      id: await groupOn(stage),
      expectedVersion: 1,
      properties: [{ name: 'region', value: 'jp' }],
      document: '<Sla level="2"/>',
    }),
    payload: 'serviceLevelGroup { id }',
    effect: [
      'serviceLevelGroup',
      'properties { name value } agreements { nodes { type document version } }',
      {
        properties: [{ name: 'region', value: 'jp' }],
        agreements: { nodes: [{ type: 'service_provider', document: '<Sla level="2"/>', version: 2 }] },
      },
    ],
  },
  {
    mutation: 'deleteServiceLevelGroup',
    right: 'hubWrite',
    input: async (stage) => ({ id: await groupOn(stage) }),
    payload: 'serviceLevelGroup { id }',
    effect: [
      'serviceLevelGroup',
      'terminatedAt agreements { nodes { terminatedAt } }',
      { terminatedAt: text, agreements: { nodes: [{ terminatedAt: text }] } },
    ],
  },
  {
    mutation: 'moveToServiceLevelGroup',
    right: 'hubWrite',
    input: async (stage) => ({ id: stage.tenant.id, groupId: await groupOn(stage) }),
    payload: 'tenant { id } application { id }',
    shows: { application: null },
    effect: [
      'tenant',
      'serviceLevelGroup { tenants { totalCount } agreements { nodes { document } } }',
      { serviceLevelGroup: { tenants: { totalCount: 1 }, agreements: { nodes: [{ document: '<Sla/>' }] } } },
    ],
  },
  {
    mutation: 'setServiceLevelAgreement',
    right: 'hubWrite',
    input: ({ instance }) => ({ targetId: instance.id, type: 'uptime', document: '<Uptime/>' }),
    payload: 'serviceLevelAgreement { id }',
    effect: [
      'serviceLevelAgreement',
      'scope type document target { id ... on Instance { serviceLevelAgreements { totalCount } } }',
      {
        scope: 'INSTANCE',
        type: 'uptime',
        document: '<Uptime/>',
        target: { id: text, serviceLevelAgreements: { totalCount: 1 } },
      },
    ],
  },
  {
    mutation: 'removeServiceLevelAgreement',
    right: 'hubWrite',
    input: async (stage) => {
      const targetId = await groupOn(stage);
      const found = await stage.unit((tx) => tx.serviceLevelAgreements.findMany({ targetId }));
      return { id: found[0]!.id, expectedVersion: 1 };
    },
    payload: 'serviceLevelAgreement { id }',
    effect: ['serviceLevelAgreement', 'terminatedAt', { terminatedAt: text }],
  },
  // operations
  {
    mutation: 'unparkDelivery',
    right: 'hubWrite',
    input: ({ delivery: { id } }) => ({ id }),
    payload: 'delivery { id }',
    effect: ['delivery', 'parkedAt attempts', { parkedAt: null, attempts: 0 }],
  },
  {
    mutation: 'retryChannelTask',
    right: 'hubWrite',
    input: async (stage) => ({ id: await parkedTask(stage) }),
    payload: 'channelTask { id }',
    effect: ['channelTask', 'parkedAt attempts kind', { parkedAt: null, attempts: 0, kind: 'import' }],
  },
  {
    mutation: 'eraseJournalPayloads',
    right: 'hubAdmin',
    input: ({ user: { id } }) => ({ objectId: id }),
    payload: 'erased',
    shows: { erased: expect.any(Number) },
  },
  // usage
  {
    mutation: 'ingestUsageRecords',
    right: 'hubWrite',
    input: ({ channel, mark }) => ({
      channelId: channel.id,
      records: [
        {
          transactionId: '9007199254740993',
          providerExternalId: mark,
          serviceName: 'Payment',
          occurredAt: '2026-01-14T12:00:00Z',
          completionStatus: 'COMPLETED',
          properties: [{ name: 'amount' }],
        },
      ],
    }),
    payload: 'accepted duplicates { index } conflicts { index } unattributed { transactionId }',
    shows: { accepted: 1, duplicates: [], conflicts: [], unattributed: [] },
  },
  // alarms
  {
    mutation: 'acknowledgeAlarm',
    right: 'hubWrite',
    input: ({ alarm: { id } }) => ({ id, expectedVersion: 1 }),
    payload: 'alarm { id }',
    effect: [
      'alarm',
      'acknowledgedAt acknowledgedBy clearedAt',
      { acknowledgedAt: text, acknowledgedBy: text, clearedAt: null },
    ],
  },
  {
    mutation: 'clearAlarm',
    right: 'hubWrite',
    input: ({ alarm: { id } }) => ({ id }),
    payload: 'alarm { id }',
    effect: ['alarm', 'clearedAt clearedBy', { clearedAt: text, clearedBy: text }],
  },
  {
    mutation: 'ingestAlarms',
    right: 'hubWrite',
    input: ({ channel, tenant, mark }) => ({
      channelId: channel.id,
      alarms: [
        { externalId: '7', typeNumber: 5002, source: mark, info: 'no answer', tenantId: tenant.id, clearedAt: null },
        { externalId: '7', typeNumber: 5002, source: mark, info: 'no answer' },
      ],
    }),
    payload:
      'raised { info severity type { name } channel { id } tenant { id } clearedAt object { id } } cleared { id } known',
    shows: {
      raised: [
        {
          info: 'no answer',
          severity: 'MAJOR',
          type: { name: 'gateway_unreachable' },
          channel: { id: text },
          tenant: { id: text },
          clearedAt: null,
          object: null,
        },
      ],
      cleared: [],
      known: 1,
    },
  },
];
