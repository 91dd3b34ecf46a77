import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import type { Tenant } from '../../tenancy/index.js';
import type { Instance } from '../model.js';
import { emitObject } from '../use-cases/lock-object.js';

/**
 * Opens a tenant again that has ended, locked by the caller, with whatever of its channel above it has ended (docs/design.md 10.3).
 * The same row goes on, and so does the instance's: the marketplace means the same things by its ids, which still name these rows;
 * what was kept, counted and shared under our ids goes on under them, and the gap shows in the active spans. Who was in it, the
 * subscription and its seats stay ended: they begin anew as people come. A hold of an operator outlasts the gap.
 */
export async function reopenTenants(tx: Unit, tenant: Tenant): Promise<Tenant> {
  if (tenant.terminatedAt === null) return tenant;
  if (tenant.parentId !== '') {
    const above = found('tenant', await tx.tenants.rely(tenant.parentId));
    if (above.channelId === tenant.channelId) await reopenTenants(tx, above);
  }
  const row = await tx.tenants.save(tenant, { terminatedAt: null });
  emitObject(tx, 'reopened', { kind: 'tenant', row });
  return row;
}

/** The same of an instance; its tenant is open and locked. */
export async function reopenInstance(tx: Unit, instance: Instance): Promise<Instance> {
  const locked = found('instance', await tx.instances.lock(instance.id));
  if (locked.terminatedAt === null) return locked;
  const row = await tx.instances.save(locked, { terminatedAt: null });
  emitObject(tx, 'reopened', { kind: 'instance', row });
  return row;
}
