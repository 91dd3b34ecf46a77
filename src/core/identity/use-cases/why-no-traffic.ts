import { stoppedTrafficLink, type TrafficLink } from '../../access/index.js';
import type { Lookups } from '../../repositories.js';
import { isLive } from '../../shared/lifecycle.js';
import type { Client } from '../model.js';

/**
 * Why a client's own credentials are refused: the first link of owner, application and instance that is stopped
 * (docs/design.md 10.8). Undefined when none is, and for a client that belongs to neither application nor instance.
 */
export async function whyNoTraffic(
  tx: Pick<Lookups, 'instances' | 'applications' | 'tenants'>,
  { applicationId, instanceId }: Pick<Client, 'applicationId' | 'instanceId'>,
): Promise<TrafficLink | undefined> {
  const instance = instanceId === '' ? undefined : await tx.instances.find(instanceId);
  if (instanceId !== '' && !instance) return 'instance';
  for (const id of new Set([applicationId, instance?.applicationId ?? ''])) {
    if (id === '') continue;
    const application = await tx.applications.find(id);
    if (application === undefined) return 'application';
    const owner = application.ownerTenantId === '' ? null : await tx.tenants.find(application.ownerTenantId);
    if (owner === undefined) return 'ownerTenant';
    const link = stoppedTrafficLink({ ownerTenant: owner, application, instance: null });
    if (link !== undefined) return link;
  }
  return instance && !isLive(instance) ? 'instance' : undefined;
}
