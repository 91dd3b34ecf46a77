import { Int, ObjectType } from 'type-graphql';
import type { Subscription } from '../../../../core/billing/index.js';
import type { LicensePool } from '../../../../core/licensing/index.js';
import type { Approval, Instance } from '../../../../core/provisioning/index.js';
import { SubscriptionType } from '../billing/types.js';
import { Optional, Required } from '../input-fields.js';
import { LicensePoolType } from '../licensing/types.js';
import { ApprovalType, InstanceType } from './types.js';

@ObjectType('InstancePayload', { simpleResolvers: true })
export class InstancePayload {
  @Optional(() => InstanceType, 'The instance now; null when it is out of your sight.')
  instance!: Instance | null;
}

@ObjectType('ProvisionInstancePayload', { simpleResolvers: true })
export class ProvisionInstancePayload extends InstancePayload {
  @Optional(() => SubscriptionType, 'What was opened; null without a plan.')
  subscription!: Subscription | null;

  @Required(() => [LicensePoolType], 'What was bought with it.')
  licensePools!: readonly LicensePool[];
}

@ObjectType('ApprovalPayload', { simpleResolvers: true })
export class ApprovalPayload {
  @Optional(() => ApprovalType, 'The approval now; null when it is out of your sight.')
  approval!: Approval | null;
}

@ObjectType('EraseProfilesPayload', { simpleResolvers: true })
export class EraseProfilesPayload {
  @Required(() => Int, 'People whose data went.')
  erased!: number;
}
