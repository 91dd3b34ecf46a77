import { endNow } from '../../billing/index.js';
import { closeMembership } from '../../identity/index.js';
import { giveBackLicense } from '../../licensing/index.js';
import type { Unit } from '../../repositories.js';
import { DomainError } from '../../shared/errors.js';
import { holdsAfterDisable, holdsAfterEnable } from '../../shared/holding.js';
import { type Authority, isLive } from '../../shared/lifecycle.js';
import { endAccess } from './end-access.js';
import { emitObject, type LifecycleObject, lockObject, type ObjectTarget, saveObject } from './lock-object.js';

/**
 * Stops a tenant, application or instance: a hold in this actor's name. Sessions and tokens of everybody it concerns end in the
 * same transaction, and billing stops. Idempotent.
 * Errors: not_found, forbidden, terminated, version_conflict.
 */
export async function disableObject(
  tx: Unit,
  target: ObjectTarget & { readonly as?: Authority },
): Promise<LifecycleObject> {
  const before = await lockObject(tx, target, 'write');
  const after = await saveObject(tx, before, { holds: holdsAfterDisable(tx, before.row.holds, target.as) });
  await endAccess(tx, after, `${after.kind} disabled`);
  if (after.row.version !== before.row.version) emitObject(tx, 'disabled', after);
  return after;
}

/**
 * Lifts the holds this actor may lift. While others remain the answer is the object, still INACTIVE (docs/design.md 10.7).
 * Errors: not_found, forbidden, terminated, version_conflict, holds_remain (none of them was this actor's: nothing changed).
 */
export async function enableObject(
  tx: Unit,
  target: ObjectTarget & { readonly as?: Authority },
): Promise<LifecycleObject> {
  const before = await lockObject(tx, target, 'write');
  const after = await saveObject(tx, before, { holds: holdsAfterEnable(tx, before.kind, before.row.holds, target.as) });
  if (after.row.version !== before.row.version && after.row.holds.length === 0) emitObject(tx, 'enabled', after);
  return after;
}

/**
 * Ends it for good; rows stay. An instance gives its seats back, its people go, its subscription ends. A tenant's instances go
 * with it. Errors: as `disableObject`, in_use (a tenant with live tenants below, an application with live instances).
 */
export async function terminateObject(tx: Unit, target: ObjectTarget): Promise<LifecycleObject> {
  const before = await lockObject(tx, target, target.kind === 'instance' ? 'write' : 'admin');
  switch (before.kind) {
    case 'tenant':
      await emptyTenant(tx, before.row.id);
      break;
    case 'application':
      if ((await tx.instances.count({ applicationId: before.row.id, terminatedAt: null })) > 0) {
        throw new DomainError('in_use', { kind: 'application', by: 'instances' });
      }
      break;
    case 'instance':
      await emptyInstance(tx, before.row.id);
  }
  const openApproval = await tx.approvals.findOne({ openKey: before.row.id });
  if (openApproval !== undefined) {
    await tx.approvals.save(openApproval, { status: 'WITHDRAWN', openKey: openApproval.id, decidedAt: tx.now });
  }
  const wasLive = isLive(before.row);
  const after = await saveObject(tx, before, {
    terminatedAt: tx.now,
    pending: '',
    ...(before.kind === 'application' ? { liveKey: before.row.id } : {}),
  });
  if (wasLive || before.kind === 'instance') await endAccess(tx, after, `${after.kind} deleted`);
  emitObject(tx, 'terminated', after);
  return after;
}

async function emptyInstance(tx: Unit, instanceId: string): Promise<void> {
  for (const subscription of await tx.subscriptions.findMany({ instanceId })) {
    const locked = await tx.subscriptions.lock(subscription.id);
    if (locked !== undefined && locked.status !== 'ENDED') await endNow(tx, locked);
  }
  for (const license of await tx.licenses.findMany({ instanceId, liveKey: '0' })) await giveBackLicense(tx, license.id);
  for (const membership of await tx.memberships.findMany({ instanceId, liveKey: '0' })) {
    await closeMembership(tx, membership, 'instance deleted');
  }
}

async function emptyTenant(tx: Unit, tenantId: string): Promise<void> {
  for (const id of await tx.tenantTree.descendants(tenantId)) {
    if (id === tenantId) continue;
    const below = await tx.tenants.find(id);
    if (below !== undefined && below.terminatedAt === null) {
      throw new DomainError('in_use', { kind: 'tenant', by: 'tenants below it' });
    }
  }
  await endAccess(tx, { kind: 'tenant', row: (await tx.tenants.find(tenantId))! }, 'tenant deleted');
  for (const instance of await tx.instances.findMany({ tenantId, terminatedAt: null })) {
    await terminateObject(tx, { kind: 'instance', id: instance.id });
  }
  for (const subscription of await tx.subscriptions.findMany({ tenantId })) {
    const locked = await tx.subscriptions.lock(subscription.id);
    if (locked !== undefined && locked.status !== 'ENDED') await endNow(tx, locked);
  }
  for (const license of await tx.licenses.findMany({ tenantId, liveKey: '0' })) await giveBackLicense(tx, license.id);
  for (const membership of await tx.memberships.findMany({ tenantId, liveKey: '0' })) {
    await closeMembership(tx, membership, 'tenant deleted');
  }
}
