import {
  registerClient,
  registerIdentityProvider,
  updateClient,
  updateIdentityProvider,
} from '../../../../core/identity/index.js';
import { registerWebhook, updateWebhook } from '../../../../core/marketplace/index.js';
import { operatorLevels } from '../../../../core/shared/actor.js';
import { invalid } from '../../../../core/shared/errors.js';
import type { SeedItem } from '../schema.js';
import { fixed, outcomeOf, type SeedUnit } from '../unit.js';

export async function applyClients(unit: SeedUnit): Promise<void> {
  for (const [index, item] of unit.seed.clients.entries()) {
    await unit.at(['clients', index], () => applyClient(unit, item));
  }
}

async function applyClient(unit: SeedUnit, item: SeedItem<'clients'>): Promise<void> {
  const { tx, names, count, clientSecrets } = unit;
  const { clientId, clientSecret, application, instance, tenant, level, ...rest } = item;
  const registration = {
    ...rest,
    applicationId: application === undefined ? '' : (await names.application(application)).id,
    instanceId: instance === undefined ? '' : (await names.instance(instance)).id,
    tenantId: tenant === undefined ? '' : (await names.tenant(tenant)).id,
    level: level === undefined ? null : operatorLevels[level],
  };
  const present = await tx.clients.findOne({ clientId });
  const keeps =
    clientSecret === undefined || (present !== undefined && clientSecrets.matches(present.secretHash, clientSecret));
  const secretHash = keeps ? '' : clientSecrets.hash(clientSecret);
  if (present === undefined) {
    await registerClient(tx, { ...registration, clientId, secretHash });
    return count('clients', 'created');
  }
  count('clients', outcomeOf(present, await updateClient(tx, { ...registration, id: present.id, secretHash })));
}

export async function applyIdentityProviders(unit: SeedUnit): Promise<void> {
  for (const [index, item] of unit.seed.identityProviders.entries()) {
    await unit.at(['identityProviders', index], () => applyIdentityProvider(unit, item));
  }
}

async function applyIdentityProvider(unit: SeedUnit, item: SeedItem<'identityProviders'>): Promise<void> {
  const { tx, names, count } = unit;
  const { tenant, clientSecret, ...rest } = item;
  const tenantId = (await names.tenant(tenant)).id;
  const present = await tx.identityProviders.findOne({ key: item.key });
  if (present === undefined) {
    if (clientSecret === undefined) throw invalid('clientSecret', 'is needed for a new identity provider');
    await registerIdentityProvider(tx, { ...rest, clientSecret, tenantId });
    return count('identityProviders', 'created');
  }
  fixed('tenant', present.tenantId, tenantId);
  const after = await updateIdentityProvider(tx, { ...rest, clientSecret: clientSecret ?? '', id: present.id });
  count('identityProviders', outcomeOf(present, after));
}

export async function applyWebhooks(unit: SeedUnit): Promise<void> {
  for (const [index, item] of unit.seed.webhooks.entries()) {
    await unit.at(['webhooks', index], () => applyWebhook(unit, item));
  }
}

async function applyWebhook(unit: SeedUnit, item: SeedItem<'webhooks'>): Promise<void> {
  const { tx, names, count } = unit;
  const { tenant, secret, ...rest } = item;
  const tenantId = tenant === undefined ? '' : (await names.tenant(tenant)).id;
  const registered = await tx.webhooks.findMany({ tenantId });
  const present = registered.find(({ url }) => url === item.url);
  if (present === undefined) {
    if (secret === undefined) throw invalid('secret', 'is needed for a new webhook');
    await registerWebhook(tx, { ...rest, secret, tenantId });
    return count('webhooks', 'created');
  }
  count('webhooks', outcomeOf(present, await updateWebhook(tx, { ...rest, secret: secret ?? '', id: present.id })));
}
