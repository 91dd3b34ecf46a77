import { ID, InputType, Int } from 'type-graphql';
import type { MemberKind } from '../../../../core/servicelevels/index.js';
import { ChangeInput, CommandInput } from '../command.js';
import { Optional, Required } from '../input-fields.js';
import { PropertyInput } from '../properties.js';
import { GroupMemberKinds } from './types.js';

const typeMeaning =
  'Which agreement `document` is; absent: `service_provider` for tenants, `application` for applications.';

@InputType('CreateServiceLevelGroupInput')
export class CreateServiceLevelGroupInput extends CommandInput {
  @Optional(() => ID, 'The channel that manages it and its members; absent for the hub’s own.')
  channelId?: string | null;

  @Required(() => GroupMemberKinds, 'What can be in it.')
  memberKind!: MemberKind;

  @Required(() => String, 'The channel’s own id of it, byte for byte.')
  key!: string;

  @Optional(() => [PropertyInput], 'Name-value pairs, shown to the operator only.')
  properties?: PropertyInput[] | null;

  @Optional(() => String, 'Its first agreement: well-formed XML without DOCTYPE, at most 256 KiB.')
  document?: string | null;

  @Optional(() => String, typeMeaning)
  type?: string | null;
}

@InputType('UpdateServiceLevelGroupInput')
export class UpdateServiceLevelGroupInput extends ChangeInput {
  @Optional(() => [PropertyInput], 'Replaces all its name-value pairs.')
  properties?: PropertyInput[] | null;

  @Optional(() => String, 'Replaces its agreement: well-formed XML without DOCTYPE, at most 256 KiB; null ends it.')
  document?: string | null;

  @Optional(() => String, typeMeaning)
  type?: string | null;
}

@InputType('MoveToServiceLevelGroupInput')
export class MoveToServiceLevelGroupInput extends ChangeInput {
  @Optional(
    () => ID,
    'A group for tenants or applications, whichever is moved, on its channel; null takes it out of any. Must be given.',
  )
  groupId?: string | null;
}

@InputType('SetServiceLevelAgreementInput')
export class SetServiceLevelAgreementInput extends CommandInput {
  @Required(() => ID, 'A group, or an instance: then it holds for that instance alone.')
  targetId!: string;

  @Required(() => String, 'A type every channel knows, or an id of your own.')
  type!: string;

  @Required(() => String, 'Well-formed XML without DOCTYPE, at most 256 KiB.')
  document!: string;

  @Optional(() => Int, 'The version of the agreement you saw; refused with CONFLICT when it has changed since.')
  expectedVersion?: number | null;
}
