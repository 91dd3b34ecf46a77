import { ID, InputType, Int } from 'type-graphql';
import type { CompletionStatus } from '../../../../core/usage/index.js';
import { DateTime, Int64 } from '../../scalars.js';
import { CommandInput } from '../command.js';
import { Optional, Required } from '../input-fields.js';
import { PropertyInput } from '../properties.js';
import { CompletionStatuses } from './types.js';

@InputType('UsageRecordInput', { description: 'One charging data record as a gateway writes it.' })
export class UsageRecordInput {
  @Required(() => Int64, 'Unique for the channel and its id of the provider.')
  transactionId!: string;

  @Required(() => String, 'The channel’s own id of the provider.')
  providerExternalId!: string;

  @Optional(() => String, 'The channel’s own id of the application.')
  applicationExternalId?: string | null;

  @Required(() => String, 'The service that was used.')
  serviceName!: string;

  @Required(() => DateTime, 'When it was used.')
  occurredAt!: string;

  @Optional(() => String, 'Who began it.')
  originAddress?: string | null;

  @Optional(() => String, 'Whom it was for.')
  destinationAddress?: string | null;

  @Required(() => CompletionStatuses, 'What became of it.')
  completionStatus!: CompletionStatus;

  @Optional(() => String, 'What the service adds.')
  info?: string | null;

  @Optional(() => [PropertyInput], 'What the application adds, in its order.')
  properties?: PropertyInput[] | null;

  @Optional(() => Int, 'What to count it as, by number; the service’s own type without it.')
  statisticType?: number | null;
}

@InputType('IngestUsageRecordsInput')
export class IngestUsageRecordsInput extends CommandInput {
  @Required(() => ID, 'The channel they come through.')
  channelId!: string;

  @Required(() => [UsageRecordInput], '1 to 1,000; in any order, late ones too.')
  records!: UsageRecordInput[];
}
