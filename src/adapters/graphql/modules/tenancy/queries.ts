import { Arg, Args, Ctx, FieldResolver, ID, Query, Resolver, Root } from 'type-graphql';
import { type LifecycleState, stateOf } from '../../../../core/shared/lifecycle.js';
import type { Tenant } from '../../../../core/tenancy/index.js';
import type { Connection } from '../../relay/connection.js';
import type { ListArgs } from '../../relay/list-args.js';
import { findOne, listAll, listChildren } from '../../relay/lists.js';
import type { MercatorContext } from '../../services.js';
import { LifecycleStates } from '../lifecycle.js';
import { TenantConnection, TenantListArgs, TenantType } from './types.js';

@Resolver(() => TenantType)
export class TenantQueries {
  @Query(() => TenantType, { nullable: true })
  tenant(@Arg('id', () => ID) id: string, @Ctx() context: MercatorContext): Promise<Tenant | null> {
    return findOne(context, context.services.readers.tenants, id);
  }

  @Query(() => TenantConnection)
  tenants(@Args(() => TenantListArgs) args: ListArgs, @Ctx() context: MercatorContext): Promise<Connection<Tenant>> {
    return listAll(context, context.services.readers.tenants, args);
  }

  @FieldResolver(() => LifecycleStates)
  state(@Root() tenant: Tenant): LifecycleState {
    return stateOf(tenant);
  }

  @FieldResolver(() => TenantType, {
    nullable: true,
    description: 'Null for the top of a tree, and for what you may not see.',
  })
  parent(@Root() tenant: Tenant, @Ctx() context: MercatorContext): Promise<Tenant | null> {
    return findOne(context, context.services.readers.tenants, tenant.parentId);
  }

  @FieldResolver(() => TenantConnection, { description: 'The tenants right below.' })
  children(
    @Root() tenant: Tenant,
    @Args(() => TenantListArgs) args: ListArgs,
    @Ctx() context: MercatorContext,
  ): Promise<Connection<Tenant>> {
    return listChildren(context, context.services.readers.tenants, 'parentId', tenant.id, args);
  }
}
