import type { Unit } from '../../repositories.js';
import { requireEverywhere } from '../../shared/actor.js';
import { checkReference, found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import { kindOfId } from '../../shared/ids.js';
import type { ExternalRef, RefKind } from '../model.js';
import { bindExternalRef, type ExternalKey } from './bind-external-ref.js';
import { bindSignInName } from './bind-sign-in-name.js';
import { containerOfTenant } from './container-of.js';

/**
 * An operator states under which id a channel knows one of our objects. Level ADMINISTRATOR, because a channel may act on what it
 * knows. Without `parentId` a tenant's id stands where the channel's protocol has it (`containerOf`). Errors: forbidden, not_found (channel), unknown_reference, invalid_value, external_id_taken, terminated (a person).
 */
export async function assignExternalId(
  tx: Unit,
  input: ExternalKey & { readonly targetId: string },
): Promise<ExternalRef> {
  requireEverywhere(tx.actor, 'admin');
  const channel = found('channel', await tx.channels.find(input.channelId));
  if (input.kind === 'signInName') return assignSignInName(tx, input);
  const repository = repositoryOf(tx, input.kind);
  if (repository === undefined) throw invalid('kind', 'is not one that can be named by hand');
  await checkReference(input.kind, repository, input.targetId);
  if (input.parentId !== undefined && input.parentId !== '' && kindOfId(input.parentId) === undefined) {
    throw invalid('parentId', 'must be the id of the containing object');
  }
  if (input.parentId !== undefined || input.kind !== 'tenant') return bindExternalRef(tx, input);
  return bindExternalRef(tx, { ...input, parentId: await containerOfTenant(tx, channel, input.targetId) });
}

async function assignSignInName(
  tx: Unit,
  { channelId, parentId = '', externalId, targetId }: ExternalKey & { readonly targetId: string },
): Promise<ExternalRef> {
  await checkReference('user', tx.users, targetId);
  if (parentId !== '') throw invalid('parentId', 'must be empty: a name to sign in with is unique in its channel');
  return bindSignInName(tx, { channelId, name: externalId, userId: targetId });
}

function repositoryOf(tx: Unit, kind: RefKind): { find(id: string): Promise<unknown> } | undefined {
  switch (kind) {
    case 'tenant':
      return tx.tenants;
    case 'user':
      return tx.users;
    case 'instance':
      return tx.instances;
    case 'application':
      return tx.applications;
    case 'subscription':
      return tx.subscriptions;
    default:
      return undefined;
  }
}
