import { isDomainError } from '../../../../core/shared/errors.js';

/** What the caller of a call that could not be carried out is told: nothing of the inside but where to look for it. */
export function internalErrorText(error: unknown, requestId: string): string {
  return isDomainError(error, 'busy')
    ? 'The service is busy. Please try again later.'
    : `An internal error has occurred. Request ${requestId}`;
}
