import { ID, InputType, Int } from 'type-graphql';
import type { Interval, SeatPricing } from '../../../../core/catalog/index.js';
import { MinorUnits } from '../../scalars.js';
import { ChangeInput, CommandInput } from '../command.js';
import { Optional, Required } from '../input-fields.js';
import { PropertyInput } from '../properties.js';
import { Intervals, SeatPricings } from './types.js';

@InputType('LicenseTypeInput', { description: 'What a seat is called.' })
export class LicenseTypeInput {
  @Required(() => String, 'Its natural name, unique within the application.')
  code!: string;

  @Optional(() => String, 'Its name; the code when absent.')
  name?: string | null;
}

@InputType('DefineApplicationInput')
export class DefineApplicationInput extends CommandInput {
  @Optional(() => ID, 'The provider it belongs to; absent for the hub’s own, which only operators define.')
  ownerTenantId?: string | null;

  @Required(() => String, 'Its natural name, unique among the applications of one owner.')
  key!: string;

  @Required(() => String, 'Its name.')
  name!: string;

  @Optional(() => String, 'What it is, for people.')
  description?: string | null;

  @Optional(() => String, 'Where people use it.')
  accessUrl?: string | null;

  @Optional(() => String, 'Where its sign-in starts.')
  loginUrl?: string | null;

  @Optional(() => String, 'Where people sign out of it.')
  logoutUrl?: string | null;

  @Optional(() => [PropertyInput], 'Name-value pairs.')
  properties?: PropertyInput[] | null;

  @Optional(() => [LicenseTypeInput], 'What its seats are called, in order.')
  licenseTypes?: LicenseTypeInput[] | null;
}

@InputType('UpdateApplicationInput')
export class UpdateApplicationInput extends ChangeInput {
  @Optional(() => String, 'Its name; cannot be cleared.')
  name?: string | null;

  @Optional(() => String, 'What it is, for people.')
  description?: string | null;

  @Optional(() => String, 'Where people use it.')
  accessUrl?: string | null;

  @Optional(() => String, 'Where its sign-in starts.')
  loginUrl?: string | null;

  @Optional(() => String, 'Where people sign out of it.')
  logoutUrl?: string | null;

  @Optional(() => [PropertyInput], 'Replaces all its name-value pairs.')
  properties?: PropertyInput[] | null;
}

@InputType('AddLicenseTypeInput')
export class AddLicenseTypeInput extends CommandInput {
  @Required(() => ID, 'The application it is a seat of.')
  applicationId!: string;

  @Required(() => String, 'Its natural name, unique within the application.')
  code!: string;

  @Optional(() => String, 'Its name; the code when absent.')
  name?: string | null;
}

@InputType('DefinePlanInput')
export class DefinePlanInput extends CommandInput {
  @Required(() => ID, 'The application it sells.')
  applicationId!: string;

  @Required(() => String, 'Its natural name, unique within the application.')
  key!: string;

  @Optional(() => String, 'Its name; the key when absent.')
  name?: string | null;

  @Required(() => MinorUnits, 'The price of one period.')
  amount!: string;

  @Required(() => String, 'ISO 4217.')
  currency!: string;

  @Required(() => Intervals, 'The billing period.')
  interval!: Interval;

  @Optional(() => Int, 'Days before anything is billed; none when absent.')
  trialDays?: number | null;

  @Optional(() => SeatPricings, 'What the price is for; FLAT when absent.')
  seats?: SeatPricing | null;
}

@InputType('UpdatePlanInput', { description: 'Running subscriptions keep what they agreed on.' })
export class UpdatePlanInput extends ChangeInput {
  @Optional(() => String, 'Its name; cannot be cleared.')
  name?: string | null;

  @Optional(() => MinorUnits, 'The price of one period, in the currency it has.')
  amount?: string | null;

  @Optional(() => Int, 'Days before anything is billed.')
  trialDays?: number | null;

  @Optional(() => Boolean, '`true` takes it off sale, `false` puts it back.')
  retired?: boolean | null;
}
