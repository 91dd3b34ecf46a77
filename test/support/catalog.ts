import type { GraphqlClient } from './graphql-call.js';

export interface SeededCatalog {
  readonly applicationId: string;
  /** Of the license type Standard. */
  readonly standardId: string;
  /** Of crm-month. */
  readonly planId: string;
}

/** The ids of what hub.example.yaml sells as `crm`. */
export async function crmCatalog(graphql: GraphqlClient): Promise<SeededCatalog> {
  const { applications } = await graphql.ok(
    `{ applications(first: 50) { nodes { id key licenseTypes { nodes { id code } } plans { nodes { id key } } } } }`,
  );
  const crm = applications.nodes.find((application: { key: string }) => application.key === 'crm');
  return {
    applicationId: crm.id,
    standardId: crm.licenseTypes.nodes.find((type: { code: string }) => type.code === 'Standard').id,
    planId: crm.plans.nodes.find((plan: { key: string }) => plan.key === 'crm-month').id,
  };
}

/** A customer with so many members and a pool of so many Standard seats. */
export async function makeCustomer(
  graphql: GraphqlClient,
  { standardId }: SeededCatalog,
  { name, members, seats }: { name: string; members: number; seats: number },
): Promise<{ readonly tenantId: string; readonly userIds: readonly string[] }> {
  const { createTenant } = await graphql.ok(
    `mutation($input: CreateTenantInput!) { createTenant(input: $input) { tenant { id } } }`,
    { input: { kind: 'CUSTOMER', name } },
  );
  const tenantId: string = createTenant.tenant.id;
  await graphql.ok(
    `mutation($input: SetPoolQuantityInput!) { setPoolQuantity(input: $input) { licensePool { id } } }`,
    { input: { tenantId, licenseTypeId: standardId, quantity: seats } },
  );
  const userIds: string[] = [];
  for (let index = 0; index < members; index += 1) {
    const { createUser } = await graphql.ok(
      `mutation($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`,
      { input: { givenName: `Member ${index}`, membership: { tenantId, roles: ['MEMBER'] } } },
    );
    userIds.push(createUser.user.id);
  }
  return { tenantId, userIds };
}
