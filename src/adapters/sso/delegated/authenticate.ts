import type { AuthenticatePassword, Candidate } from '../../../core/identity/index.js';
import type { Lookups } from '../../../core/repositories.js';
import { hashToken } from '../../../platform/secrets.js';
import { candidateByEmail, candidateByLoginName } from '../signin/candidate.js';

export interface DelegatedAttempt {
  readonly instanceId: string;
  readonly loginName: string;
  readonly password: string;
}

export type DelegatedVerdict =
  | { readonly authenticated: true; readonly userId: string; readonly mustChangePassword: boolean }
  | { readonly authenticated: false };

/**
 * A marketplace collected somebody's credentials and asks whether they are right (NEC 4.7, server reading). Only people of that
 * instance count. Unknown, wrong, stopped and throttled are one answer; failures count per instance and login name.
 */
export function createDelegatedAuthentication(lookups: Lookups, authenticate: AuthenticatePassword) {
  return async ({ instanceId, loginName, password }: DelegatedAttempt): Promise<DelegatedVerdict> => {
    const candidate = await candidateAt(lookups, instanceId, loginName);
    const accountKey = hashToken(`${instanceId}/${loginName}`);
    const verdict = await authenticate({ candidate, accountKey, source: '', password });
    if (verdict.outcome !== 'accepted') return { authenticated: false };
    return { authenticated: true, userId: verdict.userId, mustChangePassword: verdict.mustChangePassword };
  };
}

async function candidateAt(lookups: Lookups, instanceId: string, loginName: string): Promise<Candidate | undefined> {
  const found =
    (await candidateByLoginName(lookups, instanceId, loginName)) ?? (await candidateByEmail(lookups, loginName));
  if (!found) return undefined;
  const [here] = await lookups.memberships.findMany({ userId: found.id, instanceId, terminatedAt: null }, 1);
  return here?.holds.length === 0 ? found : undefined;
}

export type DelegatedAuthentication = ReturnType<typeof createDelegatedAuthentication>;

/** The page a marketplace sends people to who sign in with their own password (NEC 4.7, browser reading). */
export function signInUrl(publicUrl: string, instanceId: string): string {
  return `${publicUrl}/signin?${new URLSearchParams({ instance: instanceId })}`;
}
