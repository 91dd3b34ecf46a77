import type { ChannelTask } from '../../../../core/marketplace/index.js';
import { cleanText } from '../../../../core/provisioning/index.js';
import { updateTenant } from '../../../../core/tenancy/index.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import { placeOf } from './place.js';
import { inUnit } from './units.js';

/** Task: a reseller was heard of by its id alone. `subjectId` is its tenant. */
export const resellerTask = 'reseller';

/**
 * Asks the marketplace what a reseller is called and names its tenant so, while that is still called by the id. Throws when it must be
 * tried later.
 */
export async function nameReseller(
  ports: MarketplacePorts,
  task: Pick<ChannelTask, 'channelId' | 'subjectId'>,
): Promise<void> {
  const { channelId, subjectId: id } = task;
  const place = await placeOf(ports, channelId);
  const [known] = await ports.lookups.externalRefs.findMany({ channelId, kind: 'tenant', targetId: id });
  if (place === undefined || known === undefined) return;
  const reseller = await place.api.reseller(known.externalId);
  const name = cleanText(reseller?.name ?? '');
  if (name === '') return;
  await inUnit(ports, 'nameReseller', channelId, async (tx) => {
    const tenant = await tx.tenants.lock(id);
    if (tenant?.name !== cleanText(known.externalId) || tenant.terminatedAt !== null) return;
    await updateTenant(tx, { id, name });
  });
}
