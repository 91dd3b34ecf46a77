import type { Unit } from '../../repositories.js';
import { found } from '../../shared/checks.js';
import { invalid } from '../../shared/errors.js';
import type { ScheduledCommand } from '../model.js';
import { changePurchase } from './change-purchase.js';
import { endSubscription } from './change-subscription.js';
import type { PurchaseChange } from './schedule-change.js';

/**
 * Carries out what `claimDue` answered, in the same unit, and marks it done. A refusal of the command is thrown: the worker then
 * calls `failDueCommand` in a unit of its own, so that nothing half done is kept and the queue goes on.
 */
export async function runDueCommand(tx: Unit, scheduled: ScheduledCommand): Promise<ScheduledCommand> {
  switch (scheduled.command) {
    case 'endSubscription':
      await endSubscription(tx, { id: scheduled.objectId });
      break;
    case 'changePurchase':
      await changePurchase(tx, { instanceId: scheduled.objectId, ...readChange(scheduled.input) });
  }
  return tx.scheduledCommands.save(scheduled, { doneAt: tx.now, failure: '' });
}

/** Closes a command that was refused when it was due, with the error code, and tells subscribers. Done ones stay as they are. */
export async function failDueCommand(tx: Unit, id: string, failure: string): Promise<ScheduledCommand> {
  const before = found('scheduledCommand', await tx.scheduledCommands.lock(id));
  if (before.doneAt !== null) return before;
  const after = await tx.scheduledCommands.save(before, { doneAt: tx.now, failure });
  const instance = await tx.instances.find(after.objectId);
  tx.emit({
    type: 'scheduled_command.failed',
    aggregate: { kind: 'scheduledCommand', id: after.id, version: after.version },
    tenantId: instance?.tenantId ?? '',
    payload: { command: after.command, objectId: after.objectId, failure },
  });
  return after;
}

function readChange(input: Readonly<Record<string, unknown>>): PurchaseChange {
  const { planId, quantities } = input;
  if (!Array.isArray(quantities)) throw invalid('quantities', 'must be a list');
  return {
    ...(typeof planId === 'string' ? { planId } : {}),
    quantities: quantities.map((item: { licenseTypeId?: unknown; quantity?: unknown }) => {
      if (typeof item.licenseTypeId !== 'string' || typeof item.quantity !== 'number') {
        throw invalid('quantities', 'must name license types and numbers');
      }
      return { licenseTypeId: item.licenseTypeId, quantity: item.quantity };
    }),
  };
}
