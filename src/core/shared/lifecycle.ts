import type { Instant } from './clock.js';
import { DomainError } from './errors.js';

/** Who put a hold; each may remove what it put, and operators more (`removableBy`). */
export const authorities = ['marketplace', 'operator', 'owner', 'billing'] as const;
export type Authority = (typeof authorities)[number];

export interface Hold {
  readonly authority: Authority;
  /** The channel that put it; '' for the hub's own. */
  readonly channelId: string;
  readonly by: string;
  readonly at: Instant;
}

export type PendingApproval = '' | 'register' | 'update' | 'delete';

/** What is stored of the lifecycle of tenants, applications and instances; the named state is computed (docs/design.md 10.7). */
export interface Lifecycle {
  readonly activated: boolean;
  readonly holds: readonly Hold[];
  readonly locked: boolean;
  /** The kind of the one open approval, or ''. */
  readonly pending: PendingApproval;
  readonly terminatedAt: Instant | null;
}

export const lifecycleStates = [
  'REGISTERED',
  'ACTIVE',
  'INACTIVE',
  'UPDATE_PENDING',
  'DELETE_PENDING',
  'LOCKED',
  'TERMINATED',
] as const;
export type LifecycleState = (typeof lifecycleStates)[number];

/** New objects that need no approval. */
export const activeLifecycle: Lifecycle = {
  activated: true,
  holds: [],
  locked: false,
  pending: '',
  terminatedAt: null,
};

/** The strongest fact names the state: what ends it, then what waits for its end, then what stops it, then what merely waits. */
export function stateOf(object: Lifecycle): LifecycleState {
  if (object.terminatedAt !== null) return 'TERMINATED';
  if (object.pending === 'register') return 'REGISTERED';
  if (object.pending === 'delete') return 'DELETE_PENDING';
  if (object.locked) return 'LOCKED';
  if (!object.activated || object.holds.length > 0) return 'INACTIVE';
  return object.pending === 'update' ? 'UPDATE_PENDING' : 'ACTIVE';
}

/** ACTIVE and UPDATE_PENDING pass (docs/design.md 10.8). A delete request waiting on an object that was never held stops it too. */
export function isLive(object: Lifecycle): boolean {
  const state = stateOf(object);
  return state === 'ACTIVE' || state === 'UPDATE_PENDING';
}

/**
 * Holds an authority may remove: a marketplace only those of its own channel, an owner its own, billing its own,
 * an operator all but billing's.
 */
export function removableBy(authority: Authority, channelId: string, hold: Hold): boolean {
  if (authority === 'operator') return hold.authority !== 'billing';
  if (authority !== hold.authority) return false;
  return authority !== 'marketplace' || hold.channelId === channelId;
}

/** One hold per authority and channel; adding it again changes nothing. */
export function addHold(holds: readonly Hold[], hold: Hold): readonly Hold[] {
  const present = holds.some((h) => h.authority === hold.authority && h.channelId === hold.channelId);
  return present ? holds : [...holds, hold];
}

/**
 * What is left after the authority has removed what it may; while anything is left the object stays INACTIVE. Throws
 * `holds_remain` when there is something and none of it is the authority's to remove: then nothing changes.
 */
export function removeHolds(
  kind: string,
  holds: readonly Hold[],
  authority: Authority,
  channelId: string,
): readonly Hold[] {
  const remaining = holds.filter((hold) => !removableBy(authority, channelId, hold));
  if (remaining.length > 0 && remaining.length === holds.length) throw holdsRemain(kind, remaining);
  return remaining;
}

/** The refusal that names who keeps an object stopped. */
export function holdsRemain(kind: string, holds: readonly Hold[]): DomainError {
  return new DomainError('holds_remain', {
    kind,
    authorities: [...new Set(holds.map((hold) => hold.authority))].join(', '),
  });
}
