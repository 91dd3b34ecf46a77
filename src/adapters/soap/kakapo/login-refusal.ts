import { isDomainError } from '../../../core/shared/errors.js';

const further = 'Please refer to the login history for further information';

/** What a caller is told whose log-in was refused; the same for a name nobody has. Anything else is thrown on. */
export function loginRefusal(error: unknown): string {
  if (isDomainError(error, 'authentication_failed')) return `The login attempt failed. ${further}`;
  if (!isDomainError(error, 'account_locked')) throw error;
  return error.params.byThisAttempt === true
    ? `The login attempt has failed and the account has been locked. ${further}`
    : `The login attempt failed because the account is locked. ${further}`;
}
