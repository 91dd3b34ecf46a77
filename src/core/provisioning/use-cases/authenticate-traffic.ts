import type { ThrottleRule, Throttles } from '../../identity/index.js';
import { type Clock, minute } from '../../shared/clock.js';
import type { TrafficClient } from '../model.js';
import type { TrafficLookup, TrafficPasswords } from '../ports.js';
import type { TrafficName } from '../traffic-client-id.js';
import { refuseWhileBlocked, trafficThrottleKey } from '../traffic-throttle.js';
import { type TrafficVerdict, trafficVerdictOn } from '../traffic-verdict.js';

export interface AuthenticateTrafficPorts {
  readonly lookup: TrafficLookup;
  readonly passwords: TrafficPasswords;
  readonly throttles: Throttles;
  readonly clock: Clock;
}

export interface TrafficAttempt {
  readonly name: TrafficName;
  readonly password: string;
  /** The address, or network, the attempt comes from. */
  readonly source: string;
}

/** Anybody can call the public endpoint in anybody's name: it slows guessing down, and locks nobody out (docs/design.md 10.10). */
export const publicTrafficRule: ThrottleRule = { limit: 10, windowMs: 5 * minute, blockMs: 5 * minute };

/**
 * An instance shows its traffic password itself, at a place everybody can reach. Undefined, with the same work, for a wrong
 * password and for a name nobody has; otherwise the client and whether it may send traffic. Errors: throttled, busy.
 */
export function authenticateTraffic({ lookup, passwords, throttles, clock }: AuthenticateTrafficPorts) {
  return async (
    attempt: TrafficAttempt,
  ): Promise<{ readonly client: TrafficClient; readonly verdict: TrafficVerdict } | undefined> => {
    const key = trafficThrottleKey(`public/${attempt.source}`, attempt.name);
    const { client, blockedUntil } = await lookup.find(attempt.name, key);
    refuseWhileBlocked(blockedUntil, clock);
    const right = await passwords.verify(client, attempt.password);
    if (right && client !== undefined) return { client, verdict: trafficVerdictOn(client) };
    await throttles.fail(key, publicTrafficRule);
    return undefined;
  };
}

export type AuthenticateTraffic = ReturnType<typeof authenticateTraffic>;
