import type { Protocol } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';

/** What the others ended stays known to them by its id (docs/design.md 10.3). */
const reusing: ReadonlySet<Protocol> = new Set(['prm', 'kakapo']);

/** The ids of what has ended may name something new, on channels of a protocol that wants it so. */
export async function freeIdsOf(tx: MarketplaceRepositories, targetId: string): Promise<void> {
  for (const ref of await tx.externalRefs.findMany({ targetId, liveKey: '0' })) {
    const channel = await tx.channels.find(ref.channelId);
    if (channel !== undefined && reusing.has(channel.protocol)) await tx.externalRefs.save(ref, { liveKey: ref.id });
  }
}
