import { type Role, roles } from '../../shared/actor.js';
import { checkChannel, checkInstanceOf, checkNotTerminated, found, type InstanceLookup } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import { checkEmail, checkOptionalText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireReach, type TenancyRepositories } from '../../tenancy/index.js';
import type { Membership } from '../model.js';
import type { IdentityRepositories } from '../ports.js';
import { checkLocale } from './create-user.js';

export interface MembershipProfile {
  readonly loginName?: string;
  readonly email?: string;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly locale?: string;
}

export interface AddMembershipInput extends MembershipProfile {
  readonly userId: string;
  readonly tenantId: string;
  /** '' or absent: for the whole tenant. */
  readonly instanceId?: string;
  readonly channelId?: string;
  readonly roles: readonly Role[];
}

/**
 * Gives a person a place in a tenant, or in one of its instances. Roles beyond MEMBER need the right to administer it.
 * Errors: not_found, forbidden, terminated, already_exists, invalid_value.
 */
export async function addMembership(
  tx: Tx & TenancyRepositories & IdentityRepositories & InstanceLookup,
  input: AddMembershipInput,
): Promise<Membership> {
  const tenant = found('tenant', await tx.tenants.rely(input.tenantId));
  const place = { tenantId: tenant.id, channelId: tenant.channelId };
  await requireReach(tx, 'write', 'tenant', place);
  checkNotTerminated('tenant', tenant);
  if (grantsPower(input.roles)) await requireReach(tx, 'admin', 'tenant', place);
  await checkInstanceOf(tx, input.instanceId ?? '', tenant.id);
  const user = found('user', await tx.users.lock(input.userId));
  checkNotTerminated('user', user);
  const membership = await tx.memberships.insert({
    id: tx.ids.next('membership'),
    createdAt: tx.now,
    userId: user.id,
    tenantId: tenant.id,
    instanceId: input.instanceId ?? '',
    channelId: checkChannel(tx.actor, input.channelId ?? ''),
    roles: checkRoles(input.roles),
    loginName: '',
    email: '',
    givenName: '',
    familyName: '',
    locale: '',
    ...checkProfile(input),
    holds: [],
    terminatedAt: null,
    liveKey: '0',
  });
  // Cached tokens carry the roles of the moment they were verified.
  await tx.tokenRevocations.revoke({ kind: 'user', id: user.id, clientIds: [] });
  emitMembership(tx, 'membership.added', membership);
  return membership;
}

export function grantsPower(held: readonly Role[]): boolean {
  return held.some((role) => role === 'OWNER' || role === 'ADMIN');
}

export function checkRoles(held: readonly Role[]): readonly Role[] {
  const unknown = held.find((role) => !roles.includes(role));
  if (unknown !== undefined) throw invalid('roles', `"${unknown}" is not a role`);
  if (held.length === 0) throw invalid('roles', 'must not be empty');
  return [...new Set(held)];
}

export function checkProfile(profile: MembershipProfile): MembershipProfile {
  return {
    ...(profile.loginName === undefined ? {} : { loginName: checkOptionalText('loginName', profile.loginName, 254) }),
    ...(profile.email === undefined ? {} : { email: profile.email === '' ? '' : checkEmail('email', profile.email) }),
    ...(profile.givenName === undefined ? {} : { givenName: checkOptionalText('givenName', profile.givenName) }),
    ...(profile.familyName === undefined ? {} : { familyName: checkOptionalText('familyName', profile.familyName) }),
    ...(profile.locale === undefined ? {} : { locale: checkLocale(profile.locale) }),
  };
}

export function emitMembership(tx: Tx, type: string, membership: Membership): void {
  tx.emit({
    type,
    aggregate: { kind: 'membership', id: membership.id, version: membership.version },
    tenantId: membership.tenantId,
    payload: { userId: membership.userId, instanceId: membership.instanceId, roles: [...membership.roles] },
  });
}
