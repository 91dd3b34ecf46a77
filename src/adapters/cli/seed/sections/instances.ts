import { changeSubscriptionPlan, openSubscription } from '../../../../core/billing/index.js';
import { configureInstance, type Instance, provisionInstance } from '../../../../core/provisioning/index.js';
import { propertiesFor } from '../properties.js';
import type { SeedItem } from '../schema.js';
import { fixed, ifKnown, leftWaiting, type Outcome, outcomeOf, type SeedUnit } from '../unit.js';
import { bindExternal } from './tenants.js';

export async function applyInstances(unit: SeedUnit): Promise<void> {
  for (const [index, item] of unit.seed.instances.entries()) {
    await unit.keeping('instances', ['instances', index], () => applyInstance(unit, item));
  }
}

async function applyInstance(unit: SeedUnit, item: SeedItem<'instances'>): Promise<void> {
  const { tx, names, count } = unit;
  const tenant = await names.tenant(item.tenant);
  const application = await names.application(item.application);
  const channel = item.channel === undefined ? undefined : await names.channel(item.channel);
  const planId = item.plan === undefined ? null : (await names.plan(item.application, item.plan)).id;
  const present = await ifKnown(names.instance(item.key));
  const profile = {
    ...(item.name === undefined ? {} : { name: item.name }),
    ...(item.accessUrl === undefined ? {} : { accessUrl: item.accessUrl }),
    ...propertiesFor(item.properties, present?.properties),
  };
  let instance: Instance;
  if (present === undefined) {
    const place = { tenantId: tenant.id, applicationId: application.id, channelId: channel?.id ?? '' };
    ({ instance } = await provisionInstance(tx, { ...profile, ...place, key: item.key, planId }));
    count('instances', 'created');
  } else {
    fixed('tenant', present.tenantId, tenant.id);
    fixed('application', present.applicationId, application.id);
    fixed('channel', present.channelId, channel?.id ?? '');
    const waiting = leftWaiting(present, profile);
    instance = waiting ? present : await configureInstance(tx, { ...profile, id: present.id });
    const subscribed = planId === null ? 'unchanged' : await applySubscription(unit, instance, planId);
    count('instances', subscribed === 'unchanged' ? (waiting ?? outcomeOf(present, instance)) : 'changed');
  }
  if (channel !== undefined && item.externalId !== undefined) {
    await bindExternal(unit, channel, 'instance', instance.id, item.externalId, '');
  }
}

async function applySubscription({ tx }: SeedUnit, instance: Instance, planId: string): Promise<Outcome> {
  const { id: instanceId, tenantId, channelId, applicationId } = instance;
  const subscriptions = await tx.subscriptions.findMany({ tenantId, applicationId, instanceId });
  const open = subscriptions.find(({ status }) => status !== 'ENDED');
  if (open === undefined) {
    await openSubscription(tx, { tenantId, planId, instanceId, channelId });
    return 'created';
  }
  return outcomeOf(open, await changeSubscriptionPlan(tx, { id: open.id, planId }));
}
