import { ObjectType } from 'type-graphql';
import type { ScheduledCommand, Subscription } from '../../../../core/billing/index.js';
import type { LicensePool } from '../../../../core/licensing/index.js';
import type { Instance } from '../../../../core/provisioning/index.js';
import type { ChargeView } from '../../../../core/readers.js';
import { Optional, Required } from '../input-fields.js';
import { LicensePoolType } from '../licensing/types.js';
import { InstanceType } from '../provisioning/types.js';
import { ChargeType } from './charge-types.js';
import { ScheduledCommandType, SubscriptionType } from './types.js';

@ObjectType('SubscriptionPayload', { simpleResolvers: true })
export class SubscriptionPayload {
  @Optional(() => SubscriptionType, 'The subscription now; null when it is out of your sight.')
  subscription!: Subscription | null;
}

@ObjectType('ChargePayload', { simpleResolvers: true })
export class ChargePayload {
  @Optional(() => ChargeType, 'The charge now; null when it is out of your sight.')
  charge!: ChargeView | null;
}

@ObjectType('ChangePurchasePayload', { simpleResolvers: true })
export class ChangePurchasePayload {
  @Optional(() => InstanceType, 'The instance; null when it is out of your sight.')
  instance!: Instance | null;

  @Required(() => [LicensePoolType], 'The pools changed; none yet when the change is for later.')
  licensePools!: readonly LicensePool[];

  @Optional(() => ScheduledCommandType, 'What was agreed for later; null when it was done now.')
  scheduledCommand!: ScheduledCommand | null;
}

@ObjectType('ScheduledCommandPayload', { simpleResolvers: true })
export class ScheduledCommandPayload {
  @Optional(() => ScheduledCommandType, 'The change agreed for later; null when it is out of your sight.')
  scheduledCommand!: ScheduledCommand | null;
}
