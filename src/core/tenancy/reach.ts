import { type Actor, type Reach, type Right, reachOf } from '../shared/actor.js';
import { DomainError, notFound } from '../shared/errors.js';
import type { Tx } from '../shared/unit-of-work.js';
import type { TenancyRepositories } from './ports.js';

/** Where an object stands: the tenant it belongs to ('' = the hub's own) and the channel that manages it. */
export interface Place {
  readonly tenantId: string;
  readonly channelId: string;
}

/**
 * Throws unless the actor has the right over an object at that place: `forbidden` when the actor may at least see it
 * (`seenAt`, when it stands elsewhere than the right is asked), `not_found` (the answer for a missing one) when not. The only
 * place where commands are authorized by tenant.
 */
export async function requireReach(
  tx: Tx & TenancyRepositories,
  right: Right,
  kind: string,
  place: Place,
  seenAt: Place = place,
): Promise<void> {
  if (await covers(tx, reachOf(tx.actor, right), place)) return;
  if (right !== 'read' && (await covers(tx, reachOf(tx.actor, 'read'), seenAt)))
    throw new DomainError('forbidden', { right });
  throw notFound(kind);
}

/** Whether the actor has the right there: for rules with several ways to be allowed. */
export function hasReach(tx: Tx & TenancyRepositories, right: Right, place: Place): Promise<boolean> {
  return covers(tx, reachOf(tx.actor, right), place);
}

/**
 * What only the one who sells decides (quantities, trials, suspension, the end of a tree): whoever has the right at the tenant above,
 * or the channel. Throws `forbidden` to the customer's own people, `not_found` to others.
 */
export function requireSeller(
  tx: Tx & TenancyRepositories,
  kind: string,
  tenant: { readonly id: string; readonly parentId: string },
  channelId: string,
  right: Right = 'write',
): Promise<void> {
  return requireReach(tx, right, kind, { tenantId: tenant.parentId, channelId }, { tenantId: tenant.id, channelId });
}

async function covers(tx: TenancyRepositories, reach: Reach, place: Place): Promise<boolean> {
  if (reach.everywhere) return true;
  if (reach.channelId !== null && reach.channelId === place.channelId) return true;
  if (place.tenantId === '') return false;
  if (reach.memberTenantIds.includes(place.tenantId)) return true;
  return reach.tenantIds.length > 0 && (await tx.tenantTree.isWithin(place.tenantId, reach.tenantIds));
}

/**
 * What only the operator's side decides (answers to requests, references, unlocking): the hub's operators, and accounts of the
 * operator on the channel that manages the object. Throws `forbidden` to whoever may see it, `not_found` to others.
 */
export async function requireOperator(
  tx: Tx & TenancyRepositories,
  right: Right,
  kind: string,
  place: Place,
): Promise<void> {
  if (isOperatorOf(tx.actor, right, place.channelId)) return;
  if (await covers(tx, reachOf(tx.actor, 'read'), place)) throw new DomainError('forbidden', { right });
  throw notFound(kind);
}

/**
 * Whether the actor is of the operator's side for what this channel manages ('' = the hub itself): of its accounts those with a
 * level; one without is the marketplace's own.
 */
export function isOperatorOf(actor: Actor, right: Right, channelId: string): boolean {
  if (actor.kind === 'serviceAccount' && actor.level === null) return false;
  const reach = reachOf(actor, right);
  return reach.everywhere || (channelId !== '' && reach.channelId === channelId);
}

/** Where a channel's protocol is looked up by commands of contexts below its own. */
export interface ChannelLookup {
  readonly channels: { find(id: string): Promise<{ readonly protocol: string } | undefined> };
}

/**
 * What is under a channel where the operator approves changes is changed, defined or ended directly by the operator's side only;
 * its owner asks for it (`askApproval`, the registrations). Throws `forbidden`.
 */
export async function requireNoApproval(tx: Tx & ChannelLookup, channelId: string): Promise<void> {
  if (channelId === '' || isOperatorOf(tx.actor, 'write', channelId)) return;
  const channel = await tx.channels.find(channelId);
  if (channel?.protocol === 'prm') throw new DomainError('forbidden', { right: 'change this without approval' });
}
