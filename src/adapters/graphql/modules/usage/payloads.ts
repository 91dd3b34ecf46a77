import { Int, ObjectType } from 'type-graphql';
import { Int64 } from '../../scalars.js';
import { Required } from '../input-fields.js';

@ObjectType('UsageTransaction', { description: 'One record of the input.', simpleResolvers: true })
export class UsageTransaction {
  @Required(() => Int, 'Its place in the input, from 0.')
  index!: number;

  @Required(() => String, 'The channel’s own id of the provider.')
  providerExternalId!: string;

  @Required(() => Int64, 'The transaction.')
  transactionId!: string;
}

@ObjectType('IngestUsageRecordsPayload', { simpleResolvers: true })
export class IngestUsageRecordsPayload {
  @Required(() => Int, 'Records that were new and are there now.')
  accepted!: number;

  @Required(() => [UsageTransaction], 'Sent before with the same content: nothing was done.')
  duplicates!: UsageTransaction[];

  @Required(() => [UsageTransaction], 'Sent before with other content: what was there first stays.')
  conflicts!: UsageTransaction[];

  @Required(() => [UsageTransaction], 'Of the accepted, those whose provider or application is not known here.')
  unattributed!: UsageTransaction[];
}
