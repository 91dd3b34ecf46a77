import type { ClassType } from 'type-graphql';
import type { Readers } from '../../../core/readers.js';
import type { Reader } from '../../../core/shared/reading.js';
import type { ListArgs } from '../relay/list-args.js';
import * as alarms from './alarms/types.js';
import * as charging from './billing/charge-types.js';
import * as billing from './billing/types.js';
import * as catalog from './catalog/types.js';
import * as identity from './identity/types.js';
import * as journal from './journal/types.js';
import * as licensing from './licensing/types.js';
import * as marketplace from './marketplace/types.js';
import * as operations from './operations/types.js';
import * as provisioning from './provisioning/types.js';
import * as servicelevels from './servicelevels/types.js';
import * as tenancy from './tenancy/types.js';
import * as usage from './usage/types.js';

/** One kind of object as the schema shows it: its type, its lists, and where it is read. */
export interface Listed<View> {
  readonly type: ClassType;
  readonly connection: ClassType;
  readonly args: ClassType<ListArgs>;
  readonly reader: (readers: Readers) => Reader<View>;
}

type ViewOf<Name extends keyof Readers> = Readers[Name] extends Reader<infer View> ? View : never;

function listed<Name extends keyof Readers>(
  name: Name,
  type: ClassType,
  connection: ClassType,
  args: ClassType<ListArgs>,
): Listed<ViewOf<Name>> {
  return { type, connection, args, reader: (readers) => readers[name] as unknown as Reader<ViewOf<Name>> };
}

export const lists = {
  tenants: listed('tenants', tenancy.TenantType, tenancy.TenantConnection, tenancy.TenantListArgs),
  users: listed('users', identity.UserType, identity.UserConnection, identity.UserListArgs),
  tenantUsers: listed('tenantUsers', identity.UserType, identity.UserConnection, identity.UserListArgs),
  userEmails: listed('userEmails', identity.UserEmailType, identity.UserEmailConnection, identity.UserEmailListArgs),
  memberships: listed(
    'memberships',
    identity.MembershipType,
    identity.MembershipConnection,
    identity.MembershipListArgs,
  ),
  sessions: listed('sessions', identity.SessionType, identity.SessionConnection, identity.SessionListArgs),
  clients: listed('clients', identity.ClientType, identity.ClientConnection, identity.ClientListArgs),
  identityProviders: listed(
    'identityProviders',
    identity.IdentityProviderType,
    identity.IdentityProviderConnection,
    identity.IdentityProviderListArgs,
  ),
  applications: listed(
    'applications',
    catalog.ApplicationType,
    catalog.ApplicationConnection,
    catalog.ApplicationListArgs,
  ),
  plans: listed('plans', catalog.PlanType, catalog.PlanConnection, catalog.PlanListArgs),
  licenseTypes: listed(
    'licenseTypes',
    catalog.LicenseTypeType,
    catalog.LicenseTypeConnection,
    catalog.LicenseTypeListArgs,
  ),
  instances: listed(
    'instances',
    provisioning.InstanceType,
    provisioning.InstanceConnection,
    provisioning.InstanceListArgs,
  ),
  approvals: listed(
    'approvals',
    provisioning.ApprovalType,
    provisioning.ApprovalConnection,
    provisioning.ApprovalListArgs,
  ),
  licensePools: listed(
    'licensePools',
    licensing.LicensePoolType,
    licensing.LicensePoolConnection,
    licensing.LicensePoolListArgs,
  ),
  licenses: listed('licenses', licensing.HeldLicenseType, licensing.LicenseConnection, licensing.LicenseListArgs),
  subscriptions: listed(
    'subscriptions',
    billing.SubscriptionType,
    billing.SubscriptionConnection,
    billing.SubscriptionListArgs,
  ),
  charges: listed('charges', charging.ChargeType, charging.ChargeConnection, charging.ChargeListArgs),
  scheduledCommands: listed(
    'scheduledCommands',
    billing.ScheduledCommandType,
    billing.ScheduledCommandConnection,
    billing.ScheduledCommandListArgs,
  ),
  channels: listed('channels', marketplace.ChannelType, marketplace.ChannelConnection, marketplace.ChannelListArgs),
  serviceAccounts: listed(
    'serviceAccounts',
    marketplace.ServiceAccountType,
    marketplace.ServiceAccountConnection,
    marketplace.ServiceAccountListArgs,
  ),
  accountCertificates: listed(
    'accountCertificates',
    marketplace.AccountCertificateType,
    marketplace.AccountCertificateConnection,
    marketplace.AccountCertificateListArgs,
  ),
  externalRefs: listed(
    'externalRefs',
    marketplace.ExternalRefType,
    marketplace.ExternalRefConnection,
    marketplace.ExternalRefListArgs,
  ),
  channelRecords: listed(
    'channelRecords',
    marketplace.ChannelRecordType,
    marketplace.ChannelRecordConnection,
    marketplace.ChannelRecordListArgs,
  ),
  webhooks: listed('webhooks', marketplace.WebhookType, marketplace.WebhookConnection, marketplace.WebhookListArgs),
  serviceLevelGroups: listed(
    'serviceLevelGroups',
    servicelevels.ServiceLevelGroupType,
    servicelevels.ServiceLevelGroupConnection,
    servicelevels.ServiceLevelGroupListArgs,
  ),
  serviceLevelAgreements: listed(
    'serviceLevelAgreements',
    servicelevels.ServiceLevelAgreementType,
    servicelevels.ServiceLevelAgreementConnection,
    servicelevels.ServiceLevelAgreementListArgs,
  ),
  deliveries: listed('deliveries', operations.DeliveryType, operations.DeliveryConnection, operations.DeliveryListArgs),
  channelTasks: listed(
    'channelTasks',
    operations.ChannelTaskType,
    operations.ChannelTaskConnection,
    operations.ChannelTaskListArgs,
  ),
  requestRecords: listed(
    'requestRecords',
    operations.RequestRecordType,
    operations.RequestRecordConnection,
    operations.RequestRecordListArgs,
  ),
  usageRecords: listed('usageRecords', usage.UsageRecordType, usage.UsageRecordConnection, usage.UsageRecordListArgs),
  usageStatistics: listed(
    'usageStatistics',
    usage.UsageStatisticType,
    usage.UsageStatisticConnection,
    usage.UsageStatisticListArgs,
  ),
  alarms: listed('alarms', alarms.AlarmView, alarms.AlarmConnection, alarms.AlarmListArgs),
  journal: listed('journal', journal.JournalEntryType, journal.JournalEntryConnection, journal.JournalEntryListArgs),
};
