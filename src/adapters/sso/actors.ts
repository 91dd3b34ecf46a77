import { isLiveUser, whyNoTraffic } from '../../core/identity/index.js';
import type { Lookups } from '../../core/repositories.js';
import type { Actor, Grant, Role } from '../../core/shared/actor.js';
import { secretMark } from './provider/machine-tokens.js';

/** The highest right among the scopes. */
export function ceilingOf(scope: string): number {
  const held = scope.split(' ');
  if (held.includes('hub.admin')) return 1_000;
  if (held.includes('hub.write')) return 666;
  return held.includes('hub.read') ? 333 : 0;
}

export async function personActor(
  tx: Pick<Lookups, 'users' | 'memberships'>,
  userId: string,
  scope: string,
): Promise<Actor | undefined> {
  const user = await tx.users.find(userId);
  if (!user || !isLiveUser(user)) return undefined;
  const name = user.displayName || user.id;
  const ceiling = ceilingOf(scope);
  if (user.operatorLevel !== null) return { kind: 'operator', userId, name, level: user.operatorLevel, ceiling };
  const grants = new Map<string, Grant>();
  for (const { tenantId, instanceId, roles, holds } of await tx.memberships.findMany({ userId, terminatedAt: null })) {
    if (holds.length > 0) continue;
    // a role in one instance says nothing about the tenant's other ones
    const held: readonly Role[] = instanceId === '' ? roles : ['MEMBER'];
    grants.set(tenantId, { tenantId, roles: [...new Set([...(grants.get(tenantId)?.roles ?? []), ...held])] });
  }
  return { kind: 'user', userId, name, grants: [...grants.values()], ceiling };
}

/** `madeWith` is the mark of the secret the credential stands on (`secretMark`). */
export async function machineActor(
  tx: Pick<Lookups, 'clients' | 'instances' | 'applications' | 'tenants'>,
  clientId: string,
  scope: string,
  madeWith: unknown,
): Promise<Actor | undefined> {
  const client = await tx.clients.findOne({ clientId });
  if (client?.disabledAt !== null || secretMark(client) !== madeWith) return undefined;
  if ((await whyNoTraffic(tx, client)) !== undefined) return undefined;
  const { level, tenantId } = client;
  return { kind: 'client', clientId, level, tenantId: tenantId === '' ? null : tenantId, ceiling: ceilingOf(scope) };
}
