import type { Unit } from '../../repositories.js';
import { requireReach } from '../../tenancy/index.js';

/**
 * Empties what an instance's memberships, ended ones too, say about people: names, e-mail, login name, locale. A person who
 * belongs nowhere any more loses the names on their own row as well. Journal payloads are not touched: they are erased by the
 * journal. Errors: not_found, forbidden.
 */
export async function eraseProfiles(tx: Unit, input: { readonly instanceId: string }): Promise<number> {
  const memberships = await tx.memberships.findMany({ instanceId: input.instanceId }, 1_000_000);
  const erased = new Set<string>();
  for (const { id } of memberships) {
    const membership = await tx.memberships.lock(id);
    if (membership === undefined) continue;
    await requireReach(tx, 'write', 'membership', { tenantId: membership.tenantId, channelId: membership.channelId });
    await tx.memberships.save(membership, { loginName: '', email: '', givenName: '', familyName: '', locale: '' });
    erased.add(membership.userId);
  }
  for (const userId of erased) {
    const user = await tx.users.lock(userId);
    if (user === undefined || user.operatorLevel !== null) continue;
    if ((await tx.memberships.count({ userId, liveKey: '0' })) > 0) continue;
    if ((await tx.userEmails.count({ userId })) > 0) continue; // somebody the hub knows by more than this channel's word
    await tx.users.save(user, { givenName: '', familyName: '', displayName: '', locale: '' });
  }
  return erased.size;
}
