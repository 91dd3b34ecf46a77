import { createHmac, randomBytes } from 'node:crypto';
import { createBoundedCache } from './bounded-cache.js';

/** Longest life of a verified credential, in milliseconds (docs/architecture.md, speed). */
export const longestCredentialLife = 60_000;

export interface Credential {
  readonly accountId: string;
  /** Changes with every password change, lock or unlock of the account. */
  readonly version: number | string;
  readonly password: string;
}

export interface CredentialCache {
  /**
   * True when the credential was verified within the last minute or `check` says so now. Only successes are remembered;
   * calls with the same credential at the same time share one `check`. What `check` throws is passed on.
   */
  verify(credential: Credential, check: () => Promise<boolean>): Promise<boolean>;
  /** Forgets the account at once, also a check that is still running. */
  drop(accountId: string): void;
  clear(): void;
  readonly size: number;
}

/**
 * Spares the slow password hash on repeated calls of a machine. Keys are HMACs under a key this process makes up and
 * never shows, so memory holds nothing a password could be recovered from.
 */
export function createCredentialCache(
  options: { max?: number; ttl?: number; now?: () => number } = {},
): CredentialCache {
  const { max = 10_000, ttl = longestCredentialLife, now } = options;
  const secret = randomBytes(32);
  const keysOf = new Map<string, Set<string>>();
  const running = new Map<string, { accountId: string; result: Promise<boolean> }>();
  let checks = 0; // also those that a drop has taken out of `running`
  let era = 0; // a drop while a check runs must keep its result out
  const droppedIn = new Map<string, number>();

  const verified = createBoundedCache<string, string>(
    { max, ttl: Math.min(ttl, longestCredentialLife), ...(now && { now }) },
    (key, accountId) => forgetKey(key, accountId),
  );

  function forgetKey(key: string, accountId: string): void {
    const keys = keysOf.get(accountId);
    keys?.delete(key);
    if (keys?.size === 0) keysOf.delete(accountId);
  }

  function keyOf({ accountId, version, password }: Credential): string {
    return createHmac('sha256', secret)
      .update(JSON.stringify([accountId, version, password]))
      .digest('base64');
  }

  function remember(key: string, accountId: string): void {
    verified.set(key, accountId);
    const keys = keysOf.get(accountId) ?? new Set();
    keysOf.set(accountId, keys.add(key));
  }

  async function run(key: string, accountId: string, check: () => Promise<boolean>): Promise<boolean> {
    const started = era;
    const right = await check();
    if (right && (droppedIn.get(accountId) ?? 0) <= started) remember(key, accountId);
    return right;
  }

  return {
    verify(credential, check) {
      const key = keyOf(credential);
      if (verified.get(key) !== undefined) return Promise.resolve(true);
      const shared = running.get(key);
      if (shared) return shared.result;
      checks += 1;
      const flight = {
        accountId: credential.accountId,
        result: run(key, credential.accountId, check).finally(() => {
          if (running.get(key) === flight) running.delete(key);
          checks -= 1;
          if (checks === 0) droppedIn.clear();
        }),
      };
      running.set(key, flight);
      return flight.result;
    },
    drop(accountId) {
      era += 1;
      if (checks > 0) droppedIn.set(accountId, era);
      for (const key of keysOf.get(accountId) ?? []) verified.delete(key);
      keysOf.delete(accountId);
      for (const [key, flight] of running) {
        if (flight.accountId === accountId) running.delete(key); // later callers must not join a check from before
      }
    },
    clear() {
      verified.clear();
      keysOf.clear();
    },
    get size() {
      return verified.size;
    },
  };
}
