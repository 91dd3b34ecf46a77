import { endSessions } from '../../identity/index.js';
import type { Unit } from '../../repositories.js';
import type { LifecycleObject } from './lock-object.js';

/** Ends every session and token through which people use the object: done whenever it stops being usable. */
export async function endAccess(tx: Unit, object: LifecycleObject, reason: string): Promise<void> {
  switch (object.kind) {
    case 'instance':
      await endSessions(tx, { instanceId: object.row.id, reason });
      return;
    case 'application': {
      const clients = await tx.clients.findMany({ applicationId: object.row.id });
      if (clients.length > 0) await endSessions(tx, { clientIds: clients.map((c) => c.clientId), reason });
      for (const instance of await tx.instances.findMany({ applicationId: object.row.id, terminatedAt: null })) {
        await endSessions(tx, { instanceId: instance.id, reason });
      }
      return;
    }
    case 'tenant':
      await endTenantAccess(tx, object.row.id, reason);
  }
}

/** People of the tenant and of every tenant below lose what they use there, and what the tenant's own applications give others. */
async function endTenantAccess(tx: Unit, tenantId: string, reason: string): Promise<void> {
  for (const id of await tx.tenantTree.descendants(tenantId)) {
    const people = new Set((await tx.memberships.findMany({ tenantId: id, liveKey: '0' })).map((m) => m.userId));
    for (const userId of people) await endSessions(tx, { userId, reason });
    for (const client of await tx.clients.findMany({ tenantId: id })) {
      await tx.tokenRevocations.revoke({ kind: 'client', id: client.clientId });
    }
    for (const application of await tx.applications.findMany({ ownerTenantId: id, terminatedAt: null })) {
      await endAccess(tx, { kind: 'application', row: application }, reason);
    }
  }
}
