import { ArgsType, Field, ID, Int } from 'type-graphql';
import { connectionOf } from '../../relay/connection.js';
import { listArgsOf } from '../../relay/list-args.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { EntityType, ViewType } from '../../relay/view-type.js';
import { DateTime } from '../../scalars.js';
import { CreatedAtField, MomentField, TextField, VersionField } from '../fields.js';

@EntityType('LicensePool', 'A bought quantity of seats at one level of the tenant tree.')
export class LicensePoolType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => Int, { description: 'Seats bought.' })
  quantity!: number;

  @Field(() => Int, { description: 'Seats held from it, and what the pools below draw from it.' })
  used!: number;

  @Field(() => Boolean, { description: 'May give out more than `quantity`.' })
  oversell!: boolean;
}
registerNodeType('licensePool', 'LicensePool');

@EntityType('License', 'One unit of a pool held by a person: a seat.')
export class HeldLicenseType {
  id!: string;

  @VersionField()
  version!: number;

  @Field(() => DateTime, { description: 'Since when it is held.' })
  assignedAt!: string;

  @MomentField('When it was given back; null while it is held.')
  releasedAt!: string | null;
}
registerNodeType('license', 'License');

@ViewType('LicenseUsage', 'Seats of one license type of an instance at one moment.')
export class LicenseUsageType {
  @TextField('The license type’s code.')
  code!: string;

  @Field(() => Int, { description: 'Seats bought.' })
  purchased!: number;

  @Field(() => Int, { description: 'Seats held.' })
  assigned!: number;

  @Field(() => Int, {
    description: 'Seats held by people who were, like the whole chain above them, active then, outside the trial.',
  })
  billable!: number;
}

export const LicensePoolConnection = connectionOf('LicensePool', () => LicensePoolType);
export const LicensePoolListArgs = readerListArgs('LicensePool', 'licensePools');
export const LicenseConnection = connectionOf('License', () => HeldLicenseType);
export const LicenseListArgs = readerListArgs('License', 'licenses');

@ViewType('LicensePoolLevel', 'A pool and where it stands in a tree of tenants.')
export class LicensePoolLevelType {
  @Field(() => Int, { description: 'How far below the tenant asked for; 0 for its own.' })
  depth!: number;

  @Field(() => LicensePoolType, { description: 'The pool.' })
  pool!: LicensePoolType;
}

export const LicensePoolLevelConnection = connectionOf('LicensePoolLevel', () => LicensePoolLevelType);

@ArgsType()
export class LicensePoolTreeArgs extends listArgsOf('LicensePoolLevel', { filter: {}, orderBy: [] }) {
  @Field(() => ID, { description: 'The tenant at the top.' })
  tenantId!: string;

  @Field(() => ID, { nullable: true, description: 'Pools of one application only.' })
  applicationId?: string | null;
}
