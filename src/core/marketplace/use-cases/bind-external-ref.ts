import { DomainError } from '../../shared/errors.js';
import { checkText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { ExternalRef, RefKind } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';

export interface ExternalKey {
  readonly channelId: string;
  readonly kind: RefKind;
  /** Our id of the containing object; '' or absent for none. */
  readonly parentId?: string;
  readonly externalId: string;
}

/** In characters, of an id of a channel. */
const longestId = 255;

/**
 * Remembers a channel's own id for one of our objects, byte-exact. Binding the same again answers what is there.
 * Errors: invalid_value, external_id_taken.
 */
export async function bindExternalRef(
  tx: Tx & MarketplaceRepositories,
  key: ExternalKey & { readonly targetId: string },
): Promise<ExternalRef> {
  checkText('externalId', key.externalId, longestId);
  const present = await findExternalRef(tx, key);
  if (present !== undefined) {
    if (present.targetId === key.targetId) return present;
    throw new DomainError('external_id_taken', { externalId: key.externalId });
  }
  return tx.externalRefs.insert({
    id: tx.ids.next('externalRef'),
    createdAt: tx.now,
    channelId: key.channelId,
    kind: key.kind,
    parentId: key.parentId ?? '',
    externalId: key.externalId,
    targetId: key.targetId,
    liveKey: '0',
  });
}

/** What the channel means by its id, or undefined: also for one that is longer than any that is kept. */
export async function findExternalRef(
  tx: { readonly externalRefs: Pick<MarketplaceRepositories['externalRefs'], 'findOne'> },
  key: ExternalKey,
): Promise<ExternalRef | undefined> {
  if (key.externalId.length > longestId) return undefined;
  return tx.externalRefs.findOne({
    channelId: key.channelId,
    kind: key.kind,
    parentId: key.parentId ?? '',
    externalId: key.externalId,
    liveKey: '0',
  });
}
