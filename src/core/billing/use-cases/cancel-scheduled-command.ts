import type { Unit } from '../../repositories.js';
import { checkVersion, found } from '../../shared/checks.js';
import { DomainError } from '../../shared/errors.js';
import { requireSeller } from '../../tenancy/index.js';
import type { ScheduledCommand } from '../model.js';

/**
 * Takes back what was agreed for later. Whoever sells may, because both sides counted on it.
 * Errors: not_found, forbidden, version_conflict, wrong_state (done, or taken back before).
 */
export async function cancelScheduledCommand(
  tx: Unit,
  input: { readonly id: string; readonly expectedVersion?: number | null },
): Promise<ScheduledCommand> {
  const seen = found('scheduledCommand', await tx.scheduledCommands.find(input.id));
  const tenantId = await requireSellerOf(tx, seen);
  const ending = seen.command === 'endSubscription';
  const subscription = ending ? await tx.subscriptions.lock(seen.objectId) : undefined; // lock order: before the command
  const before = found('scheduledCommand', await tx.scheduledCommands.lock(input.id));
  checkVersion('scheduledCommand', before, input.expectedVersion);
  if (before.doneAt !== null) {
    throw new DomainError('wrong_state', { kind: 'scheduledCommand', state: 'DONE', command: 'cancel' });
  }
  if (subscription !== undefined) await tx.subscriptions.save(subscription, { endsAt: null });
  const after = await tx.scheduledCommands.save(before, { doneAt: tx.now, failure: 'canceled' });
  tx.emit({
    type: 'scheduled_command.canceled',
    aggregate: { kind: 'scheduledCommand', id: after.id, version: after.version },
    tenantId,
    payload: { command: after.command, objectId: after.objectId },
  });
  return after;
}

async function requireSellerOf(tx: Unit, { command, objectId }: ScheduledCommand): Promise<string> {
  const object = await (command === 'endSubscription' ? tx.subscriptions : tx.instances).find(objectId);
  const { tenantId, channelId } = found('scheduledCommand', object);
  const tenant = found('tenant', await tx.tenants.find(tenantId));
  await requireSeller(tx, 'scheduledCommand', tenant, channelId);
  return tenantId;
}
