import { openSubscription, type Subscription } from '../../billing/index.js';
import { checkOnSale } from '../../catalog/index.js';
import { type LicensePool, setPoolQuantity } from '../../licensing/index.js';
import type { Unit } from '../../repositories.js';
import { checkChannel, checkNotTerminated, found } from '../../shared/checks.js';
import type { Instant } from '../../shared/clock.js';
import { notFound } from '../../shared/errors.js';
import { activeLifecycle } from '../../shared/lifecycle.js';
import { checkProperties, type Property } from '../../shared/properties.js';
import { checkOptionalText, checkProse } from '../../shared/text.js';
import { requireReach } from '../../tenancy/index.js';
import type { Instance } from '../model.js';
import { checkInstanceUrl, checkParameters } from './configure-instance.js';

export interface ProvisionInstanceInput {
  readonly tenantId: string;
  readonly applicationId: string;
  readonly name?: string;
  readonly key?: string | null;
  readonly channelId?: string;
  readonly accessUrl?: string;
  readonly description?: string;
  readonly properties?: readonly Property[];
  readonly parameters?: Readonly<Record<string, string>>;
  /** With a plan a subscription is opened. */
  readonly planId?: string | null;
  /** Absent: the plan's trial; null: none. */
  readonly trialEndsAt?: Instant | null;
  /** What was bought with it: pools of this instance. */
  readonly licenses?: readonly { readonly licenseTypeId: string; readonly quantity: number }[];
}

export interface ProvisionedInstance {
  readonly instance: Instance;
  readonly subscription: Subscription | null;
  readonly pools: readonly LicensePool[];
}

/**
 * A purchase: the instance, its subscription and its pools, all or nothing.
 * Errors: not_found, forbidden, terminated, wrong_state (application not on sale, plan retired), invalid_value, already_exists.
 */
export async function provisionInstance(tx: Unit, input: ProvisionInstanceInput): Promise<ProvisionedInstance> {
  const tenant = found('tenant', await tx.tenants.rely(input.tenantId));
  await requireReach(tx, 'write', 'tenant', { tenantId: tenant.id, channelId: tenant.channelId });
  checkNotTerminated('tenant', tenant);
  const application = await checkOnSale(tx, input.applicationId, tenant.id);
  if (application.ownerTenantId !== '') await relyOnOwned(tx, application.id);
  const instance = await tx.instances.insert({
    ...activeLifecycle,
    id: tx.ids.next('instance'),
    createdAt: tx.now,
    key: input.key ?? null,
    tenantId: tenant.id,
    applicationId: application.id,
    channelId: checkChannel(tx.actor, input.channelId ?? ''),
    name: checkOptionalText('name', input.name ?? application.name),
    accessUrl: checkInstanceUrl(input.accessUrl ?? ''),
    parameters: checkParameters(input.parameters ?? {}),
    configuredAt: null,
    description: checkProse('description', input.description ?? '', 2_000),
    properties: checkProperties(input.properties ?? []),
    operatorReference: '',
  });
  const subscription =
    input.planId === undefined || input.planId === null
      ? null
      : await openSubscription(tx, {
          tenantId: tenant.id,
          planId: await planOf(tx, input.planId, application.id),
          instanceId: instance.id,
          channelId: instance.channelId,
          ...(input.trialEndsAt === undefined ? {} : { trialEndsAt: input.trialEndsAt }),
        });
  const pools: LicensePool[] = [];
  for (const { licenseTypeId, quantity } of input.licenses ?? []) {
    const type = found('licenseType', await tx.licenseTypes.find(licenseTypeId));
    if (type.applicationId !== application.id) throw notFound('licenseType');
    pools.push(
      await setPoolQuantity(tx, {
        tenantId: tenant.id,
        licenseTypeId,
        instanceId: instance.id,
        channelId: instance.channelId,
        quantity,
      }),
    );
  }
  tx.emit({
    type: 'instance.provisioned',
    aggregate: { kind: 'instance', id: instance.id, version: instance.version },
    tenantId: tenant.id,
    payload: { applicationId: application.id, channelId: instance.channelId },
  });
  return { instance, subscription, pools };
}

/** A provider's own may be ended on request as soon as nobody has it; purchases of the hub's would all wait for each other here. */
async function relyOnOwned(tx: Unit, applicationId: string): Promise<void> {
  checkNotTerminated('application', found('application', await tx.applications.rely(applicationId)));
}

async function planOf(tx: Unit, planId: string, applicationId: string): Promise<string> {
  const plan = found('plan', await tx.plans.find(planId));
  if (plan.applicationId !== applicationId) throw notFound('plan');
  return plan.id;
}
