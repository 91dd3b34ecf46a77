import type { Unit } from '../../../core/repositories.js';
import { type DomainError, isDomainError } from '../../../core/shared/errors.js';
import type { Command } from '../../../core/shared/unit-of-work.js';
import type { Fields, NecCall, Work } from './context.js';
import { isRememberable, outcomeOf, UserRefused } from './faults.js';
import { type Common, contentOf } from './messages.js';

/** How often a unit starts again because another one made the same customer or realm at the same moment. */
const races = 3;

/**
 * One unit of work for one message. With a requestId the answer, a refusal too, is kept and given again to the same message
 * (design 10.16); two messages that race to make the same customer or realm are run one after the other. A message that takes several units names
 * each `part` after the first.
 */
export async function runCommand(call: NecCall, input: Common, work: Work, part = ''): Promise<Fields> {
  const command = commandOf(call, input, part);
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call.ports.uow.run(call.actor, command, work);
    } catch (error) {
      if (attempt >= races || !isRace(error)) throw error;
    }
  }
}

/** The same without an inbox: for what must be judged again every time. */
export function runUnkept<T>(call: NecCall, input: Common, work: (tx: Unit) => Promise<T>): Promise<T> {
  const { idempotency: _, ...command } = commandOf(call, input);
  return call.ports.uow.run(call.actor, command, work);
}

export function commandOf(call: NecCall, input: Common, part = ''): Command {
  const { operation, requestId, address, channel } = call;
  const key = input.requestId ?? '';
  return {
    name: `nec.${operation}`,
    requestId,
    channelId: channel.id,
    address,
    ...(key === ''
      ? {}
      : {
          reason: `requestId ${key}`,
          idempotency: {
            scope: channel.id,
            key: part === '' ? key : `${key}\n${part}`, // no requestId has a line break (answer.ts)
            content: contentOf(operation, input),
            refusal,
          },
        }),
  };
}

/** A refusal as it is kept. */
function refusal(error: DomainError): Fields | undefined {
  if (isRace(error)) return undefined;
  const answer = refusalFields(error);
  return isRememberable(outcomeOf(error)) ? answer : undefined;
}

export function refusalFields(error: DomainError): Fields {
  const outcome = outcomeOf(error);
  return error instanceof UserRefused
    ? { ...outcome, results: [{ userId: error.userId, ...outcome }] }
    : { ...outcome };
}

/** Between our look and our write somebody else's unit bound the id. What is refused for good is `already_exists` of the object. */
function isRace(error: unknown): boolean {
  if (isDomainError(error, 'external_id_taken')) return true;
  return isDomainError(error, 'already_exists') && error.params.kind === 'externalRef';
}
