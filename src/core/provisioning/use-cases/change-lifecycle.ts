import { clearTrafficLocked } from '../../alarms/index.js';
import { endNow } from '../../billing/index.js';
import { closeMembership, type Membership } from '../../identity/index.js';
import { giveBackLicense, recordPoolChange } from '../../licensing/index.js';
import { closeAccountsOf, freeIdsOf } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { endAgreements } from '../../servicelevels/index.js';
import { actorName, type Right } from '../../shared/actor.js';
import { wrongState } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import { holdsAfterDisable, holdsAfterEnable } from '../../shared/holding.js';
import { type Authority, isLive } from '../../shared/lifecycle.js';
import { checkMove } from '../../shared/transitions.js';
import { requireNoApproval } from '../../tenancy/index.js';
import { endAccess } from './end-access.js';
import {
  channelIdOf,
  emitObject,
  type LifecycleObject,
  lockObject,
  type ObjectTarget,
  saveObject,
} from './lock-object.js';

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
 * Errors: not_found, forbidden, terminated, version_conflict, holds_remain (none of them was this actor's: nothing changed),
 * wrong_state (a request for deletion waits: disapproved it is to be INACTIVE, as it was).
 */
export async function enableObject(
  tx: Unit,
  target: ObjectTarget & { readonly as?: Authority },
): Promise<LifecycleObject> {
  const before = await lockObject(tx, target, 'write');
  if (before.row.pending === 'delete') throw wrongState(before.kind, before.row, 'activation');
  const after = await saveObject(tx, before, { holds: holdsAfterEnable(tx, before.kind, before.row.holds, target.as) });
  if (after.row.version !== before.row.version && after.row.holds.length === 0) emitObject(tx, 'enabled', after);
  return after;
}

/**
 * The strict moves, for callers who must know: from ACTIVE to INACTIVE and back, `wrong_state` from anywhere else. They put and
 * lift the same holds; as with `enableObject` the object stays INACTIVE while others hold it. With `onlyOwnHolds` an actor may not undo what another one of the same channel stopped.
 * Errors: as `disableObject` and `enableObject`, wrong_state; forbidden (`onlyOwnHolds`).
 */
export async function deactivateObject(tx: Unit, target: ObjectTarget): Promise<LifecycleObject> {
  const object = await lockObject(tx, target, 'write');
  checkMove(object.kind, object.row, 'deactivate');
  return disableObject(tx, target);
}

export async function activateObject(
  tx: Unit,
  target: ObjectTarget & { readonly onlyOwnHolds?: boolean },
): Promise<LifecycleObject> {
  const object = await lockObject(tx, target, 'write');
  checkMove(object.kind, object.row, 'activate');
  if (target.onlyOwnHolds === true && object.row.holds.some(({ by }) => by !== actorName(tx.actor))) {
    throw new DomainError('forbidden', { right: 'activate what another one stopped' });
  }
  return enableObject(tx, target);
}

/**
 * Ends it for good; rows stay. An instance gives its seats back, its people go, its subscription ends. A tenant's instances and
 * the applications it owns go with it, requests that wait about them are withdrawn, and what its pools drew from pools above goes back there. Errors: as `disableObject`, in_use (a tenant with live tenants below, an application with live instances).
 */
export async function terminateObject(
  tx: Unit,
  target: ObjectTarget,
  right: Right = target.kind === 'instance' ? 'write' : 'admin',
): Promise<LifecycleObject> {
  if (target.kind === 'instance') await relyOnTenantOf(tx, target.id);
  const object = await lockObject(tx, target, right);
  await requireNoApproval(tx, channelIdOf(object));
  return terminate(tx, object);
}

/** Lock order: the customer before the instance. Whatever gives people or seats to an instance locks its customer too. */
export async function relyOnTenantOf(tx: Unit, instanceId: string): Promise<void> {
  const instance = await tx.instances.find(instanceId);
  if (instance !== undefined) await tx.tenants.rely(instance.tenantId);
}

async function terminate(tx: Unit, before: LifecycleObject): Promise<LifecycleObject> {
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
      await clearTrafficLocked(tx, before.row);
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
  await freeIdsOf(tx, after.row.id);
  if (wasLive || before.kind === 'instance') await endAccess(tx, after, `${after.kind} deleted`);
  emitObject(tx, 'terminated', after);
  return after;
}

async function emptyInstance(tx: Unit, instanceId: string): Promise<void> {
  await endAgreements(tx, instanceId);
  for (const subscription of await tx.subscriptions.findMany({ instanceId })) {
    const locked = await tx.subscriptions.lock(subscription.id);
    if (locked !== undefined && locked.status !== 'ENDED') await endNow(tx, locked);
  }
  for (const license of await tx.licenses.findMany({ instanceId, liveKey: '0' })) await giveBackLicense(tx, license.id);
  await closeMemberships(tx, await tx.memberships.findMany({ instanceId, liveKey: '0' }), 'instance deleted');
}

async function emptyTenant(tx: Unit, tenantId: string): Promise<void> {
  for (const id of await tx.tenantTree.descendants(tenantId)) {
    if (id === tenantId) continue;
    const below = await tx.tenants.find(id);
    if (below !== undefined && below.terminatedAt === null) {
      throw new DomainError('in_use', { kind: 'tenant', by: 'tenants below it' });
    }
  }
  const own = await tx.applications.findMany({ ownerTenantId: tenantId, terminatedAt: null });
  for (const { id } of own) await tx.applications.lock(id); // before anything below them
  await endAccess(tx, { kind: 'tenant', row: (await tx.tenants.find(tenantId))! }, 'tenant deleted');
  for (const instance of await tx.instances.findMany({ tenantId, terminatedAt: null })) {
    await terminate(tx, await lockObject(tx, { kind: 'instance', id: instance.id }, 'write'));
  }
  for (const { id } of own) await endApplication(tx, id);
  for (const subscription of await tx.subscriptions.findMany({ tenantId })) {
    const locked = await tx.subscriptions.lock(subscription.id);
    if (locked !== undefined && locked.status !== 'ENDED') await endNow(tx, locked);
  }
  for (const license of await tx.licenses.findMany({ tenantId, liveKey: '0' })) await giveBackLicense(tx, license.id);
  await returnQuantities(tx, tenantId);
  await closeMemberships(tx, await tx.memberships.findMany({ tenantId, liveKey: '0' }), 'tenant deleted');
  await closeAccountsOf(tx, tenantId);
}

/** It may have been ended by itself until it was locked. */
async function endApplication(tx: Unit, id: string): Promise<void> {
  const row = await tx.applications.find(id);
  if (row !== undefined && row.terminatedAt === null) await terminate(tx, { kind: 'application', row });
}

/** What its pools drew from pools above goes back there: nobody could give it back later. */
async function returnQuantities(tx: Unit, tenantId: string): Promise<void> {
  for (const { id } of await tx.licensePools.findMany({ tenantId })) {
    const pool = await tx.licensePools.lock(id);
    if (pool === undefined || pool.parentPoolId === '' || pool.quantity === 0) continue;
    await tx.licensePools.giveBack(pool.parentPoolId, pool.quantity);
    const emptied = await tx.licensePools.save(pool, { quantity: 0 });
    await recordPoolChange(tx, emptied);
  }
}

/** Locked first, because a profile or a hold may be changing at this moment. */
async function closeMemberships(tx: Unit, seen: readonly Membership[], reason: string): Promise<void> {
  for (const { id } of seen) {
    const membership = await tx.memberships.lock(id);
    if (membership !== undefined && membership.terminatedAt === null) await closeMembership(tx, membership, reason);
  }
}
