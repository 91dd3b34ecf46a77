import type { Unit } from '../../repositories.js';
import { shift } from '../../shared/clock.js';
import { isLiveUser } from './judge-sign-in.js';
import type { RequestPasswordLink } from './request-password-link.js';

export interface PasswordLinkMail {
  readonly to: string;
  readonly name: string;
  readonly locale: string;
}

/**
 * Makes the link that `requestPasswordLink` asked for and says whom to send it; undefined when nobody should get one any more
 * (the person is gone or stopped, or has no address).
 */
export async function issuePasswordLink(
  tx: Pick<Unit, 'now' | 'ids' | 'users' | 'userEmails' | 'memberships' | 'loginTokens'>,
  input: { request: RequestPasswordLink; tokenHash: string; ttlMs: number },
): Promise<PasswordLinkMail | undefined> {
  const { request, tokenHash, ttlMs } = input;
  const user = await tx.users.find(request.userId);
  if (!user || !isLiveUser(user)) return undefined;
  const to = request.deliverTo || (await addressOf(tx, request));
  if (to === '') return undefined;
  const locale = request.locale || user.locale;
  await tx.loginTokens.insert({
    id: tx.ids.next('loginToken'),
    createdAt: tx.now,
    kind: 'set_password',
    tokenHash,
    userId: user.id,
    tenantId: request.tenantId,
    instanceId: request.instanceId,
    channelId: request.channelId,
    sessionId: '',
    returnUrl: '',
    locale,
    expiresAt: shift(tx.now, ttlMs),
    usedAt: null,
    browserHash: '',
    data: null,
  });
  return { to, name: user.displayName, locale };
}

async function addressOf(
  tx: Pick<Unit, 'userEmails' | 'memberships'>,
  { userId, tenantId, instanceId }: RequestPasswordLink,
): Promise<string> {
  const emails = await tx.userEmails.findMany({ userId });
  const best = emails.find((e) => e.primary && e.verifiedKey !== null) ?? emails.find((e) => e.verifiedKey !== null);
  if (best) return best.email;
  // an address only the channel knows serves for what that channel asks, never for a request typed at the sign-in page
  if (tenantId === '') return '';
  const memberships = await tx.memberships.findMany({ userId, tenantId, terminatedAt: null });
  const there = memberships.find((m) => m.instanceId === instanceId) ?? memberships[0];
  return there?.email || (emails.find((e) => e.primary)?.email ?? '');
}
