import type { Membership } from '../../../core/identity/index.js';
import { findExternalRef } from '../../../core/marketplace/index.js';
import type { Instance } from '../../../core/provisioning/index.js';
import type { Unit } from '../../../core/repositories.js';
import { checkNotTerminated, found } from '../../../core/shared/checks.js';
import { DomainError } from '../../../core/shared/errors.js';
import type { NecCall } from './context.js';
import { unknownRealm, unknownUser } from './faults.js';
import { need, type RealmKey, type UserKey } from './messages.js';

/**
 * The realm a message names, as it is now. Another connection's realm is an unknown one. Errors: code 1, 2; 5 when deleted, unless
 * asked for.
 */
export async function findRealm(
  tx: Unit,
  call: NecCall,
  input: RealmKey,
  options: { readonly deletedToo?: boolean } = {},
): Promise<Instance> {
  const externalId = need('realmId', input.realmId);
  const { id: channelId } = call.channel;
  const ref = await findExternalRef(tx, { channelId, kind: 'instance', externalId });
  const instance = ref && (await tx.instances.find(ref.targetId));
  if (!instance) throw unknownRealm();
  await checkCustomer(tx, call, input, instance);
  if (options.deletedToo !== true) checkNotTerminated('instance', instance);
  return instance;
}

/**
 * The same for a command, its customer locked first: commands on one customer run one after the other (design 3, lock order).
 */
export async function lockRealm(
  tx: Unit,
  call: NecCall,
  input: RealmKey,
  options: { readonly deletedToo?: boolean } = {},
): Promise<Instance> {
  const seen = await findRealm(tx, call, input, options);
  await tx.tenants.rely(seen.tenantId);
  const instance = found('instance', await tx.instances.lock(seen.id));
  if (options.deletedToo !== true) checkNotTerminated('instance', instance);
  return instance;
}

/** customerId is optional beside realmId; when it is given it must be the realm's. */
async function checkCustomer(tx: Unit, call: NecCall, input: RealmKey, instance: Instance): Promise<void> {
  if (input.customerId === undefined || input.customerId === '') return;
  const externalId = need('customerId', input.customerId);
  const ref = await findExternalRef(tx, { channelId: call.channel.id, kind: 'tenant', externalId });
  if (ref?.targetId !== instance.tenantId) throw unknownRealm();
}

export interface FoundUser {
  readonly userId: string;
  /** undefined when the user was deleted from this realm; the id stays taken. */
  readonly membership: Membership | undefined;
}

export async function findUser(
  tx: Unit,
  call: NecCall,
  instance: Instance,
  externalId: string,
): Promise<FoundUser | undefined> {
  const ref = await findExternalRef(tx, {
    channelId: call.channel.id,
    kind: 'user',
    parentId: instance.id,
    externalId,
  });
  if (!ref) return undefined;
  const { tenantId, id: instanceId } = instance;
  const membership = await tx.memberships.findOne({ userId: ref.targetId, tenantId, instanceId, liveKey: '0' });
  return { userId: ref.targetId, membership };
}

/** A live user of the realm. Errors: code 1, 3, 5. */
export async function needUser(tx: Unit, call: NecCall, instance: Instance, input: UserKey): Promise<Membership> {
  const user = await findUser(tx, call, instance, need('userId', input.userId));
  if (!user) throw unknownUser();
  if (!user.membership) throw new DomainError('terminated', { kind: 'user' });
  return user.membership;
}

/** What the marketplace calls a member of the realm. */
export async function externalUserId(tx: Unit, call: NecCall, { userId, instanceId }: Membership): Promise<string> {
  const match = { channelId: call.channel.id, kind: 'user', parentId: instanceId, targetId: userId } as const;
  const [ref] = await tx.externalRefs.findMany(match, 1);
  return ref?.externalId ?? '';
}
