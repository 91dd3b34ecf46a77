import { defineApplication, definePlan } from '../../../src/core/catalog/index.js';
import { createMember } from '../../../src/core/identity/index.js';
import { setPoolQuantity } from '../../../src/core/licensing/index.js';
import { configureChannel } from '../../../src/core/marketplace/index.js';
import { provisionInstance } from '../../../src/core/provisioning/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import { type Actor, type Role, systemActor } from '../../../src/core/shared/actor.js';
import { isDomainError } from '../../../src/core/shared/errors.js';
import { createTenant } from '../../../src/core/tenancy/index.js';
import type { TestDatabase } from '../../support/databases.js';

export const system = systemActor('test');
const stranger = 'usr_00000000000000000000000001';

/** Runs one command as somebody, in a unit of its own. */
export function perform<T>(db: TestDatabase, actor: Actor, work: (tx: Unit) => Promise<T>): Promise<T> {
  return db.persistence.uow.run(actor, { name: 'test.command', requestId: 'req-1' }, work);
}

/** The code of the refusal, or 'done'. Anything but a refusal is thrown on. */
export async function outcome(work: Promise<unknown>): Promise<string> {
  try {
    await work;
    return 'done';
  } catch (error) {
    if (isDomainError(error)) return error.code;
    throw error;
  }
}

/** What happened to one object, as the journal and the outbox tell it: commands in order, events in order with their tenant. */
export async function traceOf(db: TestDatabase, objectId: string) {
  const entries = await db.raw.read.all<{ command: string; tenant: string; actor: string }>(
    'SELECT command, tenant_id AS tenant, actor_id AS actor FROM journal_entries WHERE object_id = ? ORDER BY id',
    [objectId],
  );
  const events = await db.raw.read.all<{ type: string; tenant: string }>(
    'SELECT event_type AS type, tenant_id AS tenant FROM outbox_events WHERE aggregate_id = ? ORDER BY aggregate_version',
    [objectId],
  );
  return { entries, events: events.map(({ type, tenant }) => [type, tenant]) };
}

export const operator = (level = 1000, userId = stranger): Actor => ({
  kind: 'operator',
  userId,
  name: 'Op',
  level,
  ceiling: 1000,
});
export const member = (tenantId: string, roles: readonly Role[] = ['ADMIN'], userId = stranger): Actor => ({
  kind: 'user',
  userId,
  name: 'Mina',
  grants: [{ tenantId, roles }],
  ceiling: 1000,
});
export const client = (tenantId: string): Actor => ({
  kind: 'client',
  clientId: 'machine',
  level: null,
  tenantId,
  ceiling: 1000,
});
export const account = (channelId: string, tenantId: string | null = null): Actor => ({
  kind: 'serviceAccount',
  serviceAccountId: 'sac_1',
  username: 'mkp',
  channelId,
  tenantId,
  level: null,
});

export type Hub = Awaited<ReturnType<typeof makeHub>>;

/**
 * Two marketplaces; a provider with its own application, a reseller and two customers below it; a rival provider with the same; a
 * customer of each marketplace; the hub's own application with seats for the provider.
 */
export async function makeHub(db: TestDatabase, mark = 'hub') {
  return perform(db, system, async (tx) => {
    const channelA = await configureChannel(tx, { name: `${mark}-a`, protocol: 'nec', settings: {} });
    const channelB = await configureChannel(tx, { name: `${mark}-b`, protocol: 'nec', settings: {} });
    const provider = await createTenant(tx, { kind: 'provider', name: 'Provider' });
    const reseller = await createTenant(tx, { kind: 'reseller', name: 'Reseller', parentId: provider.id });
    const customer = await createTenant(tx, { kind: 'customer', name: 'Customer', parentId: reseller.id });
    const sibling = await createTenant(tx, { kind: 'customer', name: 'Sibling', parentId: reseller.id });
    const rival = await createTenant(tx, { kind: 'provider', name: 'Rival' });
    const rivals = await createTenant(tx, { kind: 'customer', name: 'Rival customer', parentId: rival.id });
    const ofA = await createTenant(tx, { kind: 'customer', name: 'Of A', channelId: channelA.id });
    const ofB = await createTenant(tx, { kind: 'customer', name: 'Of B', channelId: channelB.id });
    const application = await sold(tx, `${mark}-crm`, '');
    const own = await sold(tx, `${mark}-own`, provider.id);
    const rivalOwn = await sold(tx, `${mark}-rival`, rival.id);
    await setPoolQuantity(tx, { tenantId: provider.id, licenseTypeId: application.seat.id, quantity: 100 });
    const bought = await provisionInstance(tx, {
      tenantId: customer.id,
      applicationId: application.id,
      planId: application.plan.id,
      licenses: [{ licenseTypeId: application.seat.id, quantity: 5 }],
    });
    const bundle = (tenantId: string, channelId: string) =>
      provisionInstance(tx, { tenantId, channelId, applicationId: application.id });
    return {
      channelA,
      channelB,
      provider,
      reseller,
      customer,
      sibling,
      rival,
      rivals,
      ofA,
      ofB,
      application,
      own,
      rivalOwn,
      instance: bought.instance,
      subscription: bought.subscription!,
      pool: bought.pools[0]!,
      inA: (await bundle(ofA.id, channelA.id)).instance,
      inB: (await bundle(ofB.id, channelB.id)).instance,
      person: (tenantId: string, roles: readonly Role[] = ['MEMBER'], place: { instanceId?: string } = {}) =>
        perform(db, system, (unit) => makePerson(unit, tenantId, roles, place)),
    };
  });
}

export async function makePerson(
  tx: Unit,
  tenantId: string,
  roles: readonly Role[] = ['MEMBER'],
  place: { instanceId?: string; channelId?: string } = {},
) {
  const { user, membership } = await createMember(tx, { givenName: 'P', membership: { tenantId, roles, ...place } });
  return { user, membership: membership! };
}

async function sold(tx: Unit, key: string, ownerTenantId: string) {
  const application = await defineApplication(tx, { key, name: key, ownerTenantId, licenseTypes: [{ code: 'Seat' }] });
  const seat = (await tx.licenseTypes.findOne({ applicationId: application.id, code: 'Seat' }))!;
  const plan = await definePlan(tx, {
    applicationId: application.id,
    key: 'month',
    amount: '1500',
    currency: 'EUR',
    interval: 'month',
    trialDays: 14,
  });
  return { ...application, seat, plan };
}
