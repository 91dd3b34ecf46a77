import type { MarketplacePorts } from '../../../marketplace.js';
import { asMaestrano, type Connection, connectionOf, type MaestranoChannel } from '../connection.js';

export interface KnownConnection {
  readonly channel: MaestranoChannel;
  readonly connection: Connection;
}

/** Where the marketplace of a channel is, also while it is suspended; undefined when that is not known. */
export async function knownConnection(
  { lookups, publicUrl }: Pick<MarketplacePorts, 'lookups' | 'publicUrl'>,
  channelId: string,
): Promise<KnownConnection | undefined> {
  const found = await lookups.channels.find(channelId);
  const channel = found && asMaestrano(found);
  const connection = channel && connectionOf(channel, publicUrl);
  return channel && connection && { channel, connection };
}
