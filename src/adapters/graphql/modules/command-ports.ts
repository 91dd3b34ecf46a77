import type { Passwords } from '../../../core/identity/index.js';
import type { JournalPayloads, ParkedDeliveries } from '../../../core/journal/index.js';
import type { CheckChannelSettings, DiscoveredChannel } from '../../../core/marketplace/index.js';
import type { Units } from '../../../core/repositories.js';

/** Secrets are made, hashed and checked outside the core. */
export interface SecretPorts {
  /** A password or client secret nobody could guess. */
  generate(): string;
  /** `whsec_…`, as Standard Webhooks wants it. */
  generateWebhookSecret(): string;
  /** What is stored of a client's secret (`Client.secretHash`). */
  hashClientSecret(secret: string): string;
}

/** What commands need besides the core. */
export interface CommandPorts {
  readonly units: Units;
  readonly passwords: Pick<Passwords, 'hash'>;
  readonly secrets: SecretPorts;
  /** By the protocol's own schema. Throws `invalid_value`. */
  readonly checkChannelSettings: CheckChannelSettings;
  /** Throws an error that names the first entry that is neither an address nor a CIDR block. */
  readonly checkAddressList: (entries: readonly string[]) => unknown;
  readonly journalPayloads: JournalPayloads;
  readonly parkedDeliveries: ParkedDeliveries;
  /** Work of protocols that was given up. */
  readonly parkedTasks: { unpark(id: string): Promise<boolean> };
  /** Asks the directory a channel is listed in. `problem` '' = it could be read. */
  readonly rediscoverChannel: (
    channelId: string,
  ) => Promise<{ readonly problem: string; readonly channels: readonly DiscoveredChannel[] }>;
}
