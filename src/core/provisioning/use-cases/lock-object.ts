import type { Application } from '../../catalog/index.js';
import type { Unit } from '../../repositories.js';
import { type Right, requireEverywhere } from '../../shared/actor.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import type { Lifecycle } from '../../shared/lifecycle.js';
import { requireReach, type Tenant } from '../../tenancy/index.js';
import type { ApprovableKind, Instance } from '../model.js';

export interface ObjectTarget {
  readonly kind: ApprovableKind;
  readonly id: string;
  readonly expectedVersion?: number | null;
}

export type LifecycleObject =
  | { readonly kind: 'tenant'; readonly row: Tenant }
  | { readonly kind: 'application'; readonly row: Application }
  | { readonly kind: 'instance'; readonly row: Instance };

/**
 * Locks one of the three kinds that have a lifecycle, and checks that this actor may move it.
 * Errors: not_found, forbidden, terminated, version_conflict.
 */
export async function lockObject(tx: Unit, target: ObjectTarget, right: Right): Promise<LifecycleObject> {
  const object = await read(tx, target);
  const { row } = object;
  const tenantId = tenantOf(object);
  if (tenantId === '') requireEverywhere(tx.actor, right);
  else await requireReach(tx, right, object.kind, { tenantId, channelId: channelIdOf(object) });
  checkNotTerminated(object.kind, row);
  checkVersion(object.kind, row, target.expectedVersion);
  return object;
}

async function read(tx: Unit, { kind, id }: ObjectTarget): Promise<LifecycleObject> {
  switch (kind) {
    case 'tenant':
      return { kind, row: found(kind, await tx.tenants.lock(id)) };
    case 'application':
      return { kind, row: found(kind, await tx.applications.lock(id)) };
    case 'instance':
      return { kind, row: found(kind, await tx.instances.lock(id)) };
  }
}

/** Writes lifecycle columns (or proposed fields) of whichever kind it is. */
export async function saveObject(
  tx: Unit,
  object: LifecycleObject,
  change: Partial<Lifecycle> & { readonly liveKey?: string } & Readonly<Record<string, unknown>>,
): Promise<LifecycleObject> {
  switch (object.kind) {
    case 'tenant':
      return { kind: 'tenant', row: await tx.tenants.save(object.row, change) };
    case 'application':
      return { kind: 'application', row: await tx.applications.save(object.row, change) };
    case 'instance':
      return { kind: 'instance', row: await tx.instances.save(object.row, change) };
  }
}

export function tenantOf(object: LifecycleObject): string {
  switch (object.kind) {
    case 'tenant':
      return object.row.id;
    case 'application':
      return object.row.ownerTenantId;
    case 'instance':
      return object.row.tenantId;
  }
}

export function channelIdOf(object: LifecycleObject): string {
  return object.row.channelId;
}

export function emitObject(tx: Unit, event: string, object: LifecycleObject): void {
  tx.emit({
    type: `${object.kind}.${event}`,
    aggregate: { kind: object.kind, id: object.row.id, version: object.row.version },
    tenantId: tenantOf(object),
    payload: { name: object.row.name },
  });
}
