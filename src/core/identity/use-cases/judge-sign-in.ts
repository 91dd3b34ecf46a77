import { bestChain, type ChainLink } from '../../access/index.js';
import type { Lookups } from '../../repositories.js';
import type { Client, User } from '../model.js';

export type SignInVerdict =
  | { readonly allowed: true; readonly tenantId: string; readonly instanceId: string }
  | { readonly allowed: false; readonly reason: ChainLink };

type JudgeUnit = Pick<Lookups, 'users' | 'instances' | 'chains'>;

/** Stopped or deleted people sign in to nothing. */
export function isLiveUser(user: Pick<User, 'holds' | 'terminatedAt'>): boolean {
  return user.holds.length === 0 && user.terminatedAt === null;
}

/**
 * May this person sign in to this client now? A client bound to an application or an instance asks for a usable chain with a
 * seat; others only for a live person (docs/design.md 1). `preferInstanceId` is the instance a marketplace signed them in to.
 */
export async function judgeSignIn(
  tx: JudgeUnit,
  input: { userId: string; client: Pick<Client, 'applicationId' | 'instanceId'>; preferInstanceId: string },
): Promise<SignInVerdict> {
  const { userId, client, preferInstanceId } = input;
  const user = await tx.users.find(userId);
  if (!user || !isLiveUser(user)) return { allowed: false, reason: 'user' };

  const applicationId =
    client.applicationId === '' && client.instanceId !== ''
      ? ((await tx.instances.find(client.instanceId))?.applicationId ?? '')
      : client.applicationId;
  if (applicationId === '') {
    return client.instanceId === ''
      ? { allowed: true, tenantId: '', instanceId: '' }
      : { allowed: false, reason: 'instance' };
  }
  const chains = await tx.chains.load({ userId, applicationId, instanceId: client.instanceId });
  const preferred = chains.filter((chain) => preferInstanceId !== '' && chain.instance?.id === preferInstanceId);
  const best = bestChain(preferred.length > 0 ? preferred : chains);
  if (!best) return { allowed: false, reason: 'membership' };
  if (!best.usability.usable) return { allowed: false, reason: best.usability.reason };
  return { allowed: true, tenantId: best.chain.tenantId, instanceId: best.chain.instance?.id ?? '' };
}
