import 'reflect-metadata';
import {
  Arg,
  Args,
  Ctx,
  Field,
  FieldResolver,
  ID,
  Int,
  Mutation,
  Query,
  Resolver,
  Root,
  registerEnumType,
  Subscription,
} from 'type-graphql';
import type { GraphqlContext } from '../../../src/adapters/graphql/context.js';
import { type Connection, connectionOf } from '../../../src/adapters/graphql/relay/connection.js';
import { type ListArgs, listArgsOf } from '../../../src/adapters/graphql/relay/list-args.js';
import { findOne, listAll, listChildren } from '../../../src/adapters/graphql/relay/lists.js';
import { Node, registerNodeType } from '../../../src/adapters/graphql/relay/node.js';
import { EntityType, ViewType } from '../../../src/adapters/graphql/relay/view-type.js';
import { DateTime, MinorUnits } from '../../../src/adapters/graphql/scalars.js';
import { buildSubgraph, type Subgraph } from '../../../src/adapters/graphql/subgraph/subgraph.js';
import { DomainError } from '../../../src/core/shared/errors.js';
import { type MemoryReader, memoryReader } from './memory-reader.js';

export const sampleId = (prefix: string, number: number) => `${prefix}_${String(number).padStart(26, '0')}`;

export interface TenantRow {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly name: string;
  readonly kind: string;
  readonly createdAt: string;
  readonly balance: bigint;
}
export interface UserRow {
  readonly [field: string]: unknown;
  readonly id: string;
  readonly tenantId: string;
  readonly email: string;
}

export interface SampleServices {
  readonly tenants: MemoryReader<TenantRow>;
  readonly users: MemoryReader<UserRow>;
  readonly ticks: (signal: AbortSignal, after: number) => AsyncIterable<{ readonly number: number }>;
  readonly renamed: string[];
}
type Context = GraphqlContext<SampleServices>;

const tenantKinds = { customer: 'customer', reseller: 'reseller' } as const;
registerEnumType(tenantKinds, { name: 'TenantKind' });

@EntityType('Tenant', 'A customer organisation.')
export class TenantType {
  id!: string;

  @Field(() => String)
  name!: string;

  @Field(() => tenantKinds)
  kind!: string;

  @Field(() => DateTime)
  createdAt!: string;

  @Field(() => MinorUnits)
  balance!: bigint;
}

@EntityType('User', 'A person.', ['id', 'email'])
export class UserType {
  id!: string;

  @Field(() => String)
  email!: string;
}
registerNodeType('tenant', 'Tenant');
registerNodeType('user', 'User');

@ViewType('Tick', 'Something that happened.')
export class Tick {
  @Field(() => Int)
  number!: number;

  @Field(() => Int)
  visits!: number;
}

const TenantConnection = connectionOf('Tenant', () => TenantType);
const UserConnection = connectionOf('User', () => UserType);
const TenantListArgs = listArgsOf('Tenant', {
  filter: { name: 'text', kind: { enum: 'TenantKind', values: tenantKinds }, createdAt: 'dateTime' },
  orderBy: ['id', 'name'],
});
const UserListArgs = listArgsOf('User', { filter: { email: 'text', tenantId: 'id' }, orderBy: ['email'] });

@Resolver(() => TenantType)
class TenantResolver {
  @Query(() => TenantType, { nullable: true })
  tenant(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<TenantRow | null> {
    return findOne(context, context.services.tenants, id);
  }

  @Query(() => Node, { nullable: true })
  node(@Arg('id', () => ID) id: string, @Ctx() context: Context): Promise<TenantRow | UserRow | null> {
    const { tenants, users } = context.services;
    return id.startsWith('usr_') ? findOne<TenantRow | UserRow>(context, users, id) : findOne(context, tenants, id);
  }

  @Query(() => TenantConnection)
  tenants(@Args(() => TenantListArgs) args: ListArgs, @Ctx() context: Context): Connection<TenantRow> {
    return listAll(context, context.services.tenants, args);
  }

  @FieldResolver(() => UserConnection)
  users(
    @Root() tenant: TenantRow,
    @Args(() => UserListArgs) args: ListArgs,
    @Ctx() context: Context,
  ): Connection<UserRow> {
    return listChildren(context, context.services.users, 'tenantId', tenant.id, args);
  }

  @Query(() => DateTime)
  echoMoment(@Arg('at', () => DateTime) at: string): string {
    return at;
  }

  @Query(() => String, { nullable: true })
  fails(@Arg('how', () => String) how: string): string {
    if (how === 'domain') throw new DomainError('pool_exhausted', { licenseType: 'basic', used: 5, quantity: 5 });
    throw new Error('connect ECONNREFUSED 10.0.0.7:3306 password=hunter2');
  }

  @Query(() => String)
  failsHard(): string {
    throw new DomainError('forbidden', { right: 'read' });
  }

  @Query(() => TenantType, { nullable: true })
  broken(): Partial<TenantRow> {
    return { id: sampleId('ten', 1), kind: 'nonsense' };
  }

  @Query(() => String)
  whoami(@Ctx() context: Context): string {
    return context.actor.kind;
  }

  @Mutation(() => TenantType)
  async renameTenant(
    @Arg('id', () => ID) id: string,
    @Arg('name', () => String) name: string,
    @Ctx() context: Context,
  ): Promise<TenantRow> {
    context.services.renamed.push(name);
    const tenant = await context.loaders.byId(context.services.tenants, id);
    if (!tenant) throw new DomainError('not_found', { kind: 'tenant' });
    return { ...tenant, name };
  }
}

@Resolver(() => UserType)
class UserResolver {
  @FieldResolver(() => TenantType, { nullable: true })
  tenant(@Root() user: UserRow, @Ctx() context: Context): Promise<TenantRow | null> {
    return findOne(context, context.services.tenants, user.tenantId);
  }
}

@Resolver(() => Tick)
class TickResolver {
  @Subscription(() => Tick, {
    subscribe: ({ args, context }: { args: { after?: number }; context: Context }) =>
      context.services.ticks(context.signal!, args.after ?? 0),
  })
  ticks(
    @Root() tick: { number: number },
    @Arg('after', () => Int, { nullable: true }) _after?: number,
  ): { number: number } {
    return tick;
  }

  @FieldResolver(() => Int)
  async visits(@Root() tick: { number: number }, @Ctx() context: Context): Promise<number> {
    await context.loaders.byId(context.services.tenants, sampleId('ten', 1));
    return tick.number;
  }
}

export function buildSampleSubgraph(): Promise<Subgraph> {
  return buildSubgraph<SampleServices>({
    resolvers: [TenantResolver, UserResolver, TickResolver],
    references: {
      Tenant: ({ id }, context) => findOne(context, context.services.tenants, id as string),
      User: async ({ id, email }, context) => {
        if (typeof id === 'string') return findOne(context, context.services.users, id);
        const page = await context.services.users.page(context.actor, {
          first: 1,
          filter: { email: { eq: email as string } },
        });
        return page.nodes[0] ?? null;
      },
    },
  });
}

/** `tenants` tenants with `users` users each. */
export function sampleRows(tenants: number, users: number): { tenants: TenantRow[]; users: UserRow[] } {
  const tenantRows = Array.from({ length: tenants }, (_, index) => ({
    id: sampleId('ten', index + 1),
    name: `Tenant ${index + 1}`,
    kind: index % 2 === 0 ? 'customer' : 'reseller',
    createdAt: `2026-01-${String((index % 28) + 1).padStart(2, '0')}T00:00:00.000Z`,
    balance: 9007199254740993n + BigInt(index),
  }));
  const userRows = tenantRows.flatMap((tenant, t) =>
    Array.from({ length: users }, (_, u) => ({
      id: sampleId('usr', t * users + u + 1),
      tenantId: tenant.id,
      email: `user${u + 1}@tenant${t + 1}.example`,
    })),
  );
  return { tenants: tenantRows, users: userRows };
}

export function sampleServices(
  options: { tenants?: number; users?: number; ticks?: SampleServices['ticks'] } = {},
): SampleServices {
  const rows = sampleRows(options.tenants ?? 3, options.users ?? 4);
  const noTicks = async function* () {};
  return {
    tenants: memoryReader(rows.tenants),
    users: memoryReader(rows.users),
    ticks: options.ticks ?? noTicks,
    renamed: [],
  };
}
