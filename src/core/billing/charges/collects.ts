import type { Protocol } from '../../marketplace/index.js';
import type { ChannelLookup } from '../../tenancy/index.js';

/** Protocols whose marketplaces bill for the hub. */
export const collectingProtocols: readonly Protocol[] = ['maestrano'];

/** Whether the marketplace behind channels of this protocol bills what the hub tells it to. */
export function collects(protocol: string): boolean {
  return (collectingProtocols as readonly string[]).includes(protocol);
}

/** The same by channel; '' = the hub's own, where nobody bills by themselves. */
export async function channelCollects({ channels }: ChannelLookup, channelId: string): Promise<boolean> {
  if (channelId === '') return false;
  const channel = await channels.find(channelId);
  return channel !== undefined && collects(channel.protocol);
}
