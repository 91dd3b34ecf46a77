import type { Throttles } from '../../identity/index.js';
import { hour } from '../../shared/clock.js';
import { DomainError } from '../../shared/errors.js';
import { sourceOf } from '../../shared/source.js';

/** Applications of strangers from one source (docs/design.md 10.10): each costs a password hash. */
const strangerRule = { limit: 10, windowMs: hour, blockMs: hour } as const;

/**
 * Counts an application of somebody nobody knows, before anything is done for it; of many at once no more than the rule's are let
 * through. Throws `throttled`.
 */
export async function admitStranger(
  { throttles }: { readonly throttles: Throttles },
  { channelId, address }: { readonly channelId: string; readonly address: string },
): Promise<void> {
  const key = `prm-registration:${channelId}:${sourceOf(address)}`;
  const isBlocked = async () => (await throttles.blockedUntil(key)) !== null;
  // who is blocked is told so without a write; the last one allowed is the one that begins the block
  const admitted = !(await isBlocked()) && ((await throttles.fail(key, strangerRule)) !== null || !(await isBlocked()));
  if (!admitted) throw new DomainError('throttled', { retryAfterSeconds: strangerRule.blockMs / 1_000 });
}
