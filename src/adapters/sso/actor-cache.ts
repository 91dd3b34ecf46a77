import { type Actor, actorId } from '../../core/shared/actor.js';
import { createBoundedCache } from '../../platform/bounded-cache.js';

/** What every process hears within 250 ms when something was revoked. `id` of a client is its `clientId`. */
export interface Revocation {
  readonly kind: string;
  readonly id: string;
  /** [] = nothing was taken away; only what was cached is out of date. */
  readonly clientIds?: readonly string[];
  /** When; absent = now. A process that starts is told of the last minutes. */
  readonly at?: string;
}

export interface Verified {
  readonly actor: Actor;
  /** Milliseconds of the epoch. */
  readonly expiresAt: number;
}

const longestLife = 60_000;

export interface ActorCache {
  /** Who showed this credential within the last minute, unless something of theirs was revoked since. */
  find(key: string): Actor | undefined;
  /** Remembers what `verify` finds, unless something was revoked while it looked. */
  verify(key: string, verify: () => Promise<Verified>): Promise<Actor>;
  forget(revocation: Revocation): void;
}

/** Credentials that were found right, by a hash of each; successes only, and by whom they speak for. */
export function createActorCache(now: () => number): ActorCache {
  const keysOf = new Map<string, Set<string>>();
  const cache = createBoundedCache<string, Verified>({ max: 10_000, ttl: longestLife }, (key, { actor }) =>
    forgetKey(actorId(actor), key),
  );
  let era = 0;

  function forgetKey(owner: string, key: string): void {
    const keys = keysOf.get(owner);
    keys?.delete(key);
    if (keys?.size === 0) keysOf.delete(owner);
  }

  return {
    find(key) {
      const known = cache.get(key);
      return known && known.expiresAt > now() ? known.actor : undefined;
    },
    async verify(key, verify) {
      const started = era;
      const verified = await verify();
      if (era !== started) return verified.actor;
      const owner = actorId(verified.actor);
      cache.set(key, verified, verified.expiresAt - now());
      keysOf.set(owner, (keysOf.get(owner) ?? new Set<string>()).add(key));
      return verified.actor;
    },
    forget({ kind, id }) {
      era += 1;
      if (kind === 'session') {
        cache.clear(); // its tokens may be anybody's
        keysOf.clear();
        return;
      }
      for (const key of keysOf.get(id) ?? []) cache.delete(key);
      keysOf.delete(id);
    },
  };
}
