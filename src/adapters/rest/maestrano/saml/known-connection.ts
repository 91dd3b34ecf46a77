import type { MarketplacePorts } from '../../../marketplace.js';
import { maestranoSettings } from '../config.js';
import { type Connection, connectionOf, type MaestranoChannel } from '../connection.js';

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
  const settings = maestranoSettings.safeParse(found?.settings);
  if (found === undefined || found.protocol !== 'maestrano' || !settings.success) return undefined;
  const channel = { ...found, settings: settings.data };
  const connection = connectionOf(channel, publicUrl);
  return connection && { channel, connection };
}
