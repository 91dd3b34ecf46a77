import { requireEverywhere } from '../../shared/actor.js';
import { checkVersion, found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import type { Channel, Protocol } from '../model.js';
import type { MarketplaceRepositories } from '../ports.js';

export interface ConfigureChannelInput {
  readonly name: string;
  readonly protocol: Protocol;
  /** Already checked by the protocol's own schema. */
  readonly settings: Readonly<Record<string, unknown>>;
}

/** Connects the hub to a marketplace. Level ADMINISTRATOR. Errors: forbidden, invalid_value, already_exists. */
export async function configureChannel(
  tx: Tx & MarketplaceRepositories,
  input: ConfigureChannelInput,
): Promise<Channel> {
  requireEverywhere(tx.actor, 'admin');
  if (!/^[a-z0-9][a-z0-9-]{0,59}$/.test(input.name)) {
    throw invalid('name', 'must be 1 to 60 lower-case letters, digits and dashes: it is part of URLs');
  }
  const channel = await tx.channels.insert({
    id: tx.ids.next('channel'),
    createdAt: tx.now,
    name: input.name,
    protocol: input.protocol,
    settings: input.settings,
    position: (await tx.channels.count({})) + 1,
    disabledAt: null,
    discovered: null,
    discoveredAt: null,
    suspendedAt: null,
  });
  emitChannel(tx, 'channel.configured', channel);
  return channel;
}

/** Replaces the settings, or switches the channel off or on. Errors: forbidden, not_found, version_conflict. */
export async function updateChannel(
  tx: Tx & MarketplaceRepositories,
  input: {
    readonly id: string;
    readonly expectedVersion?: number | null;
    readonly settings?: Readonly<Record<string, unknown>>;
    readonly disabled?: boolean;
  },
): Promise<Channel> {
  requireEverywhere(tx.actor, 'admin');
  const before = found('channel', await tx.channels.lock(input.id));
  checkVersion('channel', before, input.expectedVersion);
  const disabled = input.disabled ?? before.disabledAt !== null;
  const after = await tx.channels.save(before, {
    ...(input.settings === undefined ? {} : { settings: input.settings }),
    disabledAt: disabled ? (before.disabledAt ?? tx.now) : null,
  });
  if (after.version !== before.version) emitChannel(tx, 'channel.updated', after);
  return after;
}

export function emitChannel(tx: Tx, type: string, channel: Channel): void {
  tx.emit({
    type,
    aggregate: { kind: 'channel', id: channel.id, version: channel.version },
    tenantId: '',
    payload: { name: channel.name, protocol: channel.protocol, disabled: channel.disabledAt !== null },
  });
}
