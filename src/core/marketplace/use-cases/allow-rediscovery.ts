import { requireEverywhere } from '../../shared/actor.js';
import { found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { MarketplaceRepositories } from '../ports.js';

/**
 * Leaves the trace of an operator having a channel's directory asked, and says whether it is allowed; asking itself is done
 * afterwards. Level READ_WRITE. Errors: forbidden, not_found, wrong_state (the channel is switched off).
 */
export async function allowRediscovery(
  tx: Tx & Pick<MarketplaceRepositories, 'channels'>,
  channelId: string,
): Promise<{ readonly id: string }> {
  requireEverywhere(tx.actor, 'write');
  const { id, disabledAt } = found('channel', await tx.channels.find(channelId));
  if (disabledAt !== null) {
    throw new DomainError('wrong_state', { kind: 'channel', state: 'DISABLED', command: 'rediscover' });
  }
  tx.note({ objectKind: 'channel', objectId: id, tenantId: '' });
  return { id };
}
