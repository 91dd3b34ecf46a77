import { bestChain, type ChainLink } from '../../access/index.js';
import type { Unit } from '../../repositories.js';
import { type Instant, shift } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import type { LoginToken, Session, Voucher } from '../model.js';

export interface IssueMarketplaceLogin {
  readonly userId: string;
  readonly tenantId: string;
  readonly instanceId: string;
  readonly channelId: string;
  /** SHA-256 of the token in the sign-in URL. */
  readonly tokenHash: string;
  /** SHA-256 of the session id the marketplace gets. */
  readonly handleHash: string;
  /** Already checked against the channel's list; '' = the instance's own access URL. */
  readonly returnUrl: string;
  readonly locale: string;
  readonly tokenTtlMs: number;
  readonly sessionTtlMs: number;
  /** SHA-256 of the cookie of the only browser that may use the token; '' or absent = whoever has it. */
  readonly browserHash?: string;
  /** What to ask the marketplace with whether the sign-in still holds, from `recheckAt` on; absent = it is never asked. */
  readonly voucher?: Voucher;
  readonly recheckAt?: Instant;
}

/** Why this person may not use this instance now; undefined when they may. */
export async function whyNotUsable(
  tx: Pick<Unit, 'instances' | 'chains'>,
  userId: string,
  instanceId: string,
): Promise<ChainLink | undefined> {
  const instance = await tx.instances.find(instanceId);
  if (!instance) return 'instance';
  const best = bestChain(await tx.chains.load({ userId, applicationId: instance.applicationId, instanceId }));
  if (!best) return 'membership';
  return best.usability.usable ? undefined : best.usability.reason;
}

/**
 * A marketplace vouches for a person: a pending session and the one-time token that opens it.
 * Throws `not_usable` with the first failing link as reason.
 */
export async function issueMarketplaceLogin(
  tx: Pick<Unit, 'now' | 'ids' | 'sessions' | 'loginTokens' | 'instances' | 'chains'>,
  input: IssueMarketplaceLogin,
): Promise<{ session: Session; token: LoginToken }> {
  const { userId, tenantId, instanceId, channelId } = input;
  const reason = await whyNotUsable(tx, userId, instanceId);
  if (reason !== undefined) throw new DomainError('not_usable', { reason });

  const session = await tx.sessions.insert({
    id: tx.ids.next('session'),
    createdAt: tx.now,
    userId,
    cookieHash: '',
    handleHash: input.handleHash,
    channelId,
    instanceId,
    state: 'PENDING',
    method: 'marketplace',
    expiresAt: shift(tx.now, input.sessionTtlMs),
    endedAt: null,
    endReason: '',
    recheckAt: input.recheckAt ?? null,
    voucher: input.voucher ?? null,
  });
  const token = await tx.loginTokens.insert({
    id: tx.ids.next('loginToken'),
    createdAt: tx.now,
    kind: 'marketplace_login',
    tokenHash: input.tokenHash,
    userId,
    tenantId,
    instanceId,
    channelId,
    sessionId: session.id,
    returnUrl: input.returnUrl,
    locale: input.locale,
    expiresAt: shift(tx.now, input.tokenTtlMs),
    usedAt: null,
    browserHash: input.browserHash ?? '',
    data: null,
  });
  return { session, token };
}
