import { Field, Int } from 'type-graphql';
import type { RequestRecordView } from '../../../../core/readers.js';
import { connectionOf } from '../../relay/connection.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { NodeType } from '../../relay/view-type.js';
import { DateTime } from '../../scalars.js';
import { CreatedAtField, MomentField, TextField } from '../fields.js';
import { enumOf } from '../lifecycle.js';

type CallDirection = RequestRecordView['direction'];
export const CallDirections = enumOf<CallDirection>(
  'CallDirection',
  ['in', 'out'],
  'Whether we were called or called.',
);

@NodeType('Delivery', 'One event on its way to one subscriber.')
export class DeliveryType {
  id!: string;

  @TextField('Whom it is for.')
  subscriber!: string;

  @TextField('The event, by id.')
  eventId!: string;

  @TextField('What happened.')
  eventType!: string;

  @TextField('The object it happened to, by id.')
  aggregateId!: string;

  @Field(() => Int, { description: 'Tries so far.' })
  attempts!: number;

  @MomentField('When it is tried next; null when it is not.')
  nextAttemptAt!: string | null;

  @MomentField('When it arrived; null before.')
  deliveredAt!: string | null;

  @MomentField(
    'Since when it is no longer tried; it holds back what follows for this subscriber. Null when it is not parked.',
  )
  parkedAt!: string | null;

  @TextField('What went wrong at the last try; empty when nothing did.')
  lastError!: string;
}
registerNodeType('delivery', 'Delivery');

@NodeType('ChannelTask', 'Work a protocol does later, at least once. What it is done with is never shown.')
export class ChannelTaskType {
  id!: string;

  @CreatedAtField()
  createdAt!: string;

  @TextField('The protocol’s own word for what is to be done.')
  kind!: string;

  @Field(() => DateTime, { description: 'When it is tried next.' })
  dueAt!: string;

  @Field(() => Int, { description: 'Tries that failed.' })
  attempts!: number;

  @MomentField('Since when it is no longer tried; null when it is.')
  parkedAt!: string | null;

  @TextField('What went wrong at the last try; empty when nothing did.')
  lastError!: string;
}
registerNodeType('channelTask', 'ChannelTask');

@NodeType(
  'RequestRecord',
  'One call in or out, secrets masked; kept for 7 days, and some may be missing after a crash.',
)
export class RequestRecordType {
  id!: string;

  @Field(() => DateTime, { description: 'When it began.' })
  at!: string;

  @Field(() => CallDirections, { description: 'Whether we were called or called.' })
  direction!: CallDirection;

  @TextField('What was spoken.')
  protocol!: string;

  @TextField('What was asked for.')
  operation!: string;

  @TextField('The id of the request, as in the log and the journal.')
  requestId!: string;

  @Field(() => Int, { description: 'The HTTP status of the answer; 0 when there was none.' })
  status!: number;

  @Field(() => Int, { description: 'In milliseconds.' })
  durationMs!: number;

  @TextField('What was sent, secrets masked.')
  request!: string;

  @TextField('What was answered, secrets masked.')
  response!: string;
}
registerNodeType('request', 'RequestRecord');

export const DeliveryConnection = connectionOf('Delivery', () => DeliveryType);
export const DeliveryListArgs = readerListArgs('Delivery', 'deliveries');
export const ChannelTaskConnection = connectionOf('ChannelTask', () => ChannelTaskType);
export const ChannelTaskListArgs = readerListArgs('ChannelTask', 'channelTasks');
export const RequestRecordConnection = connectionOf('RequestRecord', () => RequestRecordType);
export const RequestRecordListArgs = readerListArgs('RequestRecord', 'requestRecords', {
  direction: { enum: 'CallDirection', values: CallDirections },
});
