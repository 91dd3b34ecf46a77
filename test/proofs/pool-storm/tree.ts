import type { SeededCatalog } from '../../support/catalog.js';
import type { GraphqlClient } from '../../support/graphql-call.js';
import { hold } from '../../support/proof.js';
import { answered } from './answered.js';

export interface StormPerson {
  readonly userId: string;
  readonly tenantId: string;
}

export interface StormTree {
  readonly providerId: string;
  readonly stock: number;
  /** All in groups, in turn. */
  readonly people: readonly StormPerson[];
}

const createUser = 'mutation($input: CreateUserInput!) { createUser(input: $input) { user { id } } }';

/** A tenth of the stock each: what a reseller has, and what its groups have of that. */
const shares = [
  { reseller: 4, groups: [2, 1, 0] },
  { reseller: 3, groups: [1, 0] },
] as const;

/**
 * A provider with `stock` seats, seven tenths of them passed on to two resellers and four of these to their groups; so many people in
 * the groups, some of which have nothing of their own. Made through GraphQL, so many at a time.
 */
export async function makeStormTree(
  graphql: GraphqlClient,
  { standardId }: SeededCatalog,
  options: { readonly stock: number; readonly people: number; readonly atOnce: number },
): Promise<StormTree> {
  const { stock } = options;
  const tenth = stock / 10;
  hold(Number.isInteger(tenth), 'the stock can be divided by ten', stock);
  const makeTenant = async (kind: string, parentId?: string): Promise<string> => {
    const { createTenant } = await graphql.ok(
      'mutation($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } } }',
      { input: { kind, name: `Storm ${kind}`, ...(parentId === undefined ? {} : { parentId }) } },
    );
    return createTenant.tenant.id;
  };
  const draw = async (tenantId: string, quantity: number): Promise<void> => {
    if (quantity === 0) return;
    const { subPurchaseLicenses } = await graphql.ok(
      'mutation($input: SubPurchaseInput!) { subPurchaseLicenses(input: $input) { __typename } }',
      { input: { tenantId, licenseTypeId: standardId, quantity } },
    );
    hold(subPurchaseLicenses.__typename === 'SubPurchaseSuccess', 'what is there is passed on', subPurchaseLicenses);
  };

  const providerId = await makeTenant('PROVIDER');
  await graphql.ok(
    'mutation($input: SetPoolQuantityInput!) { setPoolQuantity(input: $input) { licensePool { id } } }',
    {
      input: { tenantId: providerId, licenseTypeId: standardId, quantity: stock },
    },
  );
  const groupIds: string[] = [];
  for (const { reseller, groups } of shares) {
    const resellerId = await makeTenant('RESELLER', providerId);
    await draw(resellerId, reseller * tenth);
    for (const share of groups) {
      const groupId = await makeTenant('GROUP', resellerId);
      await draw(groupId, share * tenth);
      groupIds.push(groupId);
    }
  }

  const people: StormPerson[] = [];
  await inBatches(options.people, options.atOnce, async (index) => {
    const tenantId = groupIds[index % groupIds.length]!;
    const input = { givenName: `Person ${index}`, membership: { tenantId, roles: ['MEMBER'] } };
    const { data, errors } = await answered(() => graphql(createUser, { input }));
    hold(data?.createUser !== undefined, 'a person is made', errors);
    people[index] = { userId: data.createUser.user.id, tenantId };
  });
  return { providerId, stock, people };
}

/** Runs so many, `atOnce` of them side by side. */
export async function inBatches(count: number, atOnce: number, run: (index: number) => Promise<void>): Promise<void> {
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      await run(index);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, lane));
}
