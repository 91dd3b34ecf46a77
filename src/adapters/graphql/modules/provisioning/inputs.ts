import { ID, InputType, Int } from 'type-graphql';
import type { ApprovableKind, AskApprovalInput } from '../../../../core/provisioning/index.js';
import { invalid } from '../../../../core/shared/errors.js';
import { DateTime } from '../../scalars.js';
import { ChangeInput, CommandInput, given } from '../command.js';
import { Optional, Required } from '../input-fields.js';
import { enumOf } from '../lifecycle.js';
import { PropertyInput, propertiesOf } from '../properties.js';
import { ContactInput, contactOf } from '../tenancy/inputs.js';
import { ApprovableKinds } from './types.js';

type Askable = AskApprovalInput['approval'];
const ApprovalRequestKinds = enumOf<Askable>(
  'ApprovalRequestKind',
  ['update', 'delete'],
  'What can be asked for of something that is there; registrations are asked for by registering it.',
);

@InputType('ParameterInput', { description: 'One setting of an instance.' })
export class ParameterInput {
  @Required(() => String, 'Its name.')
  name!: string;

  @Optional(() => String, 'Its value; `null` removes the setting.')
  value?: string | null;
}

@InputType('QuantityInput', { description: 'How many seats of a kind.' })
export class QuantityInput {
  @Required(() => ID, 'The kind of seat.')
  licenseTypeId!: string;

  @Required(() => Int, 'How many in all, not how many more.')
  quantity!: number;
}

@InputType('ProvisionInstanceInput')
export class ProvisionInstanceInput extends CommandInput {
  @Required(() => ID, 'For whom.')
  tenantId!: string;

  @Required(() => ID, 'What.')
  applicationId!: string;

  @Optional(() => String, 'Its name; the application’s when absent.')
  name?: string | null;

  @Optional(() => String, 'Where people use it; the application’s own address when absent.')
  accessUrl?: string | null;

  @Optional(() => String, 'What it is for.')
  description?: string | null;

  @Optional(() => [PropertyInput], 'Name-value pairs.')
  properties?: PropertyInput[] | null;

  @Optional(() => [ParameterInput], 'Its settings.')
  parameters?: ParameterInput[] | null;

  @Optional(() => ID, 'With a plan a subscription is opened.')
  planId?: string | null;

  @Optional(() => DateTime, 'Absent: the plan’s trial counts; `null`: no trial.')
  trialEndsAt?: string | null;

  @Optional(() => [QuantityInput], 'The seats bought with it.')
  licenses?: QuantityInput[] | null;
}

@InputType('ConfigureInstanceInput')
export class ConfigureInstanceInput extends ChangeInput {
  @Optional(() => String, 'Its name.')
  name?: string | null;

  @Optional(() => String, 'Where people use it.')
  accessUrl?: string | null;

  @Optional(() => [ParameterInput], 'Settings to set or remove; those not named stay.')
  parameters?: ParameterInput[] | null;

  @Optional(() => String, 'What it is for.')
  description?: string | null;

  @Optional(() => [PropertyInput], 'Replaces all its name-value pairs.')
  properties?: PropertyInput[] | null;
}

@InputType('RequestApprovalInput', { description: 'What is not named of the proposal stays as it is.' })
export class RequestApprovalInput extends ChangeInput {
  @Required(() => ApprovalRequestKinds, 'What is asked for.')
  kind!: Askable;

  @Required(() => ApprovableKinds, 'What kind of thing `id` is.')
  objectKind!: ApprovableKind;

  @Optional(() => String, 'The name proposed.')
  name?: string | null;

  @Optional(() => String, 'Of a tenant: ISO 3166-1 alpha-2.')
  country?: string | null;

  @Optional(() => String, 'Of a tenant: IANA name.')
  timeZone?: string | null;

  @Optional(() => ContactInput, 'Of a tenant: whom to talk to; parts that are not named stay.')
  contact?: ContactInput | null;

  @Optional(() => String, 'Of an application or instance: what it is, or is for.')
  description?: string | null;

  @Optional(() => String, 'Of an application or instance: where people use it.')
  accessUrl?: string | null;

  @Optional(() => String, 'Of an application: where its sign-in starts.')
  loginUrl?: string | null;

  @Optional(() => String, 'Of an application: where people sign out of it.')
  logoutUrl?: string | null;

  @Optional(() => [ParameterInput], 'Of an instance: all its settings.')
  parameters?: ParameterInput[] | null;

  @Optional(() => [PropertyInput], 'All its name-value pairs.')
  properties?: PropertyInput[] | null;
}

@InputType('DecideApprovalInput')
export class DecideApprovalInput extends ChangeInput {
  @Required(() => Boolean, 'The answer.')
  approve!: boolean;

  @Optional(() => String, 'The operator’s own reference for what is registered, when its registration is approved.')
  operatorReference?: string | null;

  @Optional(() => ID, 'The group a tenant or application starts in, when its registration is approved.')
  serviceLevelGroupId?: string | null;
}

@InputType('EraseProfilesInput')
export class EraseProfilesInput extends CommandInput {
  @Required(() => ID, 'The instance whose members’ data go.')
  instanceId!: string;
}

/** Settings by name; a name given twice is a mistake. */
export function parametersOf(parameters: readonly ParameterInput[]): Record<string, string | null> {
  const byName = new Map(parameters.map(({ name, value }) => [name, value ?? null]));
  if (byName.size < parameters.length) throw invalid('parameters', 'must not name a setting twice');
  return Object.fromEntries(byName);
}

/** Settings of something new: there is nothing to remove yet. */
export function newParametersOf(parameters: readonly ParameterInput[]): Record<string, string> {
  const given = Object.entries(parametersOf(parameters));
  return Object.fromEntries(given.filter((entry): entry is [string, string] => entry[1] !== null));
}

const cleared = {
  country: '',
  timeZone: '',
  description: '',
  accessUrl: '',
  loginUrl: '',
  logoutUrl: '',
  parameters: [],
};

/** The fields of the proposal that were given. */
export function proposalOf(input: RequestApprovalInput): Readonly<Record<string, unknown>> {
  const { id: _, expectedVersion: _version, kind: _kind, objectKind: _objectKind, ...proposal } = input;
  const { contact, properties, ...rest } = proposal;
  const { parameters, ...fields } = given(rest, cleared);
  return {
    ...fields,
    ...contactOf(contact),
    ...propertiesOf(properties),
    ...(parameters === undefined ? {} : { parameters: newParametersOf(parameters) }),
  };
}
