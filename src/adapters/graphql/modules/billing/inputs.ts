import { ID, InputType, Int } from 'type-graphql';
import { DateTime } from '../../scalars.js';
import { ChangeInput, CommandInput } from '../command.js';
import { Optional, Required } from '../input-fields.js';
import { QuantityInput } from '../provisioning/inputs.js';

@InputType('OpenSubscriptionInput')
export class OpenSubscriptionInput extends CommandInput {
  @Required(() => ID, 'Who pays.')
  tenantId!: string;

  @Required(() => ID, 'Price and period.')
  planId!: string;

  @Optional(() => ID, 'For one instance; absent for the application as such.')
  instanceId?: string | null;

  @Optional(() => DateTime, 'Absent: the plan’s trial counts from now; `null`: no trial.')
  trialEndsAt?: string | null;
}

@InputType('ChangeSubscriptionPlanInput')
export class ChangeSubscriptionPlanInput extends ChangeInput {
  @Required(() => ID, 'Another plan of the same application.')
  planId!: string;
}

@InputType('EndSubscriptionInput')
export class EndSubscriptionInput extends ChangeInput {
  @Optional(() => DateTime, 'When; now when absent or past.')
  endsAt?: string | null;
}

@InputType('ChangePurchaseInput', { description: 'What is not named stays as it is.' })
export class ChangePurchaseInput extends CommandInput {
  @Required(() => ID, 'The instance whose purchase changes.')
  instanceId!: string;

  @Optional(() => ID, 'Another plan of the same application.')
  planId?: string | null;

  @Optional(() => [QuantityInput], 'How many seats of each kind, in all.')
  quantities?: QuantityInput[] | null;

  @Optional(() => DateTime, 'When it takes effect; now when absent or past. Whether quantities suffice is judged then.')
  effectiveAt?: string | null;

  @Optional(() => Int, 'The version of the instance you saw; refused with CONFLICT when it has changed since.')
  expectedVersion?: number | null;
}
