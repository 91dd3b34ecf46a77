import { clearTrafficLocks } from '../../alarms/index.js';
import { endSubscriptions } from '../../billing/index.js';
import type { Application } from '../../catalog/index.js';
import { endMemberships, endSessions } from '../../identity/index.js';
import { emptyTenants } from '../../licensing/index.js';
import { closeAccountsOf, endChannelRecordsOf, freeIdsOfPeople } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { endAgreements } from '../../servicelevels/index.js';
import { DomainError } from '../../shared/errors.js';
import { anyOf } from '../../shared/repository.js';
import { requireReach, type Tenant } from '../../tenancy/index.js';
import type { Instance } from '../model.js';
import { endOwnClients, endUseOf } from './end-access.js';
import { endRows } from './end-rows.js';

/**
 * Ends tenants, locked and live, of one tree, with whatever is theirs: instances, the applications they own, people, seats,
 * subscriptions, accounts, records of their channel. For commands that have been allowed to; nothing live may be below them that
 * is not among them.
 * Lock order: tenants, applications, instances, subscriptions, pools, licenses, memberships, sessions.
 * Errors: in_use (an application with live instances of others), not_found or forbidden (an instance the actor may not touch).
 */
export async function endTenants(tx: Unit, tenants: readonly Tenant[]): Promise<Tenant[]> {
  const ids = tenants.map(({ id }) => id);
  const applications = await lockApplications(tx, ids);
  const instances = await lockInstances(tx, ids);
  await checkOnlyTheirs(tx, applications, instances);
  const instanceIds = instances.map(({ id }) => id);

  await endAgreements(tx, instanceIds);
  const subscriptions = await tx.subscriptions.findAll({ tenantId: anyOf(ids) });
  await endSubscriptions(
    tx,
    subscriptions.map(({ id }) => id),
  );
  await emptyTenants(tx, ids);
  const people = await endMembershipsOf(tx, ids);
  await clearTrafficLocks(tx, instances);
  await closeAccountsOf(tx, ids);
  await endChannelRecordsOf(tx, ids);
  await endUse(tx, { tenantIds: ids, people, applications, instanceIds });
  await endRows(tx, 'instance', instances);
  await endRows(tx, 'application', applications);
  const ended = await endRows(tx, 'tenant', tenants);
  await freeIdsOfPeople(tx, people);
  return ended;
}

async function lockApplications(tx: Unit, tenantIds: readonly string[]): Promise<Application[]> {
  const seen = await tx.applications.findAll({ ownerTenantId: anyOf(tenantIds), terminatedAt: null });
  const locked = await tx.applications.lockAll(seen.map(({ id }) => id));
  return locked.filter(({ terminatedAt }) => terminatedAt === null);
}

async function lockInstances(tx: Unit, tenantIds: readonly string[]): Promise<Instance[]> {
  const seen = await tx.instances.findAll({ tenantId: anyOf(tenantIds), terminatedAt: null });
  const locked = await tx.instances.lockAll(seen.map(({ id }) => id));
  const live = locked.filter(({ terminatedAt }) => terminatedAt === null);
  // within one tree the channel alone makes a difference
  const onePerChannel = new Map(live.map((instance) => [instance.channelId, instance]));
  for (const { tenantId, channelId } of onePerChannel.values()) {
    await requireReach(tx, 'write', 'instance', { tenantId, channelId });
  }
  return live;
}

async function checkOnlyTheirs(
  tx: Unit,
  applications: readonly Application[],
  instances: readonly Instance[],
): Promise<void> {
  const theirs = new Set(instances.map(({ id }) => id));
  const all = await tx.instances.findAll({
    applicationId: anyOf(applications.map(({ id }) => id)),
    terminatedAt: null,
  });
  if (all.some(({ id }) => !theirs.has(id))) throw new DomainError('in_use', { kind: 'application', by: 'instances' });
}

/** Locked first, because a profile or a hold may be changing at this moment. Answers whose they were. */
async function endMembershipsOf(tx: Unit, tenantIds: readonly string[]): Promise<string[]> {
  const seen = await tx.memberships.findAll({ tenantId: anyOf(tenantIds), liveKey: '0' });
  const locked = await tx.memberships.lockAll(seen.map(({ id }) => id));
  const ended = await endMemberships(
    tx,
    locked.filter(({ terminatedAt }) => terminatedAt === null),
  );
  return [...new Set(ended.map(({ userId }) => userId))];
}

/** People lose what they use anywhere, and everybody what the tenants' own instances and applications gave them. */
async function endUse(
  tx: Unit,
  of: {
    readonly tenantIds: readonly string[];
    readonly people: readonly string[];
    readonly applications: readonly Application[];
    readonly instanceIds: readonly string[];
  },
): Promise<void> {
  await endSessions(tx, { userId: of.people, reason: 'tenant deleted' });
  await endUseOf(
    tx,
    of.applications.map(({ id }) => id),
    'tenant deleted',
  );
  await endSessions(tx, { instanceId: of.instanceIds, reason: 'instance deleted' });
  await endOwnClients(tx, of.tenantIds);
}
