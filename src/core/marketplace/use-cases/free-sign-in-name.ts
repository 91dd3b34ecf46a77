import { checkChannel } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { MarketplaceRepositories } from '../ports.js';
import { findNameRef, placesUnder } from './find-sign-in-name.js';

/**
 * The name of somebody who has left the channel is free at once, and not only when somebody else wants it. Nothing happens to one
 * nobody has. Errors: forbidden, in_use (they have a place).
 */
export async function freeSignInName(
  tx: Tx & MarketplaceRepositories & Parameters<typeof placesUnder>[0],
  input: { readonly channelId: string; readonly name: string },
): Promise<void> {
  const channelId = checkChannel(tx.actor, input.channelId);
  const ref = await findNameRef(tx, { channelId, name: input.name });
  if (ref === undefined) return;
  if ((await placesUnder(tx, channelId, ref.targetId)).length > 0) {
    throw new DomainError('in_use', { kind: 'the name', by: 'a person with a place under the channel' });
  }
  await tx.externalRefs.save(ref, { liveKey: ref.id });
}
