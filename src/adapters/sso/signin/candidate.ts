import type { Candidate } from '../../../core/identity/index.js';
import { personBySignInName } from '../../../core/marketplace/index.js';
import type { Lookups } from '../../../core/repositories.js';
import { emailKey } from '../../../core/shared/text.js';

/** More people with one address are looked at by nobody. */
const mostSharing = 10;

type CandidateUnit = Pick<Lookups, 'users' | 'userEmails' | 'memberships'>;

/** The owner of a verified address. */
export async function candidateByEmail(tx: CandidateUnit, email: string): Promise<Candidate | undefined> {
  if (email === '' || email.length > 254) return undefined;
  const address = await tx.userEmails.findOne({ verifiedKey: emailKey(email) });
  return address && tx.users.find(address.userId);
}

/** The person an instance knows by this login name; undefined also when two share it. */
export async function candidateByLoginName(
  tx: CandidateUnit,
  instanceId: string,
  loginName: string,
): Promise<Candidate | undefined> {
  if (loginName === '' || loginName.length > 254 || instanceId === '') return undefined;
  const found = await tx.memberships.findMany({ instanceId, loginName, terminatedAt: null }, 2);
  const [only] = found;
  return only && found.length === 1 ? tx.users.find(only.userId) : undefined;
}

/** The person a channel lets sign in to the hub's pages by this name. */
export async function candidateBySignInName(
  lookups: Parameters<typeof personBySignInName>[0] & Pick<Lookups, 'users'>,
  name: string,
): Promise<Candidate | undefined> {
  if (name === '' || name.length > 254) return undefined;
  const userId = await personBySignInName(lookups, name);
  return userId === undefined ? undefined : lookups.users.find(userId);
}

/**
 * The only person a marketplace brought in with this address, which nobody has verified, and who has no password of the hub's: the
 * marketplace itself is asked for theirs. Undefined also when two share it.
 */
export async function candidateOfMarketplace(
  tx: CandidateUnit & Pick<Lookups, 'externalRefs'>,
  email: string,
): Promise<Candidate | undefined> {
  if (email === '' || email.length > 254) return undefined;
  const found: Candidate[] = [];
  for (const { userId } of await tx.userEmails.findMany(
    { emailKey: emailKey(email), verifiedKey: null },
    mostSharing,
  )) {
    const [known] = await tx.externalRefs.findMany({ kind: 'user', targetId: userId, liveKey: '0' }, 1);
    const user = known && (await tx.users.find(userId));
    if (user?.passwordHash === null && user.operatorLevel === null) found.push(user);
  }
  return found.length === 1 ? found[0] : undefined;
}
