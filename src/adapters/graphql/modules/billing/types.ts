import { Field } from 'type-graphql';
import {
  type ScheduledCommand,
  type SubscriptionStatus,
  subscriptionStatuses,
} from '../../../../core/billing/index.js';
import type { Interval, SeatPricing } from '../../../../core/catalog/index.js';
import { connectionOf } from '../../relay/connection.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { EntityType, NodeType, ViewType } from '../../relay/view-type.js';
import { DateTime } from '../../scalars.js';
import { Intervals, SeatPricings } from '../catalog/types.js';
import { CreatedAtField, MomentField, TextField, VersionField } from '../fields.js';
import { enumOf } from '../lifecycle.js';

export const SubscriptionStatuses = enumOf<SubscriptionStatus>(
  'SubscriptionStatus',
  subscriptionStatuses,
  'Where a subscription stands.',
);
export const ScheduledCommandNames = enumOf<ScheduledCommand['command']>(
  'ScheduledCommandName',
  ['endSubscription', 'changePurchase'],
  'What will be done.',
);

@ViewType('Period', 'A stretch of time, in UTC.')
export class PeriodType {
  @Field(() => DateTime, { description: 'Its first moment.' })
  startsAt!: string;

  @Field(() => DateTime, { description: 'The first moment after it.' })
  endsAt!: string;
}

@EntityType('BillingSubscription', 'The commercial agreement for one instance, or for one application of a tenant.')
export class SubscriptionType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => SubscriptionStatuses, { description: 'Where it stands.' })
  status!: SubscriptionStatus;

  @Field(() => DateTime, { description: 'Its start; periods are counted from the day of it.' })
  startedAt!: string;

  @MomentField('Nothing is billed before; null without a trial.')
  trialEndsAt!: string | null;

  @MomentField('When it will end by itself; null when it runs on.')
  endsAt!: string | null;

  @MomentField('When it ended; null while it lasts.')
  endedAt!: string | null;

  @Field(() => Intervals, { description: 'The billing period agreed.' })
  interval!: Interval;

  @Field(() => SeatPricings, { description: 'What the price is for.' })
  seats!: SeatPricing;
}
registerNodeType('subscription', 'BillingSubscription');

@NodeType('ScheduledCommand', 'A change agreed now that takes effect later.')
export class ScheduledCommandType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => ScheduledCommandNames, { description: 'What will be done.' })
  command!: ScheduledCommand['command'];

  @TextField('The id of the request it came with.')
  requestId!: string;

  @TextField('Who asked, by id.')
  requestedBy!: string;

  @Field(() => DateTime, { description: 'When it takes effect.' })
  dueAt!: string;

  @MomentField('When it was done; null before.')
  doneAt!: string | null;

  @TextField('The reason code that made the last try fail; empty when none failed.')
  failure!: string;
}
registerNodeType('scheduledCommand', 'ScheduledCommand');

export const SubscriptionConnection = connectionOf('BillingSubscription', () => SubscriptionType);
export const SubscriptionListArgs = readerListArgs('BillingSubscription', 'subscriptions', {
  status: { enum: 'SubscriptionStatus', values: SubscriptionStatuses },
});
export const ScheduledCommandConnection = connectionOf('ScheduledCommand', () => ScheduledCommandType);
export const ScheduledCommandListArgs = readerListArgs('ScheduledCommand', 'scheduledCommands', {
  command: { enum: 'ScheduledCommandName', values: ScheduledCommandNames },
});
