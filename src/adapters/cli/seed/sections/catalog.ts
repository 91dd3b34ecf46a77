import {
  type Application,
  addLicenseType,
  defineApplication,
  definePlan,
  updateApplication,
  updatePlan,
} from '../../../../core/catalog/index.js';
import { propertiesFor } from '../properties.js';
import type { SeedItem, SeedPlan } from '../schema.js';
import { fixed, ifKnown, leftWaiting, outcomeOf, type SeedUnit } from '../unit.js';

export async function applyApplications(unit: SeedUnit): Promise<void> {
  for (const [index, item] of unit.seed.applications.entries()) {
    const path = ['applications', index] as const;
    const application = await unit.at(path, () => applyApplication(unit, item));
    for (const [i, plan] of item.plans.entries()) {
      await unit.at([...path, 'plans', i], () => applyPlan(unit, application, plan));
    }
  }
}

async function applyApplication(unit: SeedUnit, item: SeedItem<'applications'>): Promise<Application> {
  const { tx, names, count } = unit;
  const { plans: _plans, licenseTypes, properties, ...given } = item;
  const present = await ifKnown(names.application(item.key));
  const profile = { ...given, ...propertiesFor(properties, present?.properties) };
  if (present === undefined) {
    count('applications', 'created');
    return defineApplication(tx, { ...profile, licenseTypes: licenseTypes.map((code) => ({ code })) });
  }
  const { key: _key, ...change } = profile;
  const waiting = leftWaiting(present, change);
  const application = waiting ? present : await updateApplication(tx, { ...change, id: present.id });
  let outcome = waiting ?? outcomeOf(present, application);
  for (const code of licenseTypes) {
    if ((await ifKnown(names.licenseType(item.key, code))) !== undefined) continue;
    await addLicenseType(tx, { applicationId: application.id, code });
    outcome = 'changed';
  }
  count('applications', outcome);
  return application;
}

async function applyPlan(unit: SeedUnit, application: Application, item: SeedPlan): Promise<void> {
  const { tx, count } = unit;
  const { price, ...rest } = item;
  const present = await tx.plans.findOne({ applicationId: application.id, key: item.key });
  if (present === undefined) {
    await definePlan(tx, { ...rest, ...price, applicationId: application.id });
    return count('plans', 'created');
  }
  fixed('currency', present.currency, price.currency);
  fixed('interval', present.interval, item.interval);
  fixed('seats', present.seats, item.seats ?? 'flat');
  const after = await updatePlan(tx, {
    id: present.id,
    name: item.name ?? item.key,
    amount: price.amount,
    trialDays: item.trialDays ?? 0,
  });
  count('plans', outcomeOf(present, after));
}
