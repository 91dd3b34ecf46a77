import type { Unit } from '../../repositories.js';
import { DomainError } from '../../shared/errors.js';
import type { LoginToken, LoginTokenKind, Session } from '../model.js';
import { endSessions } from './end-sessions.js';
import { whyNotUsable } from './issue-marketplace-login.js';

export interface ConsumeLoginToken {
  readonly tokenHash: string;
  /** SHA-256 of the browser's new cookie. */
  readonly cookieHash: string;
  /** SHA-256 of the cookie of the browser a launch began in; '' or absent = it brought none. */
  readonly browserHash?: string;
  /** The session this browser had until now. */
  readonly replaces?: string;
}

export interface ConsumedLogin {
  readonly session: Session;
  /** Where the browser goes now; '' when neither the marketplace, the instance nor the application names a place. */
  readonly target: string;
  readonly locale: string;
}

type ConsumeUnit = Pick<Unit, 'now' | 'sessions' | 'loginTokens' | 'instances' | 'applications' | 'chains'> &
  Parameters<typeof endSessions>[0];

/** Locks a token that is unused and in time. Throws `login_token_invalid`, alike for unknown, used and expired. */
export async function lockLoginToken(
  tx: Pick<Unit, 'now' | 'loginTokens'>,
  kind: LoginTokenKind,
  tokenHash: string,
): Promise<LoginToken> {
  const found = await tx.loginTokens.findOne({ tokenHash });
  const token = found && (await tx.loginTokens.lock(found.id));
  if (!token || token.kind !== kind || token.usedAt !== null || token.expiresAt <= tx.now) {
    throw new DomainError('login_token_invalid');
  }
  return token;
}

/**
 * Opens the pending session of a one-time token for the browser that brought it, exactly once; a token made for one browser opens
 * nothing for another, and stays good for its own. Whether the person may use the
 * instance is judged again: throws `not_usable`, or `login_token_invalid`.
 */
export async function consumeLoginToken(tx: ConsumeUnit, input: ConsumeLoginToken): Promise<ConsumedLogin> {
  const token = await lockLoginToken(tx, 'marketplace_login', input.tokenHash);
  if (token.browserHash !== (input.browserHash ?? '')) throw new DomainError('login_token_invalid');
  const pending = await tx.sessions.lock(token.sessionId);
  if (pending?.state !== 'PENDING' || pending.expiresAt <= tx.now) throw new DomainError('login_token_invalid');
  const reason = await whyNotUsable(tx, token.userId, token.instanceId);
  if (reason !== undefined) throw new DomainError('not_usable', { reason });

  await tx.loginTokens.save(token, { usedAt: tx.now });
  if (input.replaces !== undefined) await endSessions(tx, { sessionId: input.replaces, reason: 'replaced' });
  const session = await tx.sessions.save(pending, { state: 'ACTIVE', cookieHash: input.cookieHash });
  return { session, target: await targetOf(tx, token), locale: token.locale };
}

async function targetOf(tx: ConsumeUnit, token: LoginToken): Promise<string> {
  if (token.returnUrl !== '') return token.returnUrl;
  const instance = await tx.instances.find(token.instanceId);
  if (!instance) return '';
  return instance.accessUrl || ((await tx.applications.find(instance.applicationId))?.accessUrl ?? '');
}
