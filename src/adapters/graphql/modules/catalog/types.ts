import { Field, Int } from 'type-graphql';
import { type Interval, intervals, type SeatPricing, seatPricings } from '../../../../core/catalog/index.js';
import type { Hold } from '../../../../core/shared/lifecycle.js';
import type { Property } from '../../../../core/shared/properties.js';
import { connectionOf } from '../../relay/connection.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { EntityType, NodeType, ViewType } from '../../relay/view-type.js';
import { MinorUnits } from '../../scalars.js';
import { CreatedAtField, MomentField, TerminatedAtField, TextField, VersionField } from '../fields.js';
import { enumOf, HoldType, PendingApprovals } from '../lifecycle.js';
import { PropertyType } from '../properties.js';

export const Intervals = enumOf<Interval>('Interval', intervals, 'How long a billing period is.');
export const SeatPricings = enumOf<SeatPricing>(
  'SeatPricing',
  seatPricings,
  'Whether a price is for the whole subscription or for each seat.',
);

@ViewType('Money', 'An amount of one currency.')
export class MoneyType {
  @Field(() => MinorUnits, { description: 'In minor units: EUR 15.00 is `"1500"`.' })
  amount!: bigint;

  @TextField('ISO 4217.')
  currency!: string;
}

@EntityType('Application', 'What is sold.')
export class ApplicationType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @TextField('Its natural name; unique among the applications of one owner.')
  key!: string;

  @TextField('Its name.')
  name!: string;

  @TextField('What it is, for people; empty when nobody said.')
  description!: string;

  @TextField('Where people use it; empty when it has no web page.')
  accessUrl!: string;

  @TextField('Where its sign-in starts; empty when unknown.')
  loginUrl!: string;

  @TextField('Where people sign out of it; empty when unknown.')
  logoutUrl!: string;

  @Field(() => [PropertyType], { description: 'Name-value pairs of whoever manages it, in their order.' })
  properties!: readonly Property[];

  @Field(() => [HoldType], { description: 'Why it is stopped; empty when nothing holds it.' })
  holds!: readonly Hold[];

  @Field(() => Boolean, { description: 'Locked after failures; an operator unlocks it.' })
  locked!: boolean;

  @TerminatedAtField()
  terminatedAt!: string | null;
}
registerNodeType('application', 'Application');

@NodeType('Plan', 'Price and period of an application. Changing it changes only what is sold from then on.')
export class PlanType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @TextField('Its natural name, unique within the application.')
  key!: string;

  @TextField('Its name.')
  name!: string;

  @Field(() => Intervals, { description: 'The billing period.' })
  interval!: Interval;

  @Field(() => Int, { description: 'Days before anything is billed; 0 without a trial.' })
  trialDays!: number;

  @Field(() => SeatPricings, { description: 'What the price is for.' })
  seats!: SeatPricing;

  @MomentField('No new subscriptions from then on; null while it is sold.')
  retiredAt!: string | null;
}
registerNodeType('plan', 'Plan');

@NodeType('LicenseType', 'What a seat of an application is called.')
export class LicenseTypeType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @TextField('Its natural name, unique within the application.')
  code!: string;

  @TextField('Its name.')
  name!: string;

  @Field(() => Int, { description: 'The order in which the types were declared, from 0.' })
  position!: number;
}
registerNodeType('licenseType', 'LicenseType');

export const ApplicationConnection = connectionOf('Application', () => ApplicationType);
export const ApplicationListArgs = readerListArgs('Application', 'applications', { pending: PendingApprovals });

export const PlanConnection = connectionOf('Plan', () => PlanType);
export const PlanListArgs = readerListArgs('Plan', 'plans', {
  interval: { enum: 'Interval', values: Intervals },
  seats: { enum: 'SeatPricing', values: SeatPricings },
});

export const LicenseTypeConnection = connectionOf('LicenseType', () => LicenseTypeType);
export const LicenseTypeListArgs = readerListArgs('LicenseType', 'licenseTypes');
