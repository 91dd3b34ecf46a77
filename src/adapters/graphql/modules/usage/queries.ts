import { Arg, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import {
  findStatisticType,
  type StatisticType,
  statisticTypes,
  type UsageRecord,
  type UsageStatistic,
} from '../../../../core/usage/index.js';
import { Int64 } from '../../scalars.js';
import type { MercatorContext } from '../../services.js';
import { lists } from '../lists.js';
import { relationsOf, rootsOf } from '../reading.js';
import { StatisticTypeType, UsageRecordType, UsageStatisticType } from './types.js';

@Resolver(() => UsageRecordType)
class UsageRecordFields {
  @Query(() => UsageRecordType, {
    nullable: true,
    description: 'The record of a transaction; null when there is none you may see.',
  })
  usageRecordByTransaction(
    @Arg('channelId', () => ID, { description: 'The channel it came through.' }) channelId: string,
    @Arg('providerExternalId', () => String, { description: 'The channel’s own id of the provider.' })
    providerExternalId: string,
    @Arg('transactionId', () => Int64, { description: 'The channel’s number of the transaction.' })
    transactionId: string,
    @Ctx() { actor, services }: MercatorContext,
  ): Promise<UsageRecord | null> {
    return services.readers.usage.byTransaction(actor, channelId, providerExternalId, BigInt(transactionId));
  }

  @Query(() => [StatisticTypeType], { description: 'Everything records can be counted as.' })
  statisticTypes(): readonly StatisticType[] {
    return statisticTypes;
  }

  @FieldResolver(() => StatisticTypeType, { description: 'What it is counted as.' })
  statisticType(@Root() record: UsageRecord): StatisticType | undefined {
    return findStatisticType(record.statisticType);
  }
}

@Resolver(() => UsageStatisticType)
class UsageStatisticFields {
  @FieldResolver(() => StatisticTypeType, { description: 'What was counted.' })
  statisticType(@Root() statistic: UsageStatistic): StatisticType | undefined {
    return findStatisticType(statistic.statisticType);
  }
}

const owners = <View extends Pick<UsageRecord, 'channelId' | 'tenantId' | 'applicationId'>>() =>
  ({
    channel: [lists.channels, (view: View) => view.channelId, 'The channel it came through.'],
    tenant: [lists.tenants, (view: View) => view.tenantId, 'Whose it is; null when nobody had the id then.'],
    application: [lists.applications, (view: View) => view.applicationId, 'What used it; null when it is not known.'],
  }) as const;

export const usageQueries = [
  rootsOf('usageRecord', 'usageRecords', lists.usageRecords, 'Charging data records'),
  rootsOf('usageStatistic', 'usageStatistics', lists.usageStatistics, 'Counts of records per interval'),
  UsageRecordFields,
  UsageStatisticFields,
  relationsOf<UsageRecord>(UsageRecordType, { one: owners<UsageRecord>() }),
  relationsOf<UsageStatistic>(UsageStatisticType, { one: owners<UsageStatistic>() }),
];
