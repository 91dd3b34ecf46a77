import { Field } from 'type-graphql';
import type { Hold } from '../../../../core/shared/lifecycle.js';
import type { Property } from '../../../../core/shared/properties.js';
import { type Tenant, type TenantKind, tenantKinds } from '../../../../core/tenancy/index.js';
import { connectionOf } from '../../relay/connection.js';
import { registerNodeType } from '../../relay/node.js';
import { readerListArgs } from '../../relay/reader-list.js';
import { EntityType, ViewType } from '../../relay/view-type.js';
import { CreatedAtField, TerminatedAtField, TextField, VersionField } from '../fields.js';
import { enumOf, HoldType, PendingApprovals } from '../lifecycle.js';
import { PropertyType } from '../properties.js';

export const TenantKinds = enumOf<TenantKind>('TenantKind', tenantKinds, 'What a tenant is in the tree.');

@ViewType('Contact', 'Whom to talk to.')
export class ContactType {
  @Field(() => String, { nullable: true, description: 'Their name.' })
  name?: string;

  @Field(() => String, { nullable: true, description: 'Their e-mail address, as given.' })
  email?: string;

  @Field(() => String, { nullable: true, description: 'Their telephone number, as given.' })
  phone?: string;

  @Field(() => String, { nullable: true, description: 'Their postal address, as one text of several lines.' })
  address?: string;
}

@EntityType('Tenant', 'A customer organisation; tenants form a tree: provider, reseller, customer or group.')
export class TenantType {
  id!: string;

  @VersionField()
  version!: number;

  @CreatedAtField()
  createdAt!: string;

  @Field(() => String, { nullable: true, description: 'The natural name in a seed file; null for the others.' })
  key!: string | null;

  @Field(() => TenantKinds, { description: 'What it is in the tree.' })
  kind!: TenantKind;

  @TextField('Its name.')
  name!: string;

  @TextField('ISO 3166-1 alpha-2, or empty.')
  country!: string;

  @TextField('IANA name, for display only; empty when unknown.')
  timeZone!: string;

  @Field(() => ContactType, { description: 'Whom to talk to.' })
  contact!: Tenant['contact'];

  @Field(() => [PropertyType], { description: 'Name-value pairs of whoever manages it, in their order.' })
  properties!: readonly Property[];

  @Field(() => [HoldType], { description: 'Why it is stopped; empty when nothing holds it.' })
  holds!: readonly Hold[];

  @Field(() => Boolean, { description: 'Locked after failures; an operator unlocks it.' })
  locked!: boolean;

  @TerminatedAtField()
  terminatedAt!: string | null;
}
registerNodeType('tenant', 'Tenant');

export const TenantConnection = connectionOf('Tenant', () => TenantType);
export const TenantListArgs = readerListArgs('Tenant', 'tenants', {
  kind: { enum: 'TenantKind', values: TenantKinds },
  pending: PendingApprovals,
});
