import type { Instant } from '../shared/clock.js';
import type { Repository } from '../shared/repository.js';
import type { Channel, ChannelRecord, ExternalRef, ServiceAccount, Webhook } from './model.js';

export interface MarketplaceRepositories {
  readonly channels: Repository<Channel>;
  readonly serviceAccounts: Repository<ServiceAccount>;
  readonly externalRefs: Repository<ExternalRef>;
  readonly channelRecords: Repository<ChannelRecord>;
  readonly webhooks: Repository<Webhook>;
}

/** What authentication of a service account reads on every call: one statement, never cached. */
export interface ServiceAccountLookup {
  find(
    channelId: string,
    username: string,
    throttleKey: string,
  ): Promise<{ account: ServiceAccount | undefined; blockedUntil: Instant | null }>;
}
