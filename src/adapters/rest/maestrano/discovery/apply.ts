import {
  type ApplyDiscoveryInput,
  applyDiscovery,
  type DirectoryEntry,
  type DiscoveredChannel,
} from '../../../../core/marketplace/index.js';
import { systemActor } from '../../../../core/shared/actor.js';
import type { MarketplacePorts } from '../../../marketplace.js';
import type { MaestranoChannel } from '../connection.js';
import type { PlatformGroup } from './groups.js';
import type { Listed } from './model.js';

type Ports = Pick<MarketplacePorts, 'uow' | 'ids' | 'logger'>;

const actor = systemActor('maestrano');

/** Applies a whole list to all channels of the platform, in one unit. */
export async function applyList(
  ports: Ports,
  { channels, source }: PlatformGroup,
  listed: readonly Listed[],
): Promise<DiscoveredChannel[]> {
  const entries = channels.map((channel) => ({ channelId: channel.id, entry: entryOf(listed, channel, source) }));
  const outcomes = await inUnit(ports, entries);
  for (const { channelId, outcome, name } of outcomes) {
    const marketplace = channels.find(({ id }) => id === channelId)?.settings.marketplace;
    const entry = listed.find((one) => one.marketplace === marketplace);
    if (outcome === 'unusable') {
      const problem = entry !== undefined && 'problem' in entry ? entry.problem : '';
      ports.logger.warn({ channel: name, problem }, 'what the developer platform says of a channel cannot be used');
    } else if (outcome !== 'unchanged') {
      ports.logger.info({ channel: name, outcome }, 'the developer platform was read');
    }
  }
  return outcomes;
}

/** What a platform said, or left out, of a channel that is configured by hand now means nothing any more. */
export async function forgetPlatforms(ports: Ports, channels: readonly MaestranoChannel[]): Promise<void> {
  const left = channels.filter(
    ({ settings, discovered, suspendedAt }) =>
      settings.developerPlatform === undefined && (discovered !== null || suspendedAt !== null),
  );
  if (left.length > 0)
    await inUnit(
      ports,
      left.map(({ id }) => ({ channelId: id, entry: { kind: 'byHand' } })),
    );
}

function inUnit({ uow, ids }: Ports, entries: ApplyDiscoveryInput['entries']): Promise<DiscoveredChannel[]> {
  const command = { name: 'maestrano.applyDiscovery', requestId: ids.next('request') };
  return uow.run(actor, command, (tx) => applyDiscovery(tx, { entries }));
}

function entryOf(listed: readonly Listed[], { settings }: MaestranoChannel, source: string): DirectoryEntry {
  const one = listed.find(({ marketplace }) => marketplace === settings.marketplace);
  if (one === undefined) return { kind: 'absent' };
  if ('problem' in one) return { kind: 'unusable' };
  // as it will be read again: what is undefined is not there
  return {
    kind: 'told',
    discovered: JSON.parse(JSON.stringify({ ...one.connection, source })) as Record<string, unknown>,
  };
}
