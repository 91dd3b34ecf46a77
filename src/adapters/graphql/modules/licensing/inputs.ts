import { ID, InputType, Int } from 'type-graphql';
import { ChangeInput, CommandInput } from '../command.js';
import { Optional, Required } from '../input-fields.js';

@InputType('SetPoolQuantityInput', { description: 'A pool is named by tenant, license type and instance.' })
export class SetPoolQuantityInput extends CommandInput {
  @Required(() => ID, 'Whose pool it is.')
  tenantId!: string;

  @Required(() => ID, 'The kind of seat.')
  licenseTypeId!: string;

  @Optional(() => ID, 'For one instance; absent for the application as such.')
  instanceId?: string | null;

  @Required(() => Int, 'How many in all, not how many more.')
  quantity!: number;

  @Optional(() => Boolean, 'May give out more than `quantity`; absent leaves it as it is.')
  oversell?: boolean | null;

  @Optional(() => Int, 'The version you saw; refused with CONFLICT when it has changed since.')
  expectedVersion?: number | null;
}

@InputType('SubPurchaseInput', { description: 'Seats between a tenant’s pool and the pool above it.' })
export class SubPurchaseInput extends CommandInput {
  @Required(() => ID, 'Whose pool gets more, or gives back.')
  tenantId!: string;

  @Required(() => ID, 'The kind of seat.')
  licenseTypeId!: string;

  @Required(() => Int, 'How many, at least 1.')
  quantity!: number;

  @Optional(() => Int, 'The version of the pool you saw; refused with CONFLICT when it has changed since.')
  expectedVersion?: number | null;
}

@InputType('AssignLicenseInput')
export class AssignLicenseInput extends CommandInput {
  @Required(() => ID, 'Who gets the seat; a member of the tenant.')
  userId!: string;

  @Required(() => ID, 'The tenant the seat is for.')
  tenantId!: string;

  @Required(() => ID, 'The kind of seat.')
  licenseTypeId!: string;

  @Optional(() => ID, 'For one instance; absent for the application as such.')
  instanceId?: string | null;
}

@InputType('MoveLicenseInput')
export class MoveLicenseInput extends ChangeInput {
  @Required(() => ID, 'Who gets the seat; a member of the same tenant.')
  userId!: string;
}
