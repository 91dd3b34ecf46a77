import { endSessions } from '../../identity/index.js';
import type { Unit } from '../../repositories.js';
import { anyOf } from '../../shared/repository.js';
import type { LifecycleObject } from './lock-object.js';

/** Ends every session and token through which people use the object: done whenever it stops being usable. */
export async function endAccess(tx: Unit, object: LifecycleObject, reason: string): Promise<void> {
  switch (object.kind) {
    case 'instance':
      await endSessions(tx, { instanceId: object.row.id, reason });
      return;
    case 'application':
      return endUseOf(tx, [object.row.id], reason);
    case 'tenant':
      await endTenantAccess(tx, object.row.id, reason);
  }
}

/** People of the tenant and of every tenant below lose what they use there, and what the tenant's own applications give others. */
async function endTenantAccess(tx: Unit, tenantId: string, reason: string): Promise<void> {
  const within = anyOf(await tx.tenantTree.descendants(tenantId));
  const people = await tx.memberships.findAll({ tenantId: within, liveKey: '0' });
  await endSessions(tx, { userId: [...new Set(people.map(({ userId }) => userId))], reason });
  await endOwnClients(tx, within.anyOf);
  const applications = await tx.applications.findAll({ ownerTenantId: within, terminatedAt: null });
  await endUseOf(
    tx,
    applications.map(({ id }) => id),
    reason,
  );
}

/** What the clients of the tenants themselves were issued. */
export async function endOwnClients(tx: Unit, tenantIds: readonly string[]): Promise<void> {
  const clients = await tx.clients.findAll({ tenantId: anyOf(tenantIds) });
  await tx.tokenRevocations.revokeAll(clients.map(({ clientId }) => ({ kind: 'client', id: clientId })));
}

/** What the applications give anybody: sign-ins to their clients, and the use of their instances. */
export async function endUseOf(tx: Unit, applicationIds: readonly string[], reason: string): Promise<void> {
  const clients = await tx.clients.findAll({ applicationId: anyOf(applicationIds) });
  await endSessions(tx, { clientIds: clients.map(({ clientId }) => clientId), reason });
  const instances = await tx.instances.findAll({ applicationId: anyOf(applicationIds), terminatedAt: null });
  await endSessions(tx, { instanceId: instances.map(({ id }) => id), reason });
}
