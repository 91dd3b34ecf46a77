import { reachOf, requireEverywhere } from '../../shared/actor.js';
import { checkLevel, checkNotTerminated, checkVersion, found } from '../../shared/checks.js';
import { DomainError, notFound } from '../../shared/errors.js';
import { checkOptionalText } from '../../shared/text.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { TenancyRepositories } from '../../tenancy/index.js';
import type { User } from '../model.js';
import type { IdentityRepositories } from '../ports.js';
import { checkLocale } from './create-user.js';
import { requireRankOver } from './guard-operators.js';

export interface UpdateUserInput {
  readonly id: string;
  readonly expectedVersion?: number | null;
  readonly givenName?: string;
  readonly familyName?: string;
  readonly displayName?: string;
  readonly locale?: string;
  /** Only operators of level ADMINISTRATOR; null takes the level away. */
  readonly operatorLevel?: number | null;
}

/**
 * Changes a person's own profile: themself, an operator, or an administrator in whose subtree all their memberships lie.
 * Errors: not_found, forbidden, terminated, version_conflict, invalid_value.
 */
export async function updateUser(
  tx: Tx & TenancyRepositories & IdentityRepositories,
  input: UpdateUserInput,
): Promise<User> {
  const before = found('user', await tx.users.lock(input.id));
  await requirePerson(tx, before.id);
  requireRankOver(tx, before);
  if (input.operatorLevel !== undefined) {
    requireEverywhere(tx.actor, 'admin');
    checkLevel('operatorLevel', input.operatorLevel);
  }
  checkNotTerminated('user', before);
  checkVersion('user', before, input.expectedVersion);
  const after = await tx.users.save(before, {
    ...(input.givenName === undefined ? {} : { givenName: checkOptionalText('givenName', input.givenName) }),
    ...(input.familyName === undefined ? {} : { familyName: checkOptionalText('familyName', input.familyName) }),
    ...(input.displayName === undefined
      ? {}
      : { displayName: checkOptionalText('displayName', input.displayName, 401) }),
    ...(input.locale === undefined ? {} : { locale: checkLocale(input.locale) }),
    ...(input.operatorLevel === undefined ? {} : { operatorLevel: input.operatorLevel }),
  });
  if (after.version === before.version) return after;
  if (after.operatorLevel !== before.operatorLevel) await tx.tokenRevocations.revoke({ kind: 'user', id: after.id });
  tx.emit({
    type: 'user.updated',
    aggregate: { kind: 'user', id: after.id, version: after.version },
    tenantId: '',
    payload: { displayName: after.displayName },
  });
  return after;
}

/**
 * May this actor change the person as such? Themself with the right to write; operators; whoever reaches every live membership.
 * A person with one membership elsewhere is out of reach: `forbidden`; one without any in reach is `not_found`.
 */
export async function requirePerson(
  tx: Tx & TenancyRepositories & IdentityRepositories,
  userId: string,
): Promise<void> {
  const reach = reachOf(tx.actor, 'write');
  if (reach.everywhere) return;
  if (tx.actor.kind === 'user' && tx.actor.userId === userId && tx.actor.ceiling >= 666) return;
  const live = await tx.memberships.findMany({ userId, liveKey: '0' });
  const reached = await Promise.all(
    live.map(
      async (m) =>
        (reach.channelId !== null && reach.channelId === m.channelId) ||
        (reach.tenantIds.length > 0 && (await tx.tenantTree.isWithin(m.tenantId, reach.tenantIds))),
    ),
  );
  if (!reached.includes(true)) throw notFound('user');
  if (reached.includes(false))
    throw new DomainError('forbidden', { right: 'change a person who also belongs elsewhere' });
}
