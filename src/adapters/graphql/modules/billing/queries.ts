import { Ctx, FieldResolver, Resolver, Root } from 'type-graphql';
import {
  currentPeriod,
  inTrial,
  type Period,
  type ScheduledCommand,
  type Subscription,
} from '../../../../core/billing/index.js';
import { JsonText } from '../../scalars.js';
import type { MercatorContext } from '../../services.js';
import { MoneyType } from '../catalog/types.js';
import { lists } from '../lists.js';
import { relationsOf, rootsOf } from '../reading.js';
import { chargeQueries } from './charge-queries.js';
import { PeriodType, ScheduledCommandType, SubscriptionType } from './types.js';

@Resolver(() => SubscriptionType)
class SubscriptionFields {
  @FieldResolver(() => MoneyType, {
    description:
      'As agreed, for one period, of the whole or of each seat (`seats`); later changes of the plan do not touch it.',
  })
  price(@Root() subscription: Subscription): MoneyType {
    return { amount: subscription.priceMinor, currency: subscription.currency };
  }

  @FieldResolver(() => PeriodType, { nullable: true, description: 'The period now; null once it has ended.' })
  currentPeriod(@Root() subscription: Subscription, @Ctx() { services }: MercatorContext): Period | null {
    return currentPeriod(subscription, services.clock.now());
  }

  @FieldResolver(() => Boolean, { description: 'Nothing is billed yet.' })
  inTrial(@Root() subscription: Subscription, @Ctx() { services }: MercatorContext): boolean {
    return inTrial(subscription, services.clock.now());
  }
}

@Resolver(() => ScheduledCommandType)
class ScheduledCommandFields {
  @FieldResolver(() => JsonText, { description: 'What it will be done with.' })
  input(@Root() command: ScheduledCommand): string {
    return JSON.stringify(command.input);
  }
}

export const billingQueries = [
  ...chargeQueries,
  rootsOf('subscription', 'subscriptions', lists.subscriptions, 'Commercial agreements'),
  rootsOf('scheduledCommand', 'scheduledCommands', lists.scheduledCommands, 'Changes agreed for later'),
  SubscriptionFields,
  ScheduledCommandFields,
  relationsOf<Subscription>(SubscriptionType, {
    one: {
      tenant: [lists.tenants, (subscription) => subscription.tenantId, 'Who agreed to it.'],
      application: [lists.applications, (subscription) => subscription.applicationId, 'What was sold.'],
      instance: [
        lists.instances,
        (subscription) => subscription.instanceId,
        'The instance it is for; null when it is for the application as such.',
      ],
      plan: [lists.plans, (subscription) => subscription.planId, 'The plan price and period were copied from.'],
      channel: [
        lists.channels,
        (subscription) => subscription.channelId,
        'The channel that sold it; null for the hub’s own.',
      ],
    },
    many: {
      charges: [lists.charges, 'subscriptionId', 'What was and is to be billed for it.'],
      scheduledCommands: [lists.scheduledCommands, 'objectId', 'Changes of it agreed for later.'],
      externalRefs: [lists.externalRefs, 'targetId', 'The ids channels have for it.'],
      journal: [lists.journal, 'objectId', 'What happened to it.'],
    },
  }),
  relationsOf<ScheduledCommand>(ScheduledCommandType, {
    one: {
      channel: [lists.channels, (command) => command.channelId, 'The channel it came through; null for the hub’s own.'],
    },
    node: { object: [(command) => command.objectId, 'What it will be done to.'] },
  }),
];
