import { type IdentityRepositories, requirePerson } from '../../identity/index.js';
import { checkChannel, checkNotTerminated, found } from '../../shared/checks.js';
import { DomainError, invalid } from '../../shared/errors.js';
import { checkText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { TenancyRepositories } from '../../tenancy/index.js';
import type { ExternalRef } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';
import { findNameRef, placesUnder } from './find-sign-in-name.js';

type Repositories = Tx & MarketplaceRepositories & IdentityRepositories & TenancyRepositories;

/**
 * Gives a person with a place under a channel a name to sign in to the hub's pages with, unique in the channel, byte for byte. The
 * name of somebody who has left is free. Binding the same again answers what is there.
 * Errors: not_found (person, out of reach too), forbidden, terminated, invalid_value, external_id_taken.
 */
export async function bindSignInName(
  tx: Repositories,
  input: { readonly channelId: string; readonly name: string; readonly userId: string },
): Promise<ExternalRef> {
  const channelId = checkChannel(tx.actor, input.channelId);
  const name = checkText('name', input.name);
  const user = found('user', await tx.users.rely(input.userId));
  await requirePerson(tx, user.id);
  checkNotTerminated('user', user);
  if ((await placesUnder(tx, channelId, user.id)).length === 0) {
    throw invalid('userId', 'must be of a person with a place under the channel');
  }
  const present = await findNameRef(tx, { channelId, name });
  if (present?.targetId === user.id) return present;
  if (present !== undefined) await freeOfLeaver(tx, present);
  return tx.externalRefs.insert({
    id: tx.ids.next('externalRef'),
    createdAt: tx.now,
    channelId,
    kind: 'signInName',
    parentId: '',
    externalId: name,
    targetId: user.id,
    liveKey: '0',
  });
}

/** Somebody whose last place under the channel went, and who has another in a tenant of it, kept the name until it is wanted again. */
async function freeOfLeaver(tx: Repositories, present: ExternalRef): Promise<void> {
  const places = await placesUnder(tx, present.channelId, present.targetId);
  if (places.length > 0) throw new DomainError('external_id_taken', { externalId: present.externalId });
  await tx.externalRefs.save(present, { liveKey: present.id });
}
