import type { Chain, ChainQuestion } from './access/index.js';
import type { Alarm, AlarmHistory } from './alarms/index.js';
import type { Charge, LicenseUsage, ScheduledCommand, Subscription } from './billing/index.js';
import type { Application, LicenseType, Plan } from './catalog/index.js';
import type { HierarchyReader } from './hierarchy-reader.js';
import type { Client, IdentityProvider, Membership, Session, User, UserEmail } from './identity/index.js';
import type { JournalEntryView, JournalFeed } from './journal/index.js';
import type { License, LicensePool, PoolTree, PoolUse } from './licensing/index.js';
import type {
  AccountCertificate,
  AccountLogin,
  Channel,
  ChannelRecord,
  ChannelTask,
  ExternalRef,
  ServiceAccount,
  Webhook,
} from './marketplace/index.js';
import type { Approval, Instance } from './provisioning/index.js';
import type { ServiceLevelAgreement, ServiceLevelGroup } from './servicelevels/index.js';
import type { Role } from './shared/actor.js';
import type { Instant } from './shared/clock.js';
import type { Lifecycle } from './shared/lifecycle.js';
import type { Reader } from './shared/reading.js';
import type { SignInNameReader } from './sign-in-name-reader.js';
import type { Tenant } from './tenancy/index.js';
import type { UsageReader, UsageRecord, UsageStatistic } from './usage/index.js';

export type UserView = Omit<User, 'passwordHash' | 'credentialVersion'> & { readonly hasPassword: boolean };
/** Without what may hold secrets. */
export type ChannelView = Omit<Channel, 'settings' | 'discovered'>;
export type ChannelTaskView = Omit<ChannelTask, 'data' | 'leaseOwner' | 'leasedUntil'>;
export type ServiceAccountView = Omit<ServiceAccount, 'passwordHash' | 'soapSecret' | 'liveKey'> & {
  readonly allowsDigest: boolean;
  /** Its tenant is no more; the name may belong to another account since. */
  readonly ended: boolean;
};
export type ChargeView = Omit<Charge, 'leaseOwner' | 'leasedUntil'>;
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

/** An instance as the channel that manages it sees it. */
export interface ManagedInstance {
  readonly id: string;
  /** The channel's own id. */
  readonly externalId: string;
  readonly tenantId: string;
  /** The channel's own id of the tenant; '' when it has none. */
  readonly tenantExternalId: string;
  readonly tenantName: string;
  readonly applicationId: string;
  readonly applicationKey: string;
  readonly createdAt: Instant;
  readonly terminatedAt: Instant | null;
  /** Everything from the application's owner down to the subscription lets it be used (design 10.8, the part before the person). */
  readonly live: boolean;
  readonly parameters: Readonly<Record<string, string>>;
  /** Bought quantities of its own pools, in the order the license types were declared. */
  readonly quantities: readonly { readonly code: string; readonly quantity: number }[];
}

/** What of it matters to its members. */
export type ManagedPlace = Pick<ManagedInstance, 'id' | 'tenantExternalId' | 'terminatedAt' | 'live'>;

/** A member of such an instance; an ended membership only when no live one followed it. */
export interface ManagedMember {
  readonly userId: string;
  readonly membershipId: string;
  readonly externalId: string;
  readonly loginName: string;
  readonly email: string;
  readonly givenName: string;
  readonly familyName: string;
  readonly locale: string;
  readonly roles: readonly Role[];
  readonly terminatedAt: Instant | null;
  /** Neither the membership nor the person is on hold or ended. */
  readonly live: boolean;
  /** Codes of the license types held for this instance, in the order they were declared. */
  readonly licenseTypes: readonly string[];
}

export interface Slice {
  readonly offset: number;
  readonly limit: number;
}

/**
 * What a channel manages, under its own ids, in a constant number of statements: for protocols whose callers are the channel
 * itself and page by offset.
 */
export interface ManagedReader {
  instance(channelId: string, externalId: string): Promise<ManagedInstance | null>;
  /** Live ones in the order they were made; of one tenant when its external id is given. */
  instances(
    channelId: string,
    slice: Slice & { readonly tenantExternalId?: string },
  ): Promise<{ readonly total: number; readonly nodes: readonly ManagedInstance[] }>;
  /** What of an instance matters to its members; one statement. */
  place(channelId: string, instanceExternalId: string): Promise<ManagedPlace | null>;
  /** A member with the instance, both by the channel's ids; null when there is no such instance. One statement. */
  member(
    channelId: string,
    instanceExternalId: string,
    externalId: string,
  ): Promise<{ readonly instance: ManagedPlace; readonly member: ManagedMember | null } | null>;
  /** Live ones in the order they were added. */
  members(
    channelId: string,
    instanceId: string,
    slice: Slice,
  ): Promise<{ readonly total: number; readonly nodes: readonly ManagedMember[] }>;
}

/** Something registered on a channel, under the channel's own ids. */
export interface Registered {
  readonly providerId: string;
  readonly lifecycle: Lifecycle;
}
export type RegisteredApplication = Registered & { readonly applicationId: string };
export type RegisteredInstance = RegisteredApplication & { readonly instanceId: string };

/**
 * What providers registered on a channel, by the channel's own ids from the provider down; every question is one statement. What
 * is deleted is not there. Not cut to a reach: the channel asks, and a provider only with its own id.
 */
export interface Registry {
  provider(channelId: string, providerId: string): Promise<Tenant | null>;
  application(channelId: string, providerId: string, applicationId: string): Promise<Application | null>;
  instance(channelId: string, providerId: string, applicationId: string, instanceId: string): Promise<Instance | null>;
  /**
   * The lifecycle of what the ids name from the provider down (one id: the provider itself), and whose it is: the question that
   * is asked most, and the leanest.
   */
  state(
    channelId: string,
    ids: readonly [provider: string, application?: string, instance?: string],
  ): Promise<{ readonly tenantId: string; readonly lifecycle: Lifecycle } | null>;
  /** The channel's id of a tenant. */
  providerIdOf(channelId: string, tenantId: string): Promise<string | null>;
  /** In the order of the ids. */
  providers(channelId: string): Promise<readonly Registered[]>;
  applications(
    channelId: string,
    within: { readonly providerId?: string | undefined },
  ): Promise<readonly RegisteredApplication[]>;
  instances(
    channelId: string,
    within: { readonly providerId?: string | undefined; readonly applicationId?: string | undefined },
  ): Promise<readonly RegisteredInstance[]>;
}

/** What frontends and screens read. Every method cuts to the actor's reach. */
export interface Readers {
  readonly tenants: Reader<Tenant>;
  readonly users: Reader<UserView>;
  /** People by the tenants they are members of now, each once per tenant: for `pagesByParent` and `countsByParent` by `tenantId`. */
  readonly tenantUsers: Reader<UserView & { readonly tenantId: string }>;
  readonly userEmails: Reader<UserEmail>;
  readonly memberships: Reader<Membership>;
  readonly applications: Reader<Application>;
  readonly licenseTypes: Reader<LicenseType>;
  readonly plans: Reader<Plan>;
  readonly instances: Reader<Instance>;
  readonly approvals: Reader<Approval>;
  readonly licensePools: Reader<LicensePool>;
  readonly poolTree: PoolTree;
  /** In the order of the ids. Not cut to a reach: whoever asks has seen the pools. */
  readonly poolUse: { of(poolIds: readonly string[]): Promise<PoolUse[]> };
  readonly licenses: Reader<License>;
  readonly subscriptions: Reader<Subscription>;
  readonly charges: Reader<ChargeView>;
  readonly scheduledCommands: Reader<ScheduledCommand>;
  readonly channels: Reader<ChannelView>;
  readonly serviceAccounts: Reader<ServiceAccountView>;
  /** Lines of the login histories of accounts. */
  readonly accountLogins: Reader<AccountLogin>;
  /** Those that are bound. */
  readonly accountCertificates: Reader<AccountCertificate>;
  /** Which of some instances have a password for traffic. Not cut to a reach: whoever asks has seen the instances. */
  readonly trafficPasswords: { heldBy(instanceIds: readonly string[]): Promise<ReadonlySet<string>> };
  readonly externalRefs: Reader<ExternalRef>;
  readonly channelRecords: Reader<ChannelRecord>;
  readonly channelTasks: Reader<ChannelTaskView>;
  readonly webhooks: Reader<WebhookView>;
  readonly serviceLevelGroups: Reader<ServiceLevelGroup>;
  readonly serviceLevelAgreements: Reader<ServiceLevelAgreement>;
  readonly sessions: Reader<SessionView>;
  readonly clients: Reader<ClientView>;
  readonly identityProviders: Reader<IdentityProviderView>;
  readonly deliveries: Reader<DeliveryView>;
  readonly requestRecords: Reader<RequestRecordView>;
  readonly alarms: Reader<Alarm>;
  readonly alarmHistory: AlarmHistory;
  readonly journal: Reader<JournalEntryView> & JournalFeed;
  /** Facts about who may use what; for adapters that already know the person. */
  readonly chains: { load(question: ChainQuestion): Promise<Chain[]> };
  /** Every chain of a person, for entitlement claims. */
  readonly chainsOfUser: { load(userId: string): Promise<Chain[]> };
  readonly managed: ManagedReader;
  readonly usageRecords: Reader<UsageRecord>;
  readonly usageStatistics: Reader<UsageStatistic>;
  /** The same by position. */
  readonly usage: UsageReader;
  readonly registry: Registry;
  readonly hierarchy: HierarchyReader;
  readonly signInNames: SignInNameReader;
  readonly licenseUsage: {
    of(instanceId: string, at: Instant): Promise<LicenseUsage[]>;
    /** In the order of the ids; as many statements for many instances as for one. */
    ofMany(instanceIds: readonly string[], at: Instant): Promise<LicenseUsage[][]>;
  };
}
