import { Field, Int } from 'type-graphql';
import { type CompletionStatus, completionStatuses } from '../../../../core/usage/index.js';
import { connectionOf } from '../../relay/connection.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { NodeType, ViewType } from '../../relay/view-type.js';
import { DateTime, Int64 } from '../../scalars.js';
import { TextField } from '../fields.js';
import { enumOf } from '../lifecycle.js';
import { PropertyType } from '../properties.js';

export const CompletionStatuses = enumOf<CompletionStatus>(
  'CompletionStatus',
  completionStatuses,
  'What became of the use of a service.',
);

@NodeType('UsageRecord', 'One charging data record: a fact that never changes and outlives the accounts it names.')
export class UsageRecordType {
  id!: string;

  @TextField('The channel’s own id of the provider, as it came.')
  providerExternalId!: string;

  @TextField('The channel’s own id of the application, as it came; empty when none was named.')
  applicationExternalId!: string;

  @Field(() => Int64, { description: 'Unique for the channel and its id of the provider.' })
  transactionId!: bigint;

  @TextField('The service that was used.')
  serviceName!: string;

  @Field(() => DateTime, { description: 'When it was used.' })
  occurredAt!: string;

  @Field(() => DateTime, { description: 'When the hub took the record in.' })
  recordedAt!: string;

  @TextField('Who began it; empty when not given.')
  originAddress!: string;

  @TextField('Whom it was for; empty when not given.')
  destinationAddress!: string;

  @Field(() => CompletionStatuses, { description: 'What became of it.' })
  completionStatus!: CompletionStatus;

  @TextField('What the service adds; empty when it adds nothing.')
  info!: string;

  @Field(() => [PropertyType], { description: 'What the application adds, in its order.' })
  properties!: readonly PropertyType[];
}
registerNodeType('usageRecord', 'UsageRecord');

@NodeType('UsageStatistic', 'How many records of one type came from one application in one interval of five minutes.')
export class UsageStatisticType {
  id!: string;

  @TextField('The channel’s own id of the provider.')
  providerExternalId!: string;

  @TextField('The channel’s own id of the application; empty when none was named.')
  applicationExternalId!: string;

  @Field(() => DateTime, { description: 'When the interval begins.' })
  startsAt!: string;

  @Field(() => DateTime, { description: 'When the next one begins.' })
  endsAt!: string;

  @Field(() => Int, { description: 'Records that occurred in it, whatever became of them; late ones are added.' })
  transactions!: number;
}
registerNodeType('usageStatistic', 'UsageStatistic');

@ViewType('StatisticType', 'What records are counted as.')
export class StatisticTypeType {
  @Field(() => Int, { description: 'Its number, which never changes.' })
  id!: number;

  @TextField('Its name.')
  name!: string;

  @TextField('For people.')
  description!: string;
}

export const UsageRecordConnection = connectionOf('UsageRecord', () => UsageRecordType);
export const UsageRecordListArgs = readerListArgs('UsageRecord', 'usageRecords', {
  completionStatus: { enum: 'CompletionStatus', values: CompletionStatuses },
});
export const UsageStatisticConnection = connectionOf('UsageStatistic', () => UsageStatisticType);
export const UsageStatisticListArgs = readerListArgs('UsageStatistic', 'usageStatistics');
