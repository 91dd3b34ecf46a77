import type { Unit } from '../../repositories.js';
import { shift } from '../../shared/clock.js';
import type { LoginToken } from '../model.js';

export interface IssueLinkToken
  extends Pick<LoginToken, 'userId' | 'tenantId' | 'instanceId' | 'channelId' | 'tokenHash' | 'browserHash'> {
  /** What the use of it needs; plain JSON. */
  readonly data: Readonly<Record<string, unknown>>;
  readonly ttlMs: number;
}

/** The one-time token with which the owner of an account may let a marketplace's person be linked to it, in one browser. */
export function issueLinkToken(
  tx: Pick<Unit, 'now' | 'ids' | 'loginTokens'>,
  { ttlMs, ...input }: IssueLinkToken,
): Promise<LoginToken> {
  return tx.loginTokens.insert({
    ...input,
    id: tx.ids.next('loginToken'),
    createdAt: tx.now,
    kind: 'link_account',
    sessionId: '',
    returnUrl: '',
    locale: '',
    expiresAt: shift(tx.now, ttlMs),
    usedAt: null,
  });
}
