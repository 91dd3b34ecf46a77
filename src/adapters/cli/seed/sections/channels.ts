import { isDeepStrictEqual } from 'node:util';
import {
  configureChannel,
  registerServiceAccount,
  updateChannel,
  updateServiceAccount,
} from '../../../../core/marketplace/index.js';
import { operatorLevels } from '../../../../core/shared/actor.js';
import { invalid } from '../../../../core/shared/errors.js';
import { accountHolder } from '../credentials.js';
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

export async function applyServiceAccounts(unit: SeedUnit): Promise<void> {
  for (const [index, item] of unit.seed.serviceAccounts.entries()) {
    await unit.at(['serviceAccounts', index], () => applyServiceAccount(unit, item));
  }
}

async function applyServiceAccount(unit: SeedUnit, item: SeedItem<'serviceAccounts'>): Promise<void> {
  const { tx, names, count } = unit;
  const channel = await names.channel(item.channel);
  const passwordHash = unit.newHashes(accountHolder(item.channel, item.username));
  const wanted = {
    ...(item.soapSecret === undefined ? {} : { soapSecret: item.soapSecret }),
    level: item.level === undefined ? null : operatorLevels[item.level],
    tenantId: item.tenant === undefined ? null : (await names.tenant(item.tenant)).id,
    addresses: item.addresses ?? null,
  };
  const present = await tx.serviceAccounts.findOne({ channelId: channel.id, username: item.username });
  if (present === undefined) {
    if (passwordHash === undefined) throw invalid('password', 'is needed for a new service account');
    await registerServiceAccount(tx, { ...wanted, channelId: channel.id, username: item.username, passwordHash });
    return count('serviceAccounts', 'created');
  }
  const after = await updateServiceAccount(tx, {
    ...wanted,
    id: present.id,
    ...(passwordHash === undefined ? {} : { passwordHash }),
  });
  count('serviceAccounts', outcomeOf(present, after));
}
