import type { Unit } from '../../repositories.js';
import { actorName } from '../../shared/actor.js';
import { checkNotTerminated, checkReference, checkVersion, found } from '../../shared/checks.js';
import type { Instant } from '../../shared/clock.js';
import { invalid } from '../../shared/errors.js';
import { checkInstant, checkQuantity } from '../../shared/text.js';
import { requireReach, requireSeller } from '../../tenancy/index.js';
import type { ScheduledCommand } from '../model.js';

/** What a purchase shall be from some day on; what is not named stays. */
export interface PurchaseChange {
  readonly planId?: string;
  /** Absolute quantities. */
  readonly quantities: readonly { readonly licenseTypeId: string; readonly quantity: number }[];
}

export interface ScheduleChangeInput {
  readonly instanceId: string;
  readonly change: PurchaseChange;
  readonly dueAt: Instant;
  readonly expectedVersion?: number | null;
}

/**
 * Agrees now on a change of a purchase that takes effect at `dueAt`; `runDueCommand` carries it out. Whether quantities suffice
 * is judged then, because seats may be given back until then.
 * Errors: not_found, forbidden, terminated, version_conflict, unknown_reference, invalid_value.
 */
export async function scheduleChange(tx: Unit, input: ScheduleChangeInput): Promise<ScheduledCommand> {
  const instance = found('instance', await tx.instances.find(input.instanceId));
  await requireReach(tx, 'write', 'instance', { tenantId: instance.tenantId, channelId: instance.channelId });
  checkNotTerminated('instance', instance);
  checkVersion('instance', instance, input.expectedVersion);
  if (input.change.quantities.length > 0) {
    // Carried out later by the hub itself, so what buying needs (`setPoolQuantity`) must be asked now.
    const tenant = found('tenant', await tx.tenants.find(instance.tenantId));
    await requireSeller(tx, 'instance', tenant, instance.channelId);
  }
  const dueAt = checkInstant('dueAt', input.dueAt);
  if (dueAt <= tx.now) throw invalid('dueAt', 'must lie in the future');
  await checkReference('plan', tx.plans, input.change.planId ?? '');
  for (const { licenseTypeId, quantity } of input.change.quantities) {
    checkQuantity('quantity', quantity);
    await checkReference('licenseType', tx.licenseTypes, licenseTypeId);
  }
  return tx.scheduledCommands.insert({
    id: tx.ids.next('scheduledCommand'),
    createdAt: tx.now,
    command: 'changePurchase',
    objectId: instance.id,
    channelId: instance.channelId,
    requestId: tx.command.requestId,
    requestedBy: actorName(tx.actor),
    input: { ...input.change },
    dueAt,
    doneAt: null,
    failure: '',
  });
}
