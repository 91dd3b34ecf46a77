import { ID, InputType } from 'type-graphql';
import { DateTime, MinorUnits } from '../../scalars.js';
import { ChangeInput, CommandInput } from '../command.js';
import { Optional, Required } from '../input-fields.js';

@InputType('AddChargeInput', {
  description: 'Exactly one of `subscriptionId`, `instanceId` and `tenantId` says what it is for.',
})
export class AddChargeInput extends CommandInput {
  @Optional(() => ID, 'The subscription it belongs to.')
  subscriptionId?: string | null;

  @Optional(() => ID, 'The instance it is for; it belongs to the subscription of that instance.')
  instanceId?: string | null;

  @Optional(() => ID, 'Who pays, for no instance in particular.')
  tenantId?: string | null;

  @Required(() => MinorUnits, 'Of one unit; above 0.')
  amount!: string;

  @Optional(() => String, 'ISO 4217; the subscription’s when absent.')
  currency?: string | null;

  @Optional(() => String, 'How many units, as a decimal with up to two places; `"1"` when absent.')
  units?: string | null;

  @Required(() => String, 'What the bill says; at most 200 characters.')
  description!: string;

  @Optional(() => DateTime, 'When the time it is for begins; with `periodEndsAt` or not at all.')
  periodStartsAt?: string | null;

  @Optional(() => DateTime, 'The first moment after the time it is for.')
  periodEndsAt?: string | null;

  @Optional(() => Boolean, 'A cost passed through: the marketplace takes no commission.')
  thirdParty?: boolean | null;
}

@InputType('SettleChargeInput')
export class SettleChargeInput extends ChangeInput {
  @Required(() => String, 'The id of the bill elsewhere.')
  externalId!: string;
}

@InputType('ChangeSubscriptionTrialInput')
export class ChangeSubscriptionTrialInput extends ChangeInput {
  @Optional(() => DateTime, 'When the trial ends; `null`: no trial. It must be given.')
  trialEndsAt?: string | null;
}
