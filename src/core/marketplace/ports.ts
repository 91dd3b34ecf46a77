import type { Instant } from '../shared/clock.js';
import type { Repository } from '../shared/repository.js';
import type {
  AccountCertificate,
  Channel,
  ChannelRecord,
  ExternalRef,
  LoginTicket,
  ServiceAccount,
  Webhook,
} from './model.js';

export interface MarketplaceRepositories {
  readonly channels: Repository<Channel>;
  readonly serviceAccounts: Repository<ServiceAccount>;
  readonly accountCertificates: Repository<AccountCertificate>;
  readonly loginTickets: Repository<LoginTicket>;
  readonly externalRefs: Repository<ExternalRef>;
  readonly channelRecords: Repository<ChannelRecord>;
  readonly webhooks: Repository<Webhook>;
}

/** What authentication of a service account reads on every call: one statement, never cached. */
export interface ServiceAccountLookup {
  find(channelId: string, username: string, throttleKey: string): Promise<FoundAccount>;
  /** The account one of these certificate hashes is bound to. */
  findByCertificate(channelId: string, valueHashes: readonly string[], throttleKey: string): Promise<FoundAccount>;
  findByTicket(
    channelId: string,
    ticketHash: string,
    throttleKey: string,
  ): Promise<FoundAccount & { readonly ticket: LoginTicket | undefined }>;
  /** Notes that a ticket is in use; its idle time begins again. */
  touchTicket(ticketId: string): Promise<void>;
}

export interface FoundAccount {
  readonly account: ServiceAccount | undefined;
  /** False for an account of a tenant that is not there: registered and not approved yet, or deleted. */
  readonly admitted: boolean;
  readonly blockedUntil: Instant | null;
}
