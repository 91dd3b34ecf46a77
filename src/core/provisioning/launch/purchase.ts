import { openSubscription } from '../../billing/index.js';
import { bindExternalRef, findExternalRef } from '../../marketplace/index.js';
import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import type { Tenant } from '../../tenancy/index.js';
import type { Instance } from '../model.js';
import { provisionInstance } from '../use-cases/provision-instance.js';
import { ensureCompany } from './company.js';
import type { LaunchFacts } from './facts.js';
import { reopenInstance } from './reopen.js';
import { applicationSold, planSold, seatSold } from './what-is-sold.js';

/** A group as it is here: its tenant, locked, and its instance. */
export interface Purchase {
  readonly tenant: Tenant;
  readonly instance: Instance;
  readonly created: boolean;
}

/**
 * The instance of a group with its tenant, subscription and pool: as they are, open again with a new subscription, or made (spec
 * Maestrano 1.4 linking 1 and 6). What begins, for the first time or again, is to be filled from the marketplace (task `import`).
 */
export async function ensurePurchase(tx: Unit, facts: LaunchFacts): Promise<Purchase> {
  const { channelId, groupUid } = facts;
  const key = { channelId, kind: 'instance', externalId: groupUid } as const;
  const ref = await findExternalRef(tx, key);
  if (ref !== undefined) {
    const seen = found('instance', await tx.instances.find(ref.targetId));
    return presentPurchase(tx, facts, seen.id, seen.tenantId);
  }
  const { tenant, created } = await ensureCompany(tx, facts);
  const application = await applicationSold(tx, facts);
  const plan = await planSold(tx, facts, application.id);
  const seat = await seatSold(tx, facts, application.id);
  const { instance } = await provisionInstance(tx, {
    tenantId: tenant.id,
    applicationId: application.id,
    channelId,
    planId: plan?.id ?? null,
    trialEndsAt: facts.trialEndsAt,
    licenses: [{ licenseTypeId: seat.id, quantity: 0 }],
  });
  await bindExternalRef(tx, { ...key, targetId: instance.id });
  await importLater(tx, instance);
  return { tenant, instance, created };
}

async function presentPurchase(tx: Unit, facts: LaunchFacts, instanceId: string, tenantId: string): Promise<Purchase> {
  const ref = await findExternalRef(tx, { channelId: facts.channelId, kind: 'tenant', externalId: facts.groupUid });
  const tenant =
    ref?.targetId === tenantId
      ? (await ensureCompany(tx, facts)).tenant
      : found('tenant', await tx.tenants.rely(tenantId));
  const instance = found('instance', await tx.instances.find(instanceId));
  if (instance.terminatedAt === null) return { tenant, instance, created: false };
  const opened = await reopenInstance(tx, instance);
  const plan = await planSold(tx, facts, opened.applicationId);
  if (plan !== undefined) {
    await openSubscription(tx, {
      tenantId: tenant.id,
      planId: plan.id,
      instanceId: opened.id,
      channelId: facts.channelId,
      trialEndsAt: facts.trialEndsAt,
    });
  }
  await importLater(tx, opened);
  return { tenant, instance: opened, created: false };
}

function importLater(tx: Unit, { id, channelId }: Instance): Promise<void> {
  return tx.channelTasks.add({ channelId, kind: 'import', subjectId: id, data: {} });
}
