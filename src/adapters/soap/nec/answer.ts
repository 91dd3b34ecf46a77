import { isDomainError } from '../../../core/shared/errors.js';
import { checkOptionalText } from '../../../core/shared/text.js';
import type { SoapCall } from '../kit/index.js';
import type { NecActor } from './authenticate.js';
import { refusalFields } from './command.js';
import type { Fields, NecContext, Operation } from './context.js';
import { resultCodes } from './faults.js';
import type { Common } from './messages.js';

const longestRequestId = 64;

/**
 * Runs one operation and makes the common part of its answer. Business failures are answers with a code; what nobody expected is
 * code 99 with our request id, and goes to the log (spec NEC 4.3).
 */
export async function answer(
  context: NecContext,
  operation: Operation,
  input: Common,
  soap: SoapCall<unknown, NecActor>,
): Promise<Fields> {
  const { requestId } = input;
  const { operation: name, actor, address } = soap;
  const common = requestId === undefined ? {} : { requestId };
  try {
    if (requestId !== undefined) checkOptionalText('requestId', requestId, longestRequestId);
    const call = { ...context, operation: name, actor, address, requestId: soap.requestId };
    const fields = await operation(input, call);
    return { resultCode: resultCodes.done, resultMessage: 'OK', ...fields, ...common };
  } catch (error) {
    if (isDomainError(error)) return { ...refusalFields(error), ...common };
    context.ports.logger.error({ err: error, requestId: soap.requestId, operation: name }, 'a NEC call failed');
    const resultMessage = `internal error, retry later (${soap.requestId})`;
    return { resultCode: resultCodes.internal, resultMessage, ...common };
  }
}
