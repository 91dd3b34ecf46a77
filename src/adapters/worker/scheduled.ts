import { failDueCommand, runDueCommand } from '../../core/billing/index.js';
import type { Units } from '../../core/repositories.js';
import { systemActor } from '../../core/shared/actor.js';
import type { Clock } from '../../core/shared/clock.js';
import { type ErrorCode, isDomainError } from '../../core/shared/errors.js';
import type { Ids } from '../../core/shared/ids.js';
import type { Logger } from '../../platform/logger.js';

export interface ScheduledPorts {
  readonly uow: Units;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Pick<Logger, 'warn' | 'error'>;
}

const actor = systemActor('scheduler');

/** Refusals of the moment. */
const passing: ReadonlySet<ErrorCode> = new Set(['busy', 'version_conflict']);

/** Failures without a reason of the core, such as a lost connection, before a command is given up. */
const patience = 5;

/**
 * Carries out what is due, one command after the other, each in a unit of its own. A command the core refuses is closed with its
 * error code, so that those behind it go on. `tries` is kept by the caller between rounds.
 */
export async function runDueCommands(
  ports: ScheduledPorts,
  tries: Map<string, number>,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted && (await runNext(ports, tries))) {
    // the next one
  }
}

/** False when nothing is due. */
async function runNext(ports: ScheduledPorts, tries: Map<string, number>): Promise<boolean> {
  const { uow, clock, ids, logger } = ports;
  let claimed: string | undefined;
  try {
    const done = await uow.run(actor, command(ids, 'billing.runScheduled'), async (tx) => {
      const scheduled = await tx.scheduledCommands.claimDue(clock.now());
      claimed = scheduled?.id;
      return scheduled === undefined ? undefined : (await runDueCommand(tx, scheduled)).id;
    });
    if (done !== undefined) tries.delete(done);
    return done !== undefined;
  } catch (error) {
    if (claimed === undefined) throw error;
    const failure = failureOf(error, claimed, tries);
    if (failure === undefined) throw error;
    const id = claimed;
    logger[failure === 'internal' ? 'error' : 'warn']({ err: error, scheduled: id }, 'a scheduled command failed');
    await uow.run(actor, command(ids, 'billing.failScheduled'), (tx) => failDueCommand(tx, id, failure));
    tries.delete(id);
    return true;
  }
}

/** The code to close the command with; undefined to try it again later. */
function failureOf(error: unknown, id: string, tries: Map<string, number>): string | undefined {
  if (isDomainError(error) && !passing.has(error.code)) return error.code;
  const count = (tries.get(id) ?? 0) + 1;
  tries.set(id, count);
  return count < patience ? undefined : 'internal';
}

function command(ids: Ids, name: string) {
  return { name, requestId: ids.next('request') };
}
