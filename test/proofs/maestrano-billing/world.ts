import type { AccountApiServer } from '../../maestrano/support/account-api.js';
import type { GraphqlClient } from '../../support/graphql-call.js';
import type { SeedData } from '../../support/hub.js';

export const groups = ['cld-1', 'cld-2', 'cld-3'] as const;
/** Of a seat, in minor units a month. */
export const seatPrice = 1_000;
const channel = 'billed';

/** Three groups of a marketplace, each with an instance whose seats cost something every month. */
export function seedGroups(seed: SeedData, server: AccountApiServer): void {
  seed.webhooks = []; // nobody would listen
  const api = { ...server.credentials, host: server.url };
  const settings = { marketplace: channel, api, application: 'crm', plan: 'crm-live' };
  seed.channels!.push({ name: channel, protocol: 'maestrano', settings });
  const crm = seed.applications!.find((application) => application.key === 'crm');
  const price = { amount: String(seatPrice), currency: 'EUR' };
  crm.plans.push({ key: 'crm-live', price, interval: 'month', seats: 'perSeat' });
  for (const group of groups) {
    const pools = [{ application: 'crm', licenseType: 'Standard', quantity: 100 }];
    seed.tenants!.push({ key: group, name: `Group ${group}`, kind: 'customer', channel, externalId: group, pools });
    const instance = { key: `crm-${group}`, tenant: group, application: 'crm', plan: 'crm-live' };
    seed.instances!.push({ ...instance, channel, externalId: group });
  }
}

export interface Place {
  readonly group: string;
  readonly tenantId: string;
  readonly instanceId: string;
  readonly subscriptionId: string;
  readonly licenseTypeId: string;
  readonly userIds: readonly string[];
}

/** The groups' instances, each with so many members that have no seat yet. */
export async function readPlaces(graphql: GraphqlClient, members: number): Promise<Place[]> {
  const { instances, applications } = await graphql.ok(`{
    instances(first: 100) { nodes { id key tenant { id } subscription { id } } }
    applications(first: 50) { nodes { key licenseTypes { nodes { id code } } } } }`);
  const crm = applications.nodes.find((application: { key: string }) => application.key === 'crm');
  const standard = crm.licenseTypes.nodes.find((type: { code: string }) => type.code === 'Standard');
  const places: Place[] = [];
  for (const group of groups) {
    const instance = instances.nodes.find((one: { key: string }) => one.key === `crm-${group}`);
    const tenantId: string = instance.tenant.id;
    const userIds: string[] = [];
    for (let index = 0; index < members; index += 1) {
      const { createUser } = await graphql.ok(
        `mutation($input: CreateUserInput!) { createUser(input: $input) { user { id } } }`,
        { input: { givenName: `Member ${index}`, membership: { tenantId, roles: ['MEMBER'] } } },
      );
      userIds.push(createUser.user.id);
    }
    const ids = { instanceId: instance.id, subscriptionId: instance.subscription.id, licenseTypeId: standard.id };
    places.push({ group, tenantId, userIds, ...ids });
  }
  return places;
}
