import { createMember, type Membership, type User } from '../../identity/index.js';
import { bindExternalRef, findExternalRef, freeIdsOfPeople } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';

export interface EnrollMemberInput {
  readonly channelId: string;
  /** Within which tenant the id is unique. */
  readonly parentId: string;
  readonly externalId: string;
  /** Where the person gets a place, as MEMBER. */
  readonly tenantId: string;
  readonly displayName: string;
}

/** Longer ids are no login names. */
const loginNameLength = 254;

/**
 * Makes a person with a place in a tenant whom a channel knows by an id. The id of somebody who has no place under the channel any
 * more is free again, where its protocol reuses ids.
 * Errors: as `createMember`, external_id_taken.
 */
export async function enrollMember(
  tx: Unit,
  input: EnrollMemberInput,
): Promise<{ readonly user: User; readonly membership: Membership }> {
  const { channelId, parentId, externalId, tenantId, displayName } = input;
  const key = { channelId, kind: 'user', parentId, externalId } as const;
  const present = await findExternalRef(tx, key);
  if (present !== undefined) await freeIdsOfPeople(tx, [present.targetId]);
  const loginName = externalId.length > loginNameLength ? '' : externalId;
  const { user, membership } = await createMember(tx, {
    displayName,
    membership: { tenantId, channelId, loginName, roles: ['MEMBER'] },
  });
  await bindExternalRef(tx, { ...key, targetId: user.id });
  return { user, membership: membership! };
}
