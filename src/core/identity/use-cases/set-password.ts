import type { Unit } from '../../repositories.js';
import { DomainError, invalid, notFound } from '../../shared/errors.js';
import type { User } from '../model.js';
import { lockLoginToken } from './consume-login-token.js';
import { endSessions } from './end-sessions.js';
import { isLiveUser } from './judge-sign-in.js';

/** Who sets it: the person, or somebody every one of the person's memberships belongs to. */
export type PasswordAuthority =
  | { readonly kind: 'self' }
  | { readonly kind: 'operator' }
  | { readonly kind: 'channel'; readonly channelId: string }
  | { readonly kind: 'tenants'; readonly tenantIds: readonly string[] };

export interface SetPassword {
  readonly userId: string;
  readonly authority: PasswordAuthority;
  readonly passwordHash: string;
  readonly mustChange: boolean;
  /** The session that goes on. */
  readonly exceptSessionId?: string;
}

type SetPasswordUnit = Pick<Unit, 'now' | 'users' | 'memberships' | 'tenantTree'> & Parameters<typeof endSessions>[0];

export const shortestPassword = 10;
const longestPassword = 1_024;

/** Long enough, not endless; nothing is demanded of its letters (NIST SP 800-63B). Throws `invalid_value`. */
export function checkNewPassword(field: string, password: string): string {
  if ([...password].length < shortestPassword)
    throw invalid(field, `must have at least ${shortestPassword} characters`);
  if (password.length > longestPassword) throw invalid(field, `must not be longer than ${longestPassword} characters`);
  return password;
}

/** Sets a password and ends the person's other sessions. Throws `password_not_yours`, `not_found`. */
export async function setPassword(tx: SetPasswordUnit, input: SetPassword): Promise<User> {
  const user = await tx.users.lock(input.userId);
  if (!user || user.terminatedAt !== null) throw notFound('user');
  if (!(await mayDecide(tx, user, input.authority))) throw new DomainError('password_not_yours');
  const saved = await tx.users.save(user, {
    passwordHash: input.passwordHash,
    credentialVersion: user.credentialVersion + 1,
    mustChangePassword: input.mustChange,
  });
  const { exceptSessionId } = input;
  await endSessions(tx, {
    userId: user.id,
    reason: 'password_changed',
    ...(exceptSessionId !== undefined && { exceptSessionId }),
  });
  return saved;
}

async function mayDecide(tx: SetPasswordUnit, user: User, authority: PasswordAuthority): Promise<boolean> {
  if (authority.kind === 'self' || authority.kind === 'operator') return true;
  if (user.operatorLevel !== null) return false;
  const memberships = await tx.memberships.findMany({ userId: user.id, terminatedAt: null });
  for (const { channelId, tenantId } of memberships) {
    const own =
      authority.kind === 'channel'
        ? channelId === authority.channelId
        : await tx.tenantTree.isWithin(tenantId, authority.tenantIds);
    if (!own) return false;
  }
  return memberships.length > 0;
}

/** Uses up a set-password link. Throws `login_token_invalid` for an unknown, used or expired one, or a stopped person. */
export async function setPasswordByToken(
  tx: SetPasswordUnit & Pick<Unit, 'loginTokens'>,
  input: { tokenHash: string; passwordHash: string },
): Promise<User> {
  const token = await lockLoginToken(tx, 'set_password', input.tokenHash);
  const user = await tx.users.find(token.userId);
  if (!user || !isLiveUser(user)) throw new DomainError('login_token_invalid');
  const { passwordHash } = input;
  const saved = await setPassword(tx, {
    userId: token.userId,
    authority: { kind: 'self' },
    passwordHash,
    mustChange: false,
  });
  // ending everything of the person used up the token with the rest; a token that survived that is used up here
  const left = await tx.loginTokens.find(token.id);
  if (left && left.usedAt === null) await tx.loginTokens.save(left, { usedAt: tx.now });
  return saved;
}
