import { bestChain } from '../../../../core/access/index.js';
import type { Instance } from '../../../../core/provisioning/index.js';
import { findOne } from '../../relay/lists.js';
import type { MercatorContext } from '../../services.js';
import type { UsabilityType } from './types.js';

/**
 * May the person use the instance now? Null when the caller may not see the person. A person who is no member fails at the
 * membership. Instances of one application share one reading; only ended ones need their own.
 */
export async function usabilityIn(
  instance: Instance,
  userId: string,
  context: MercatorContext,
): Promise<UsabilityType | null> {
  const { readers } = context.services;
  if ((await findOne(context, readers.users, userId)) === null) return null;
  const { applicationId, id, terminatedAt } = instance;
  const instanceId = terminatedAt === null ? '' : id;
  const chains = await context.loaders.custom(
    usabilityIn,
    (keys) => Promise.all(keys.map((key) => readers.chains.load(JSON.parse(key)))),
    JSON.stringify({ userId, applicationId, instanceId }),
  );
  const best = bestChain(chains.filter((chain) => chain.instance?.id === id));
  if (best === undefined) return { usable: false, reason: 'membership' };
  return best.usability.usable ? { usable: true, reason: null } : best.usability;
}
