import type { AuthenticatePassword } from '../../../core/identity/index.js';
import { hashToken } from '../../../platform/secrets.js';
import type { Runner } from '../person-unit.js';
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
export function createDelegatedAuthentication(runner: Runner, authenticate: AuthenticatePassword) {
  return async ({ instanceId, loginName, password }: DelegatedAttempt): Promise<DelegatedVerdict> => {
    const candidate = await runner.asHub('sso.findCandidate', async (tx) => {
      const found = (await candidateByLoginName(tx, instanceId, loginName)) ?? (await candidateByEmail(tx, loginName));
      if (!found) return undefined;
      const [here] = await tx.memberships.findMany({ userId: found.id, instanceId, terminatedAt: null }, 1);
      return here?.holds.length === 0 ? found : undefined;
    });
    const accountKey = hashToken(`${instanceId}/${loginName}`);
    const verdict = await authenticate({ candidate, accountKey, source: '', password });
    if (verdict.outcome !== 'accepted') return { authenticated: false };
    return { authenticated: true, userId: verdict.userId, mustChangePassword: verdict.mustChangePassword };
  };
}

export type DelegatedAuthentication = ReturnType<typeof createDelegatedAuthentication>;

/** The page a marketplace sends people to who sign in with their own password (NEC 4.7, browser reading). */
export function signInUrl(publicUrl: string, instanceId: string): string {
  return `${publicUrl}/signin?${new URLSearchParams({ instance: instanceId })}`;
}
