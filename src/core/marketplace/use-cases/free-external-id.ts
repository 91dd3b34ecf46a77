import { requireEverywhere } from '../../shared/actor.js';
import { checkVersion, found } from '../../shared/checks.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { ExternalRef } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';

/**
 * Lets a channel's id be used for something else; what it meant stays and is no longer found by it. Idempotent. Level
 * ADMINISTRATOR. Errors: forbidden, not_found, version_conflict.
 */
export async function freeExternalId(
  tx: Tx & MarketplaceRepositories,
  input: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<ExternalRef> {
  requireEverywhere(tx.actor, 'admin');
  const before = found('externalRef', await tx.externalRefs.lock(input.id));
  checkVersion('externalRef', before, input.expectedVersion);
  return tx.externalRefs.save(before, { liveKey: before.id });
}
