import type { Unit } from '../../../core/repositories.js';
import { requireRight } from '../../../core/shared/actor.js';
import { isDomainError } from '../../../core/shared/errors.js';
import type { KakapoCall } from './context.js';

/** How often a call starts again because somebody else changed the same at the same moment; then the refusal is the true one. */
const races = 5;

/**
 * Looks up what a call is about and changes it in one unit, journaled under the operation's name. What was made or deleted between the
 * two is found by looking again. Errors: forbidden (an account that may only read).
 */
export async function change<Found, T>(
  call: KakapoCall,
  look: () => Promise<Found>,
  work: (tx: Unit, found: Found) => Promise<T>,
): Promise<T> {
  requireRight(call.actor, 'write');
  const { operation, requestId, address, channel } = call;
  const command = { name: `kakapo.${operation}`, requestId, channelId: channel.id, address };
  for (let attempt = 1; ; attempt += 1) {
    const found = await look();
    try {
      return await call.ports.uow.run(call.actor, command, (tx) => work(tx, found));
    } catch (error) {
      if (attempt >= races || !isRace(error)) throw error;
    }
  }
}

function isRace(error: unknown): boolean {
  if (isDomainError(error, 'external_id_taken', 'terminated')) return true;
  if (isDomainError(error, 'already_exists')) return error.params.kind === 'externalRef';
  return isDomainError(error, 'not_found') && error.params.kind === 'membership';
}
