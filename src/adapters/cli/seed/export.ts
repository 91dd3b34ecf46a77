import type { Readers, UserView } from '../../../core/readers.js';
import { operatorLevels } from '../../../core/shared/actor.js';
import type { CliHub } from '../ports.js';
import { all, type Facts, loadFacts } from './export-facts.js';
import { writeProperties } from './properties.js';
import type { SeedSection } from './schema.js';

export type ExportedSeed = Partial<Record<SeedSection, Record<string, unknown>[]>>;

/**
 * What is configured and has a natural name, in the form `apply` takes. No password, hash or secret is in it, and no settings that
 * hold one; what channels made by themselves (tenants, instances and people without a name of their own) is left out.
 */
export async function exportSeed(hub: Pick<CliHub, 'readers' | 'uow'>): Promise<ExportedSeed> {
  const { readers } = hub;
  const facts = await loadFacts(hub);
  /** '' and null name nothing; otherwise there must be a name, or the file would say something else. */
  const named = (id: string | null, names: ReadonlyMap<string, string>) => id === null || id === '' || names.has(id);
  const users = await people(readers);
  const seed: Record<SeedSection, Record<string, unknown>[]> = {
    operators: users
      .filter(({ user }) => user.operatorLevel !== null)
      .map(({ user, email }) => ({ email, name: user.displayName || undefined, level: levelName(user.operatorLevel) })),
    channels: facts.channels.map(({ name, protocol, id }) => ({ name, protocol, settings: facts.settings.get(id) })),
    serviceAccounts: (await all(readers.serviceAccounts, { disabledAt: { eq: null }, ended: { eq: false } }))
      .filter(({ tenantId }) => named(tenantId, facts.tenantKey))
      .map((account) => ({
        channel: facts.channelName.get(account.channelId),
        username: account.username,
        level: levelName(account.level),
        tenant: facts.tenantKey.get(account.tenantId ?? ''),
        addresses: account.addresses ?? undefined,
        certificates: facts.certificates.get(account.id),
      })),
    applications: await applications(readers, facts),
    tenants: await tenants(readers, facts, users),
    instances: await instances(readers, facts),
    clients: (await all(readers.clients, { disabledAt: { eq: null } }))
      .filter(({ tenantId }) => named(tenantId, facts.tenantKey))
      .filter(({ applicationId }) => named(applicationId, facts.applicationKey))
      .filter(({ instanceId }) => named(instanceId, facts.instanceKey))
      .map((client) => ({
        clientId: client.clientId,
        name: client.name || undefined,
        application: facts.applicationKey.get(client.applicationId),
        instance: facts.instanceKey.get(client.instanceId),
        tenant: facts.tenantKey.get(client.tenantId),
        level: levelName(client.level),
        grantTypes: client.grantTypes,
        scopes: client.scopes,
        redirectUris: client.redirectUris,
        postLogoutRedirectUris: client.postLogoutRedirectUris,
        backchannelLogoutUri: client.backchannelLogoutUri || undefined,
      })),
    identityProviders: (await all(readers.identityProviders))
      .filter(({ tenantId }) => facts.tenantKey.has(tenantId))
      .map(({ key, issuer, clientId, emailDomains, tenantId, required }) => {
        return { key, issuer, clientId, emailDomains, tenant: facts.tenantKey.get(tenantId), required };
      }),
    webhooks: (await all(readers.webhooks, { disabledAt: { eq: null } }))
      .filter(({ tenantId }) => tenantId === '' || facts.tenantKey.has(tenantId))
      .map(({ url, events, tenantId }) => ({ url, events, tenant: facts.tenantKey.get(tenantId) })),
  };
  return Object.fromEntries(
    Object.entries(seed)
      .filter(([, list]) => list.length > 0)
      .map(([name, list]) => [name, list.map(given)]),
  );
}

async function applications(readers: Readers, { applicationKey }: Facts): Promise<Record<string, unknown>[]> {
  const [found, types, plans] = [
    await all(readers.applications, { ownerTenantId: { eq: '' }, terminatedAt: { eq: null } }),
    (await all(readers.licenseTypes)).toSorted((a, b) => a.position - b.position),
    await all(readers.plans),
  ];
  return found.map((application) => ({
    key: applicationKey.get(application.id),
    name: application.name,
    description: application.description || undefined,
    licenseTypes: types.filter(({ applicationId }) => applicationId === application.id).map(({ code }) => code),
    accessUrl: application.accessUrl || undefined,
    loginUrl: application.loginUrl || undefined,
    logoutUrl: application.logoutUrl || undefined,
    properties: writeProperties(application.properties),
    plans: plans
      .filter(({ applicationId }) => applicationId === application.id)
      .map((plan) => ({
        key: plan.key,
        name: plan.name,
        price: { amount: plan.priceMinor.toString(), currency: plan.currency },
        interval: plan.interval,
        trialDays: plan.trialDays,
        seats: plan.seats,
      })),
  }));
}

interface Person {
  readonly user: UserView;
  readonly email: string;
}

/** Everybody with a verified address: without one a file could not name them. */
async function people(readers: Readers): Promise<Person[]> {
  const addresses = await all(readers.userEmails, { verifiedKey: { gt: '' } });
  const first = new Map<string, string>();
  for (const { userId, email, primary } of addresses) if (primary || !first.has(userId)) first.set(userId, email);
  const users = await all(readers.users, { terminatedAt: { eq: null } });
  return users.flatMap((user) => {
    const email = first.get(user.id);
    return email === undefined ? [] : [{ user, email }];
  });
}

async function tenants(readers: Readers, facts: Facts, users: readonly Person[]): Promise<Record<string, unknown>[]> {
  const found = await all(readers.tenants, { key: { gt: '' }, terminatedAt: { eq: null } });
  const memberships = await all(readers.memberships, { instanceId: { eq: '' }, terminatedAt: { eq: null } });
  const licenses = await all(readers.licenses, { releasedAt: { eq: null } });
  const pools = await all(readers.licensePools, { instanceId: { eq: '' } });
  const byId = new Map(users.map((person) => [person.user.id, person]));
  const seatsOf = (userId: string, tenantId: string) =>
    licenses
      .filter((seat) => seat.userId === userId && seat.tenantId === tenantId)
      .filter((seat) => seat.instanceId === '' || facts.instanceKey.has(seat.instanceId))
      .filter((seat) => facts.applicationKey.has(seat.applicationId))
      .map((seat) => ({
        application: facts.applicationKey.get(seat.applicationId),
        licenseType: facts.typeCode.get(seat.licenseTypeId),
        instance: facts.instanceKey.get(seat.instanceId),
      }));
  return found
    .filter(({ id }) => facts.tenantKey.has(id))
    .map((tenant) => ({
      key: tenant.key,
      name: tenant.name,
      kind: tenant.kind,
      parent: facts.tenantKey.get(tenant.parentId),
      channel: facts.channelName.get(tenant.channelId),
      externalId: facts.externalId.get(`${tenant.channelId} ${tenant.id}`),
      country: tenant.country || undefined,
      timeZone: tenant.timeZone || undefined,
      properties: writeProperties(tenant.properties),
      users: memberships
        .filter(({ tenantId, userId }) => tenantId === tenant.id && byId.has(userId))
        .map(({ userId, roles }) => {
          const { user, email } = byId.get(userId)!;
          const name = { givenName: user.givenName || undefined, familyName: user.familyName || undefined };
          return { email, ...name, locale: user.locale || undefined, roles, licenses: seatsOf(userId, tenant.id) };
        }),
      pools: pools
        .filter(({ tenantId, applicationId }) => tenantId === tenant.id && facts.applicationKey.has(applicationId))
        .map(({ applicationId, licenseTypeId, quantity, oversell }) => ({
          application: facts.applicationKey.get(applicationId),
          licenseType: facts.typeCode.get(licenseTypeId),
          quantity,
          oversell,
        })),
    }));
}

async function instances(readers: Readers, facts: Facts): Promise<Record<string, unknown>[]> {
  const found = await all(readers.instances, { key: { gt: '' }, terminatedAt: { eq: null } });
  const subscriptions = await all(readers.subscriptions, { status: { in: ['ACTIVE', 'SUSPENDED'] } });
  return found
    .filter(({ id }) => facts.instanceKey.has(id))
    .map((instance) => ({
      key: instance.key,
      tenant: facts.tenantKey.get(instance.tenantId),
      application: facts.applicationKey.get(instance.applicationId),
      name: instance.name || undefined,
      plan: facts.planKey.get(subscriptions.find(({ instanceId }) => instanceId === instance.id)?.planId ?? ''),
      channel: facts.channelName.get(instance.channelId),
      externalId: facts.externalId.get(`${instance.channelId} ${instance.id}`),
      accessUrl: instance.accessUrl || undefined,
      properties: writeProperties(instance.properties),
    }));
}

function levelName(level: number | null): string | undefined {
  return Object.entries(operatorLevels).find(([, value]) => value === level)?.[0];
}

/** Without what is not given, so that the file stays short. */
function given(value: Record<string, unknown>): Record<string, unknown> {
  return JSON.parse(JSON.stringify(value)) as Record<string, unknown>;
}
