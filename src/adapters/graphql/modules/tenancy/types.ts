import { Field, Int } from 'type-graphql';
import type { Hold } from '../../../../core/shared/lifecycle.js';
import { type Tenant, type TenantKind, tenantKinds } from '../../../../core/tenancy/index.js';
import { connectionOf } from '../../relay/connection.js';
import { listArgsOf } from '../../relay/list-args.js';
import { registerNodeType } from '../../relay/node.js';
import { EntityType, ViewType } from '../../relay/view-type.js';
import { DateTime } from '../../scalars.js';
import { enumOf, HoldType } from '../lifecycle.js';

export const TenantKinds = enumOf<TenantKind>('TenantKind', tenantKinds, 'What a tenant is in the tree.');

@ViewType('Contact', 'Whom to talk to.')
export class ContactType {
  @Field(() => String, { nullable: true })
  name?: string;

  @Field(() => String, { nullable: true })
  email?: string;

  @Field(() => String, { nullable: true })
  phone?: string;
}

@EntityType('Tenant', 'A customer organisation; tenants form a tree.')
export class TenantType {
  id!: string;

  @Field(() => Int, { description: 'Counts changes; give it as `expectedVersion`.' })
  version!: number;

  @Field(() => DateTime)
  createdAt!: string;

  @Field(() => TenantKinds)
  kind!: TenantKind;

  @Field(() => String)
  name!: string;

  @Field(() => String, { description: 'ISO 3166-1 alpha-2, or empty.' })
  country!: string;

  @Field(() => String, { description: 'IANA name, for display only; empty when unknown.' })
  timeZone!: string;

  @Field(() => ContactType)
  contact!: Tenant['contact'];

  @Field(() => [HoldType], { description: 'Why it is stopped; empty when nothing holds it.' })
  holds!: readonly Hold[];

  @Field(() => DateTime, { nullable: true })
  terminatedAt!: string | null;
}
registerNodeType('tenant', 'Tenant');

export const TenantConnection = connectionOf('Tenant', () => TenantType);
export const TenantListArgs = listArgsOf('Tenant', {
  filter: {
    name: 'text',
    kind: { enum: 'TenantKind', values: TenantKinds },
    parentId: 'id',
    channelId: 'id',
    createdAt: 'dateTime',
  },
  orderBy: ['name', 'createdAt'],
});
