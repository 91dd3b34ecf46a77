import { isDeepStrictEqual } from 'node:util';
import { configureChannel, updateChannel } from '../../../../core/marketplace/index.js';
import { invalid } from '../../../../core/shared/errors.js';
import type { SeedItem } from '../schema.js';
import { fixed, ifKnown, outcomeOf, type SeedUnit } from '../unit.js';

export async function applyChannels(unit: SeedUnit): Promise<void> {
  for (const [index, item] of unit.seed.channels.entries()) {
    await unit.at(['channels', index], () => applyChannel(unit, item));
  }
}

async function applyChannel(unit: SeedUnit, { name, protocol, settings }: SeedItem<'channels'>): Promise<void> {
  const { tx, names, count } = unit;
  const present = await ifKnown(names.channel(name));
  if (present === undefined) {
    if (settings === undefined && !unit.channelSettings[protocol].safeParse({}).success) {
      throw invalid('settings', `are needed for a new ${protocol} channel`);
    }
    await configureChannel(tx, { name, protocol, settings: settings ?? {} });
    return count('channels', 'created');
  }
  fixed('protocol', present.protocol, protocol);
  if (settings === undefined || isDeepStrictEqual(plain(present.settings), plain(settings))) {
    return count('channels', 'unchanged');
  }
  count('channels', outcomeOf(present, await updateChannel(tx, { id: present.id, settings })));
}

const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));
