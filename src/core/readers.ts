import type { Chain, ChainQuestion } from './access/index.js';
import type { LicenseUsage, ScheduledCommand, Subscription } from './billing/index.js';
import type { Application, LicenseType, Plan } from './catalog/index.js';
import type { Client, IdentityProvider, Membership, Session, User, UserEmail } from './identity/index.js';
import type { JournalEntryView, JournalFeed } from './journal/index.js';
import type { License, LicensePool } from './licensing/index.js';
import type { Channel, ChannelRecord, ExternalRef, ServiceAccount, Webhook } from './marketplace/index.js';
import type { Approval, Instance } from './provisioning/index.js';
import type { Instant } from './shared/clock.js';
import type { Reader } from './shared/reading.js';
import type { Tenant } from './tenancy/index.js';

export type UserView = Omit<User, 'passwordHash' | 'credentialVersion'> & { readonly hasPassword: boolean };
export type ChannelView = Omit<Channel, 'settings'>;
export type ServiceAccountView = Omit<ServiceAccount, 'passwordHash' | 'soapSecret'> & {
  readonly allowsDigest: boolean;
};
export type WebhookView = Omit<Webhook, 'secret'>;
export type SessionView = Omit<Session, 'cookieHash' | 'handleHash'>;
export type ClientView = Omit<Client, 'secretHash'> & { readonly confidential: boolean };
export type IdentityProviderView = Omit<IdentityProvider, 'clientSecret'>;

/** One event on its way to one subscriber. */
export interface DeliveryView {
  readonly id: string;
  readonly subscriber: string;
  readonly eventId: string;
  readonly eventType: string;
  readonly aggregateId: string;
  readonly tenantId: string;
  readonly attempts: number;
  readonly nextAttemptAt: Instant | null;
  readonly deliveredAt: Instant | null;
  readonly parkedAt: Instant | null;
  readonly lastError: string;
}

/** One call in or out, secrets masked; kept 7 days. */
export interface RequestRecordView {
  readonly id: string;
  readonly at: Instant;
  readonly direction: 'in' | 'out';
  readonly protocol: string;
  readonly channelId: string;
  readonly operation: string;
  readonly requestId: string;
  readonly status: number;
  readonly durationMs: number;
  readonly request: string;
  readonly response: string;
}

/** What frontends and screens read. Every method cuts to the actor's reach. */
export interface Readers {
  readonly tenants: Reader<Tenant>;
  readonly users: Reader<UserView>;
  readonly userEmails: Reader<UserEmail>;
  readonly memberships: Reader<Membership>;
  readonly applications: Reader<Application>;
  readonly licenseTypes: Reader<LicenseType>;
  readonly plans: Reader<Plan>;
  readonly instances: Reader<Instance>;
  readonly approvals: Reader<Approval>;
  readonly licensePools: Reader<LicensePool>;
  readonly licenses: Reader<License>;
  readonly subscriptions: Reader<Subscription>;
  readonly scheduledCommands: Reader<ScheduledCommand>;
  readonly channels: Reader<ChannelView>;
  readonly serviceAccounts: Reader<ServiceAccountView>;
  readonly externalRefs: Reader<ExternalRef>;
  readonly channelRecords: Reader<ChannelRecord>;
  readonly webhooks: Reader<WebhookView>;
  readonly sessions: Reader<SessionView>;
  readonly clients: Reader<ClientView>;
  readonly identityProviders: Reader<IdentityProviderView>;
  readonly deliveries: Reader<DeliveryView>;
  readonly requestRecords: Reader<RequestRecordView>;
  readonly journal: Reader<JournalEntryView> & JournalFeed;
  /** Facts about who may use what; for adapters that already know the person. */
  readonly chains: { load(question: ChainQuestion): Promise<Chain[]> };
  /** Every chain of a person, for entitlement claims. */
  readonly chainsOfUser: { load(userId: string): Promise<Chain[]> };
  readonly licenseUsage: { of(instanceId: string, at: Instant): Promise<LicenseUsage[]> };
}
