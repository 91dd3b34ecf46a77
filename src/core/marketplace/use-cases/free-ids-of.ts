import type { IdentityRepositories } from '../../identity/index.js';
import { anyOf } from '../../shared/repository.js';
import type { TenancyRepositories } from '../../tenancy/index.js';
import type { ExternalRef, Protocol } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';

/** What the others ended stays known to them by its id (docs/design.md 10.3). */
const reusing: ReadonlySet<Protocol> = new Set(['prm', 'kakapo']);

/** The ids of what has ended may name something new, on channels of a protocol that wants it so. */
export async function freeIdsOf(tx: MarketplaceRepositories, targetId: string | readonly string[]): Promise<void> {
  await free(tx, await reusableRefs(tx, targetId));
}

/**
 * So may the ids of people, on each of these channels under which they have no place any more: neither in one of its tenants nor by
 * a membership it manages. The caller has ended their memberships.
 */
export async function freeIdsOfPeople(
  tx: MarketplaceRepositories & IdentityRepositories & TenancyRepositories,
  userIds: readonly string[],
): Promise<void> {
  const refs = await reusableRefs(tx, userIds);
  if (refs.length === 0) return;
  const people = new Set(refs.map(({ targetId }) => targetId));
  const places = await tx.memberships.findAll({ userId: anyOf([...people]), liveKey: '0' });
  const tenants = await tx.tenants.findAll({ id: anyOf(places.map(({ tenantId }) => tenantId)) });
  const channelOf = new Map(tenants.map(({ id, channelId }) => [id, channelId]));
  const placed = new Set(
    places.flatMap(({ userId, tenantId, channelId }) => [
      `${userId} ${channelId}`,
      `${userId} ${channelOf.get(tenantId)}`,
    ]),
  );
  await free(
    tx,
    refs.filter(({ targetId, channelId }) => !placed.has(`${targetId} ${channelId}`)),
  );
}

async function reusableRefs(tx: MarketplaceRepositories, targetId: string | readonly string[]): Promise<ExternalRef[]> {
  const targets = typeof targetId === 'string' ? [targetId] : targetId;
  const refs = await tx.externalRefs.findAll({ targetId: anyOf(targets), liveKey: '0' });
  if (refs.length === 0) return [];
  const channels = await tx.channels.findAll({ id: anyOf(refs.map(({ channelId }) => channelId)) });
  const wanted = new Set(channels.filter(({ protocol }) => reusing.has(protocol)).map(({ id }) => id));
  return refs.filter(({ channelId }) => wanted.has(channelId));
}

async function free(tx: MarketplaceRepositories, refs: readonly ExternalRef[]): Promise<void> {
  await tx.externalRefs.saveAll(refs, ({ id }) => ({ liveKey: id }));
}
