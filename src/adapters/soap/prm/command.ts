import type { Unit } from '../../../core/repositories.js';
import { isDomainError } from '../../../core/shared/errors.js';
import type { PrmCall } from './context.js';

/** How often a unit starts again because another one took the same id at the same moment; then the refusal is the true one. */
const races = 3;
const taken: readonly unknown[] = ['externalRef', 'serviceAccount'];

/** One unit of work for one message, journaled under the operation's name. */
export async function run<T>(call: PrmCall, work: (tx: Unit) => Promise<T>): Promise<T> {
  const { service, operation, requestId, address, channel } = call;
  const command = { name: `prm.${service}.${operation}`, requestId, channelId: channel.id, address };
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call.ports.uow.run(call.actor, command, work);
    } catch (error) {
      const raced = isDomainError(error, 'already_exists') && taken.includes(error.params.kind);
      if (attempt >= races || !raced) throw error;
    }
  }
}
