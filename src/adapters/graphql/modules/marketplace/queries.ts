import { Arg, Ctx, FieldResolver, Query, Resolver, Root } from 'type-graphql';
import type { AccountCertificate, ChannelRecord, ExternalRef } from '../../../../core/marketplace/index.js';
import type { ChannelView, ServiceAccountView, WebhookView } from '../../../../core/readers.js';
import type { ChannelConnection } from '../../../marketplace.js';
import { JsonText } from '../../scalars.js';
import type { MercatorContext } from '../../services.js';
import { lists } from '../lists.js';
import { relationsOf, rootsOf } from '../reading.js';
import { LoginHistoryFields } from './login-history.js';
import {
  AccountCertificateType,
  ChannelConnectionType,
  ChannelRecordType,
  ChannelType,
  ExternalRefType,
  ServiceAccountType,
  WebhookType,
} from './types.js';

@Resolver(() => ChannelType)
class ChannelFields {
  @FieldResolver(() => ChannelConnectionType, {
    nullable: true,
    description: 'Where its marketplace is; null while nothing is known, and for protocols that only answer.',
  })
  connection(
    @Root() channel: ChannelView,
    @Ctx() { loaders, services }: MercatorContext,
  ): Promise<ChannelConnection | null> {
    return loaders.custom(services.describeChannels, services.describeChannels, channel.id);
  }

  @Query(() => ChannelType, {
    nullable: true,
    description: 'A channel by its natural name; null when there is none you may see.',
  })
  async channelByName(
    @Arg('name', () => String, { description: 'Its natural name, as in its paths.' }) name: string,
    @Ctx() { actor, services }: MercatorContext,
  ): Promise<ChannelView | null> {
    const page = await services.readers.channels.page(actor, { first: 1, filter: { name: { eq: name } } });
    return page.nodes[0] ?? null;
  }
}

@Resolver(() => ExternalRefType)
class ExternalRefFields {
  @FieldResolver(() => Boolean, { description: 'False once the channel may use the id for something new.' })
  live(@Root() ref: ExternalRef): boolean {
    return ref.liveKey === '0';
  }
}

@Resolver(() => ChannelRecordType)
class ChannelRecordFields {
  @FieldResolver(() => JsonText, { description: 'What the protocol knows about it.' })
  data(@Root() record: ChannelRecord): string {
    return JSON.stringify(record.data);
  }
}

const ofChannel = 'The channel it belongs to.';

export const marketplaceQueries = [
  rootsOf('channel', 'channels', lists.channels, 'Connections to marketplaces'),
  rootsOf('serviceAccount', 'serviceAccounts', lists.serviceAccounts, 'Machine credentials of marketplaces'),
  rootsOf(
    'accountCertificate',
    'accountCertificates',
    lists.accountCertificates,
    'Certificates bound to accounts of marketplaces',
  ),
  rootsOf('externalRef', 'externalRefs', lists.externalRefs, 'Ids channels have for things of ours'),
  rootsOf('channelRecord', 'channelRecords', lists.channelRecords, 'What protocols have and the model has no word for'),
  rootsOf('webhook', 'webhooks', lists.webhooks, 'Addresses told about events'),
  ChannelFields,
  LoginHistoryFields,
  ExternalRefFields,
  ChannelRecordFields,
  relationsOf<ChannelView>(ChannelType, {
    many: {
      serviceAccounts: [lists.serviceAccounts, 'channelId', 'Credentials the marketplace calls with.'],
      tenants: [lists.tenants, 'channelId', 'The tenants it manages.'],
      applications: [lists.applications, 'channelId', 'The applications it manages.'],
      approvals: [lists.approvals, 'channelId', 'Changes of what it manages that wait or waited for an operator.'],
      instances: [lists.instances, 'channelId', 'The instances it manages.'],
      subscriptions: [lists.subscriptions, 'channelId', 'What it sold.'],
      charges: [lists.charges, 'channelId', 'What its marketplace was and is to bill.'],
      externalRefs: [lists.externalRefs, 'channelId', 'Its ids for things of ours.'],
      channelTasks: [lists.channelTasks, 'channelId', 'Work for it that is not done yet.'],
      channelRecords: [lists.channelRecords, 'channelId', 'What it has and the model has no word for.'],
      alarms: [lists.alarms, 'channelId', 'What operators should see of it.'],
      requestRecords: [lists.requestRecords, 'channelId', 'Calls of the last 7 days.'],
      journal: [lists.journal, 'channelId', 'What happened through it.'],
    },
  }),
  relationsOf<ServiceAccountView>(ServiceAccountType, {
    one: {
      channel: [lists.channels, (account) => account.channelId, ofChannel],
      tenant: [lists.tenants, (account) => account.tenantId, 'The tenant it acts as; null when it is the operator’s.'],
    },
    many: {
      certificates: [lists.accountCertificates, 'serviceAccountId', 'Certificates whose signatures speak for it.'],
      alarms: [lists.alarms, 'objectId', 'What operators should see of it.'],
      journal: [lists.journal, 'objectId', 'What happened to it.'],
    },
  }),
  relationsOf<AccountCertificate>(AccountCertificateType, {
    one: {
      channel: [lists.channels, (certificate) => certificate.channelId, ofChannel],
      serviceAccount: [
        lists.serviceAccounts,
        (certificate) => certificate.serviceAccountId,
        'The account it speaks for.',
      ],
    },
    many: { journal: [lists.journal, 'objectId', 'What happened to it.'] },
  }),
  relationsOf<ExternalRef>(ExternalRefType, {
    one: { channel: [lists.channels, (ref) => ref.channelId, ofChannel] },
    node: {
      parent: [(ref) => ref.parentId, 'The object the id is unique in; null when it is unique in the channel.'],
      target: [(ref) => ref.targetId, 'What it names.'],
    },
  }),
  relationsOf<ChannelRecord>(ChannelRecordType, {
    one: {
      channel: [lists.channels, (record) => record.channelId, ofChannel],
      tenant: [lists.tenants, (record) => record.tenantId, 'Whose it is; null when it is the channel’s own.'],
    },
    many: {
      records: [lists.channelRecords, 'parentId', 'What is kept below it.'],
      journal: [lists.journal, 'objectId', 'What happened to it.'],
    },
    node: { parent: [(record) => record.parentId, 'The object it belongs to; null when it belongs to none.'] },
  }),
  relationsOf<WebhookView>(WebhookType, {
    one: { tenant: [lists.tenants, (webhook) => webhook.tenantId, 'Whose events it is told; null for everybody’s.'] },
    many: {
      alarms: [lists.alarms, 'objectId', 'What operators should see of it.'],
      journal: [lists.journal, 'objectId', 'What happened to it.'],
    },
  }),
];
