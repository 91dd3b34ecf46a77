import { ID, InputType, Int } from 'type-graphql';
import { ChangeInput, CommandInput } from '../command.js';
import { Optional, Required } from '../input-fields.js';
import { PropertyInput } from '../properties.js';
import { ContactInput } from '../tenancy/inputs.js';

@InputType()
class RegistrationInput extends CommandInput {
  @Required(() => String, 'The channel’s own id of it, byte for byte.')
  externalId!: string;

  @Optional(() => String, 'Its name; the id when absent.')
  name?: string | null;

  @Optional(() => [PropertyInput], 'Name-value pairs.')
  properties?: PropertyInput[] | null;
}

@InputType('RegisterProviderInput', { description: 'Its `externalId` is also the name its account signs in with.' })
export class RegisterProviderInput extends RegistrationInput {
  @Required(() => ID, 'The channel it will call on: one where providers register.')
  channelId!: string;

  @Optional(() => ContactInput, 'Whom to talk to.')
  contact?: ContactInput | null;

  @Required(() => String, 'The password it will call with: at least 10 characters.')
  password!: string;
}

@InputType('RegisterApplicationInput', { description: 'Its `externalId` is unique below the provider, and its key.' })
export class RegisterApplicationInput extends RegistrationInput {
  @Required(() => ID, 'The provider it will belong to: one that is active.')
  tenantId!: string;

  @Optional(() => String, 'What it is, for people.')
  description?: string | null;
}

@InputType('RegisterInstanceInput', { description: 'Its `externalId` is unique below the application.' })
export class RegisterInstanceInput extends RegistrationInput {
  @Required(() => ID, 'An application that a provider owns, and that is active.')
  applicationId!: string;

  @Optional(() => String, 'What it is for.')
  description?: string | null;

  @Required(() => String, 'The password it will send traffic with: at least 10 characters.')
  password!: string;
}

@InputType('SetTrafficPasswordInput')
export class SetTrafficPasswordInput extends CommandInput {
  @Required(() => ID, 'The instance.')
  instanceId!: string;

  @Required(() => String, 'At least 10 characters; the old one ends now.')
  password!: string;

  @Optional(() => Int, 'The version of the instance you saw; refused with CONFLICT when it has changed since.')
  expectedVersion?: number | null;
}

@InputType('UnlockInstanceInput')
export class UnlockInstanceInput extends ChangeInput {
  @Optional(() => String, 'A password for traffic of at least 10 characters; absent: the old one stays.')
  newPassword?: string | null;
}
