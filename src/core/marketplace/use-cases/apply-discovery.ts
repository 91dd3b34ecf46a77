import { requireEverywhere } from '../../shared/actor.js';
import { hour, type Instant, shift } from '../../shared/clock.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { Channel } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';
import { emitChannel } from './configure-channel.js';

/**
 * What a directory says about one channel: `told` what is to be kept; `unusable`: it is listed and cannot be read, so what is
 * known stays; `absent`: not listed any more; `byHand`: nobody is asked for it any more.
 */
export type DirectoryEntry =
  | { readonly kind: 'told'; readonly discovered: Readonly<Record<string, unknown>> }
  | { readonly kind: 'unusable' | 'absent' | 'byHand' };

export interface ApplyDiscoveryInput {
  readonly entries: readonly { readonly channelId: string; readonly entry: DirectoryEntry }[];
}

export const discoveryOutcomes = ['unchanged', 'changed', 'resumed', 'suspended', 'unusable'] as const;
/** What became of a channel. `resumed`: listed again; what is told of it may have changed as well. */
export type DiscoveryOutcome = (typeof discoveryOutcomes)[number];

export interface DiscoveredChannel {
  readonly channelId: string;
  readonly name: string;
  readonly outcome: DiscoveryOutcome;
}

/**
 * Takes over what a directory answered, for all its channels in this unit or for none. A channel that is not listed is suspended
 * and keeps what was known of it; one that is listed again goes on. Content that is the same moves `discoveredAt` alone, at most once
 * an hour, and no event tells of it. Channels that are gone are passed over. Level ADMINISTRATOR. Errors: forbidden.
 */
export async function applyDiscovery(
  tx: Tx & Pick<MarketplaceRepositories, 'channels'>,
  { entries }: ApplyDiscoveryInput,
): Promise<DiscoveredChannel[]> {
  requireEverywhere(tx.actor, 'admin');
  const inOrder = [...entries].sort((a, b) => (a.channelId < b.channelId ? -1 : 1));
  const outcomes: DiscoveredChannel[] = [];
  for (const { channelId, entry } of inOrder) {
    const before = await tx.channels.lock(channelId);
    if (before === undefined) continue;
    const outcome = outcomeOf(before, entry);
    const after = isFresh(before, outcome, tx.now)
      ? before
      : await tx.channels.save(before, changeFor(before, entry, tx.now));
    if (outcome !== 'unchanged' && after.version !== before.version) emitChannel(tx, 'channel.updated', after);
    outcomes.push({ channelId, name: before.name, outcome });
  }
  return outcomes;
}

function outcomeOf({ discovered, suspendedAt }: Channel, entry: DirectoryEntry): DiscoveryOutcome {
  if (entry.kind === 'unusable') return 'unusable';
  if (entry.kind === 'absent') return suspendedAt === null ? 'suspended' : 'unchanged';
  if (suspendedAt !== null) return 'resumed';
  const told = entry.kind === 'told' ? entry.discovered : null;
  return JSON.stringify(discovered) === JSON.stringify(told) ? 'unchanged' : 'changed';
}

/** Every write makes the channel new for whoever serves it: not for a moment that matters to nobody. */
function isFresh({ discoveredAt }: Channel, outcome: DiscoveryOutcome, now: Instant): boolean {
  return outcome === 'unchanged' && discoveredAt !== null && discoveredAt > shift(now, -hour);
}

function changeFor(before: Channel, entry: DirectoryEntry, now: Instant): Partial<Channel> {
  switch (entry.kind) {
    case 'told':
      return { discovered: entry.discovered, discoveredAt: now, suspendedAt: null };
    case 'absent':
      return { suspendedAt: before.suspendedAt ?? now };
    case 'byHand':
      return { discovered: null, discoveredAt: null, suspendedAt: null };
    case 'unusable':
      return {};
  }
}
