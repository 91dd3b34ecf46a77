import { requireEverywhere } from '../../shared/actor.js';
import { invalid } from '../../shared/errors.js';
import { checkEmail, checkOptionalText, emailKey } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { User, UserEmail } from '../model.js';
import type { IdentityRepositories } from '../ports.js';

export interface CreateUserInput {
  readonly givenName?: string;
  readonly familyName?: string;
  readonly displayName?: string;
  readonly locale?: string;
  readonly emails?: readonly { readonly email: string; readonly verified: boolean }[];
  readonly operatorLevel?: number | null;
  /** Already hashed; absent = cannot sign in with a password yet. */
  readonly passwordHash?: string | null;
}

/**
 * Makes a person. Verified addresses and operator levels are the operator's to give; others bring unverified addresses, and the
 * caller adds the membership in the same unit (a person without one is visible to operators only).
 * Errors: invalid_value, already_exists (verified address), forbidden.
 */
export async function createUser(tx: Tx & IdentityRepositories, input: CreateUserInput): Promise<User> {
  if (input.operatorLevel !== undefined && input.operatorLevel !== null) requireEverywhere(tx.actor, 'admin');
  if ((input.emails ?? []).some((e) => e.verified)) requireEverywhere(tx.actor, 'write');
  const givenName = checkOptionalText('givenName', input.givenName ?? '');
  const familyName = checkOptionalText('familyName', input.familyName ?? '');
  const user = await tx.users.insert({
    id: tx.ids.next('user'),
    createdAt: tx.now,
    givenName,
    familyName,
    displayName: checkOptionalText(
      'displayName',
      input.displayName ?? [givenName, familyName].filter(Boolean).join(' '),
      401,
    ),
    locale: checkLocale(input.locale ?? ''),
    operatorLevel: input.operatorLevel ?? null,
    passwordHash: input.passwordHash ?? null,
    credentialVersion: 1,
    mustChangePassword: false,
    holds: [],
    terminatedAt: null,
  });
  for (const [index, address] of (input.emails ?? []).entries()) {
    await addEmail(tx, user.id, address.email, address.verified, index === 0);
  }
  tx.emit({
    type: 'user.created',
    aggregate: { kind: 'user', id: user.id, version: user.version },
    tenantId: '',
    payload: { displayName: user.displayName },
  });
  return user;
}

export function addEmail(
  tx: Tx & IdentityRepositories,
  userId: string,
  email: string,
  verified: boolean,
  primary: boolean,
): Promise<UserEmail> {
  const key = emailKey(checkEmail('email', email));
  return tx.userEmails.insert({
    id: tx.ids.next('userEmail'),
    userId,
    email,
    emailKey: key,
    verifiedKey: verified ? key : null,
    primary,
  });
}

export function checkLocale(value: string): string {
  if (value === '') return value;
  try {
    return new Intl.Locale(value.replaceAll('_', '-')).toString();
  } catch {
    throw invalid('locale', 'must be a language tag (BCP 47)');
  }
}
