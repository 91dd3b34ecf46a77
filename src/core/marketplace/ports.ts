import type { Instant } from '../shared/clock.js';
import type { Repository } from '../shared/repository.js';
import type {
  AccountCertificate,
  AccountLogin,
  Channel,
  ChannelRecord,
  ChannelTask,
  ExternalRef,
  LoginTicket,
  ServiceAccount,
  Webhook,
} from './model.js';

export interface MarketplaceRepositories {
  readonly channels: Repository<Channel>;
  readonly serviceAccounts: Repository<ServiceAccount>;
  readonly accountCertificates: Repository<AccountCertificate>;
  readonly accountLogins: AccountLogins;
  readonly loginTickets: Repository<LoginTicket>;
  readonly externalRefs: Repository<ExternalRef>;
  readonly channelRecords: Repository<ChannelRecord>;
  readonly webhooks: Repository<Webhook>;
  readonly channelTasks: ChannelTasks;
}

/** The queue of a protocol's own later work. Not journaled: what the work changes is. */
export interface ChannelTasks {
  /** Due at once when `dueAt` is absent. */
  add(
    task: Pick<ChannelTask, 'channelId' | 'kind' | 'subjectId' | 'data'> & { readonly dueAt?: Instant },
  ): Promise<void>;
  /** Takes a task out in the unit that did what it asked for, so that both are kept or neither. */
  finish(id: string): Promise<void>;
}

/** The login history. Not journaled: what changes an account is journaled with the account. */
export interface AccountLogins {
  /** Adds now to the line it belongs to. `serviceAccountId` '' = nobody's: kept apart and shown to nobody. */
  add(login: Pick<AccountLogin, 'serviceAccountId' | 'outcome' | 'address'> & { readonly by?: string }): Promise<void>;
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
