import { type Clock, type Instant, toMilliseconds } from '../shared/clock.js';
import { DomainError } from '../shared/errors.js';
import type { TrafficName } from './traffic-client-id.js';

/** Names of instances and of nobody count alike; they may hold anything that was typed. */
export function trafficThrottleKey(place: string, { channel, provider, application, instance }: TrafficName): string {
  return `traffic/${place}/${JSON.stringify([channel, provider, application, instance])}`;
}

/** Throws `throttled` with the seconds that are left. */
export function refuseWhileBlocked(blockedUntil: Instant | null, clock: Clock): void {
  if (blockedUntil === null) return;
  const left = toMilliseconds(blockedUntil) - toMilliseconds(clock.now());
  throw new DomainError('throttled', { retryAfterSeconds: Math.max(1, Math.ceil(left / 1_000)) });
}
