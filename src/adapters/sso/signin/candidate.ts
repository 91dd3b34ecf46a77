import type { Candidate } from '../../../core/identity/index.js';
import { personBySignInName } from '../../../core/marketplace/index.js';
import type { Lookups } from '../../../core/repositories.js';
import { emailKey } from '../../../core/shared/text.js';

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
