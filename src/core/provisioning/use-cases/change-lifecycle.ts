import { clearTrafficLocked } from '../../alarms/index.js';
import { endSubscriptions } from '../../billing/index.js';
import type { Application } from '../../catalog/index.js';
import { closeMemberships } from '../../identity/index.js';
import { giveBackLicenses } from '../../licensing/index.js';
import type { Unit } from '../../repositories.js';
import { endAgreements } from '../../servicelevels/index.js';
import { actorName, type Right } from '../../shared/actor.js';
import { wrongState } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import { holdsAfterDisable, holdsAfterEnable } from '../../shared/holding.js';
import { type Authority, isLive } from '../../shared/lifecycle.js';
import { anyOf } from '../../shared/repository.js';
import { checkMove } from '../../shared/transitions.js';
import { requireNoApproval } from '../../tenancy/index.js';
import type { Instance } from '../model.js';
import { endAccess } from './end-access.js';
import { endRows } from './end-rows.js';
import { endTenants } from './end-tenants.js';
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

async function terminate(tx: Unit, { kind, row }: LifecycleObject): Promise<LifecycleObject> {
  switch (kind) {
    case 'tenant':
      await checkNothingBelow(tx, row.id);
      return { kind, row: (await endTenants(tx, [row]))[0]! };
    case 'application':
      return { kind, row: await endApplication(tx, row) };
    case 'instance':
      return { kind, row: await endInstance(tx, row) };
  }
}

async function checkNothingBelow(tx: Unit, tenantId: string): Promise<void> {
  const below = (await tx.tenantTree.descendants(tenantId)).filter((id) => id !== tenantId);
  const live = await tx.tenants.findAll({ id: anyOf(below), terminatedAt: null });
  if (live.length > 0) throw new DomainError('in_use', { kind: 'tenant', by: 'tenants below it' });
}

async function endApplication(tx: Unit, before: Application): Promise<Application> {
  if ((await tx.instances.count({ applicationId: before.id, terminatedAt: null })) > 0) {
    throw new DomainError('in_use', { kind: 'application', by: 'instances' });
  }
  const [after] = await endRows(tx, 'application', [before]);
  if (isLive(before)) await endAccess(tx, { kind: 'application', row: after! }, 'application deleted');
  return after!;
}

async function endInstance(tx: Unit, before: Instance): Promise<Instance> {
  const { id: instanceId } = before;
  await endAgreements(tx, [instanceId]);
  const subscriptions = await tx.subscriptions.findAll({ instanceId });
  await endSubscriptions(
    tx,
    subscriptions.map(({ id }) => id),
  );
  await giveBackLicenses(tx, await tx.licenses.findAll({ instanceId, liveKey: '0' }));
  const members = await tx.memberships.findAll({ instanceId, liveKey: '0' });
  await closeMemberships(
    tx,
    members.map(({ id }) => id),
    'instance deleted',
  );
  await clearTrafficLocked(tx, before);
  const [after] = await endRows(tx, 'instance', [before]);
  await endAccess(tx, { kind: 'instance', row: after! }, 'instance deleted');
  return after!;
}
