import { raiseAlarm } from '../../../src/core/alarms/index.js';
import { scheduleChange } from '../../../src/core/billing/index.js';
import { defineApplication, definePlan } from '../../../src/core/catalog/index.js';
import {
  createMember,
  registerClient,
  registerIdentityProvider,
  startSession,
} from '../../../src/core/identity/index.js';
import { assignLicense, setPoolQuantity } from '../../../src/core/licensing/index.js';
import {
  bindExternalRef,
  configureChannel,
  registerServiceAccount,
  registerWebhook,
} from '../../../src/core/marketplace/index.js';
import { askApproval, provisionInstance } from '../../../src/core/provisioning/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import type { Actor, Role } from '../../../src/core/shared/actor.js';
import { day, shift } from '../../../src/core/shared/clock.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import { insertRows } from '../../../src/persistence/rows/insert-rows.js';
import { createStorage } from '../../../src/persistence/rows/stored-table.js';
import { outboxDeliveries } from '../../../src/persistence/tables/outbox.js';
import { system } from '../../persistence/support/world.js';
import type { TestDatabase } from '../../support/databases.js';
import { client, member, operator } from './mercator.js';

export type Stage = Awaited<ReturnType<typeof makeStage>>;

const someone = 'usr_00000000000000000000000001';
let stages = 0;

const run = <T>(db: TestDatabase, work: (tx: Unit) => Promise<T>): Promise<T> =>
  db.persistence.uow.run(system, { name: 'test.stage', requestId: 'stage' }, work);

/** A provider with a customer below it that has bought one of everything, and a stranger; names differ from stage to stage. */
export async function makeStage(db: TestDatabase) {
  const mark = `s${++stages}`;
  const made = await run(db, async (tx) => ({
    ...(await makeCustomer(tx, mark)),
    ...(await makeConnections(tx, mark)),
  }));
  const { tenant, application, standard, plan, instance, user } = made;
  const rest = await run(db, async (tx) => {
    const place = { tenantId: tenant.id, channelId: '' };
    const asked = await provisionInstance(tx, { ...place, applicationId: application.id });
    return {
      alarm: await raiseAlarm(tx, { type: 'traffic_locked', objectId: instance.id, tenantId: tenant.id, info: mark }),
      webhook: await registerWebhook(tx, { tenantId: tenant.id, url: 'https://a.example/', events: ['*'], secret }),
      provider2: await registerIdentityProvider(tx, {
        key: mark,
        tenantId: tenant.id,
        issuer: 'https://login.example/',
        clientId: 'hub',
        clientSecret: 'secret',
        emailDomains: [],
        required: false,
      }),
      session: await startSession(tx, { userId: user.id, cookieHash: mark, method: 'password', ttlMs: day }),
      license: await assignLicense(tx, { userId: user.id, tenantId: tenant.id, licenseTypeId: standard.id }),
      asked: asked.instance,
      approval: await askApproval(tx, {
        kind: 'instance',
        id: asked.instance.id,
        approval: 'update',
        proposed: { name: 'New' },
      }),
      scheduled: await scheduleChange(tx, {
        instanceId: instance.id,
        change: { planId: plan.id, quantities: [] },
        dueAt: shift(tx.now, day),
      }),
      reference: await bindExternalRef(tx, {
        channelId: made.channel.id,
        kind: 'tenant',
        externalId: mark,
        targetId: tenant.id,
      }),
    };
  });
  return {
    ...made,
    ...rest,
    mark,
    delivery: await park(db, tenant.id),
    db,
    unit: <T>(work: (tx: Unit) => Promise<T>) => run(db, work),
  };
}

export const secret = `whsec_${Buffer.alloc(32, 7).toString('base64')}`;

async function makeCustomer(tx: Unit, mark: string) {
  const provider = await createTenant(tx, { kind: 'provider', name: `${mark} provider` });
  const tenant = await createTenant(tx, { kind: 'customer', name: `${mark} customer`, parentId: provider.id });
  const stranger = await createTenant(tx, { kind: 'customer', name: `${mark} stranger` });
  const application = await defineApplication(tx, { key: mark, name: 'CRM', licenseTypes: [{ code: 'Standard' }] });
  const standard = (await tx.licenseTypes.findOne({ applicationId: application.id, code: 'Standard' }))!;
  const price = { applicationId: application.id, amount: '1500', currency: 'EUR', interval: 'month' } as const;
  const plan = await definePlan(tx, { ...price, key: 'month' });
  const otherPlan = await definePlan(tx, { ...price, key: 'other', amount: '900' });
  const person = async (name: string, roles: readonly Role[]) =>
    createMember(tx, {
      givenName: name,
      emails: [{ email: `${name}@${mark}.example`, verified: false }],
      membership: { tenantId: tenant.id, roles },
    });
  const owner = await person('owner', ['OWNER']);
  const { user, membership } = await person('mina', ['MEMBER']);
  const other = await person('theo', ['MEMBER']);
  const bought = await provisionInstance(tx, {
    tenantId: tenant.id,
    applicationId: application.id,
    planId: plan.id,
    licenses: [{ licenseTypeId: standard.id, quantity: 5 }],
  });
  await setPoolQuantity(tx, { tenantId: provider.id, licenseTypeId: standard.id, quantity: 100 });
  const pool = await setPoolQuantity(tx, { tenantId: tenant.id, licenseTypeId: standard.id, quantity: 5 });
  return {
    provider,
    tenant,
    stranger,
    application,
    standard,
    plan,
    otherPlan,
    owner: owner.user,
    ownerMembership: owner.membership!,
    user,
    membership: membership!,
    other: other.user,
    email: (await tx.userEmails.findMany({ userId: user.id }))[0]!,
    instance: bought.instance,
    subscription: bought.subscription!,
    pool,
  };
}

async function makeConnections(tx: Unit, mark: string) {
  const channel = await configureChannel(tx, { name: mark, protocol: 'nec', settings: { mkpVersion: '4.3' } });
  return {
    channel,
    account: await registerServiceAccount(tx, { channelId: channel.id, username: mark, passwordHash: 'hash' }),
    client: await registerClient(tx, {
      clientId: mark,
      secretHash: 'hash',
      level: 333,
      grantTypes: ['client_credentials'],
      scopes: ['hub.read'],
    }),
  };
}

async function park(db: TestDatabase, tenantId: string) {
  const delivery = {
    id: db.ids.next('delivery'),
    subscriber: 'webhook:1',
    eventId: db.ids.next('event'),
    eventType: 'license.assigned',
    aggregateId: db.ids.next('license'),
    tenantId,
    sequence: 1,
    attempts: 10,
    nextAttemptAt: null,
    deliveredAt: null,
    parkedAt: db.clock.now(),
    lastError: 'HTTP 500',
  };
  const storage = createStorage(db.dialect, db.keyring);
  await db.raw.transaction((sql) => insertRows(sql, storage(outboxDeliveries), [delivery]));
  return delivery;
}

/** Acts as an administrator of the customer: what they hold, they and operators lift. */
export const asOwner = <T>({ db, tenant }: Stage, work: (tx: Unit) => Promise<T>): Promise<T> =>
  db.persistence.uow.run(member(someone, tenant.id, ['ADMIN']), { name: 'test.stage', requestId: 'stage' }, work);

export const callers = {
  anonymous: (): Actor | undefined => undefined,
  MEMBER: ({ tenant }: Stage) => member(someone, tenant.id, ['MEMBER']),
  VIEWER: ({ tenant }: Stage) => member(someone, tenant.id, ['VIEWER']),
  AGENT: ({ tenant }: Stage) => member(someone, tenant.id, ['AGENT']),
  'ADMIN of another tenant': ({ stranger }: Stage) => member(someone, stranger.id, ['ADMIN']),
  ADMIN: ({ tenant }: Stage) => member(someone, tenant.id, ['ADMIN']),
  'ADMIN with a token for reading': ({ tenant }: Stage) => member(someone, tenant.id, ['ADMIN'], 333),
  'ADMIN of the seller': ({ provider }: Stage) => member(someone, provider.id, ['ADMIN']),
  'operator 333': () => operator(333),
  'operator 666': () => operator(666),
  'operator 1000': () => operator(1000),
  'client hub.read': () => client({ level: 1000, ceiling: 333 }),
  'client hub.write': () => client({ level: 1000, ceiling: 666 }),
  'client hub.admin': () => client({ level: 1000, ceiling: 1000 }),
} satisfies Record<string, (stage: Stage) => Actor | undefined>;
export type CallerName = keyof typeof callers;

const hubAdmin: CallerName[] = ['operator 1000', 'client hub.admin'];
const hubWrite: CallerName[] = [...hubAdmin, 'operator 666', 'client hub.write'];
/** Who may, by the kind of right a mutation needs. */
export const allowed = {
  hubAdmin,
  hubWrite,
  tenantAdmin: [...hubAdmin, 'ADMIN', 'ADMIN of the seller'],
  tenantWrite: [...hubWrite, 'ADMIN', 'ADMIN of the seller'],
  seller: [...hubWrite, 'ADMIN of the seller'],
  sellerAdmin: [...hubAdmin, 'ADMIN of the seller'],
} as const satisfies Record<string, readonly CallerName[]>;
