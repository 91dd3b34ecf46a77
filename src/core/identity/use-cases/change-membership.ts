import type { Unit } from '../../repositories.js';
import type { Role } from '../../shared/actor.js';
import { checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import { holdsAfterDisable, holdsAfterEnable } from '../../shared/holding.js';
import { requireReach } from '../../tenancy/index.js';
import type { Membership } from '../model.js';
import type { IdentityRepositories } from '../ports.js';
import { checkProfile, checkRoles, emitMembership, grantsPower, type MembershipProfile } from './add-membership.js';
import { endSessions } from './end-sessions.js';

interface Target {
  readonly id: string;
  readonly expectedVersion?: number | null;
}

/** Changes roles or profile; absent fields stay. Errors: not_found, forbidden, terminated, version_conflict, invalid_value, in_use (last owner). */
export async function changeMembership(
  tx: Unit,
  input: Target & MembershipProfile & { readonly roles?: readonly Role[] },
): Promise<Membership> {
  if (input.roles !== undefined) {
    const seen = await tx.memberships.find(input.id);
    if (seen !== undefined) await tx.tenants.rely(seen.tenantId); // two owners do not step down at once
  }
  const before = await lockMembership(tx, input);
  const roles = input.roles === undefined ? before.roles : checkRoles(input.roles);
  if (roles.join() !== before.roles.join() && (grantsPower(roles) || grantsPower(before.roles))) {
    await requireReach(tx, 'admin', 'membership', { tenantId: before.tenantId, channelId: before.channelId });
    if (before.roles.includes('OWNER') && !roles.includes('OWNER')) await checkOtherOwner(tx, before);
  }
  const after = await tx.memberships.save(before, { roles, ...checkProfile(input) });
  if (after.version === before.version) return after;
  await tx.tokenRevocations.revoke({ kind: 'user', id: after.userId, clientIds: [] });
  emitMembership(tx, 'membership.changed', after);
  return after;
}

/**
 * Takes the person out of the tenant or instance until enabled: sessions and tokens there end at once, billing stops.
 * Idempotent. Errors: not_found, forbidden, terminated.
 */
export async function disableMembership(tx: Unit, input: Target & { readonly reason?: string }): Promise<Membership> {
  const before = await lockMembership(tx, input);
  const after = await tx.memberships.save(before, { holds: holdsAfterDisable(tx, before.holds) });
  await endSessionsOf(tx, [after], input.reason ?? 'membership disabled');
  if (after.version !== before.version) emitMembership(tx, 'membership.disabled', after);
  return after;
}

/** Lifts the holds this actor may lift; others' stay. Errors: not_found, forbidden, terminated, holds_remain (none was this actor's). */
export async function enableMembership(tx: Unit, input: Target): Promise<Membership> {
  const before = await lockMembership(tx, input);
  const after = await tx.memberships.save(before, { holds: holdsAfterEnable(tx, 'membership', before.holds) });
  if (after.version === before.version) return after;
  await tx.tokenRevocations.revoke({ kind: 'user', id: after.userId, clientIds: [] });
  if (after.holds.length === 0) emitMembership(tx, 'membership.enabled', after);
  return after;
}

/** Ends a membership without asking who: for commands that have been allowed. The caller gives its licenses back. */
export async function closeMembership(tx: Unit, before: Membership, reason: string): Promise<Membership> {
  const [after] = await endMemberships(tx, [before]);
  await endSessionsOf(tx, [after!], reason);
  return after!;
}

/** The same for many. Locked first, because a profile or a hold may be changing at this moment. */
export async function closeMemberships(tx: Unit, ids: readonly string[], reason: string): Promise<void> {
  const locked = await tx.memberships.lockAll(ids);
  const live = locked.filter(({ terminatedAt }) => terminatedAt === null);
  await endSessionsOf(tx, await endMemberships(tx, live), reason);
}

/** For a caller that has locked them and ends the sessions of these people too. */
export async function endMemberships(tx: Unit, before: readonly Membership[]): Promise<Membership[]> {
  const ended = await tx.memberships.saveAll(before, ({ id }) => ({ terminatedAt: tx.now, liveKey: id }));
  for (const membership of ended) emitMembership(tx, 'membership.removed', membership);
  return ended;
}

export async function lockMembership(tx: Unit, input: Target): Promise<Membership> {
  const membership = found('membership', await tx.memberships.lock(input.id));
  await requireReach(tx, 'write', 'membership', { tenantId: membership.tenantId, channelId: membership.channelId });
  checkNotTerminated('membership', membership);
  checkVersion('membership', membership, input.expectedVersion);
  return membership;
}

/** A tenant that has owners keeps one. Throws `in_use`. */
export async function checkOtherOwner(tx: IdentityRepositories, leaving: Membership): Promise<void> {
  const others = await tx.memberships.findMany({ tenantId: leaving.tenantId, liveKey: '0' });
  if (!others.some((m) => m.id !== leaving.id && m.roles.includes('OWNER'))) {
    throw new DomainError('in_use', { kind: 'the last OWNER', by: 'the tenant' });
  }
}

async function endSessionsOf(tx: Unit, memberships: readonly Membership[], reason: string): Promise<void> {
  const people = new Map<string, string[]>();
  for (const { userId, instanceId } of memberships) {
    people.set(instanceId, [...(people.get(instanceId) ?? []), userId]);
  }
  for (const [instanceId, userId] of people) {
    await endSessions(tx, { userId, ...(instanceId !== '' && { instanceId }), reason });
  }
}
