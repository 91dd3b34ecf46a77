import { DomainError, type ErrorCode, invalid, isDomainError, notFound } from '../../../core/shared/errors.js';

/** Result codes of spec NEC 4.3. */
export const resultCodes = {
  done: 0,
  invalidParameter: 1,
  realmUnknown: 2,
  userUnknown: 3,
  differentData: 4,
  deleted: 5,
  invalidStatus: 6,
  notAllowed: 7,
  quantity: 8,
  version: 9,
  requestIdReused: 10,
  internal: 99,
} as const;

export interface Outcome {
  readonly resultCode: number;
  readonly resultMessage: string;
}

/** A status number that means nothing here (code 6). */
export class InvalidStatus extends DomainError {
  constructor(status: number) {
    super('invalid_value', { field: 'status', problem: `${status} is not a status` });
  }
}

/** Why one user of a list was refused, in a command that is all or nothing. */
export class UserRefused extends DomainError {
  constructor(
    readonly userId: string,
    readonly reason: DomainError,
  ) {
    super(reason.code, reason.params, { cause: reason });
  }
}

export const required = (field: string): DomainError => invalid(field, 'is required');
export const unknownRealm = (): DomainError => notFound('instance');
export const unknownUser = (): DomainError => notFound('membership');

const codes: Readonly<Record<ErrorCode, number>> = {
  invalid_value: resultCodes.invalidParameter,
  unknown_reference: resultCodes.invalidParameter,
  invalid_cursor: resultCodes.invalidParameter,
  no_license_type: resultCodes.invalidParameter,
  authentication_failed: resultCodes.notAllowed,
  token_invalid: resultCodes.notAllowed,
  login_token_invalid: resultCodes.notAllowed,
  account_locked: resultCodes.notAllowed,
  session_ended: resultCodes.notAllowed,
  forbidden: resultCodes.notAllowed,
  not_usable: resultCodes.notAllowed,
  password_not_yours: resultCodes.notAllowed,
  not_found: resultCodes.invalidParameter,
  already_exists: resultCodes.differentData,
  external_id_taken: resultCodes.differentData,
  version_conflict: resultCodes.internal,
  other_license_held: resultCodes.differentData,
  idempotency_conflict: resultCodes.requestIdReused,
  wrong_state: resultCodes.notAllowed,
  terminated: resultCodes.deleted,
  holds_remain: resultCodes.notAllowed,
  approval_open: resultCodes.notAllowed,
  disable_missing: resultCodes.notAllowed,
  in_use: resultCodes.notAllowed,
  pool_exhausted: resultCodes.quantity,
  quantity_below_use: resultCodes.quantity,
  throttled: resultCodes.internal,
  feature_off: resultCodes.version,
  busy: resultCodes.internal,
};

const realmKinds: readonly unknown[] = ['instance', 'tenant'];
const userKinds: readonly unknown[] = ['membership', 'user'];

/** What a refusal is called in this protocol. Texts carry our error catalogue's words only where they are the marketplace's too. */
export function outcomeOf(error: DomainError): Outcome {
  const resultCode = codeOf(error);
  return { resultCode, resultMessage: messageOf(error, resultCode) };
}

function codeOf(error: DomainError): number {
  if (error instanceof InvalidStatus) return resultCodes.invalidStatus;
  if (isDomainError(error, 'not_found')) {
    if (realmKinds.includes(error.params.kind)) return resultCodes.realmUnknown;
    if (userKinds.includes(error.params.kind)) return resultCodes.userUnknown;
  }
  return codes[error.code];
}

const stoppedBy: Readonly<Record<string, string>> = {
  user: 'the user is disabled',
  membership: 'the user is disabled',
  license: 'the user has no licence',
  subscription: 'the subscription is suspended or ended',
};

function messageOf(error: DomainError, resultCode: number): string {
  const of = error instanceof UserRefused ? `user ${error.userId}: ` : '';
  switch (resultCode) {
    case resultCodes.realmUnknown:
      return `${of}realm unknown`;
    case resultCodes.userUnknown:
      return `${of}user unknown in this realm`;
    case resultCodes.deleted:
      return `${of}${realmKinds.includes(error.params.kind) ? 'realm' : 'user'} deleted`;
    case resultCodes.requestIdReused:
      return 'requestId was used before with different content';
    case resultCodes.version:
      return 'this version does not support the operation';
    case resultCodes.internal:
      return `${of}retry later`;
    default:
      return of + words(error);
  }
}

function words(error: DomainError): string {
  switch (error.code) {
    case 'not_usable':
      return stoppedBy[String(error.params.reason)] ?? 'the realm is disabled';
    case 'holds_remain':
      return `still disabled by: ${error.params.authorities}`;
    case 'already_exists':
    case 'external_id_taken':
      return 'already exists with different data';
    case 'pool_exhausted':
      return `no free licence ${error.params.licenseType}: ${error.params.used} of ${error.params.quantity} in use`;
    case 'no_license_type':
      return 'licenceCodes: the application has none to give';
    case 'forbidden':
      return 'this account may not do that';
    default:
      return error.message;
  }
}

/** Refusals that are remembered with their requestId: codes 1 to 9. The others may be tried again. */
export function isRememberable(outcome: Outcome): boolean {
  return outcome.resultCode >= 1 && outcome.resultCode <= 9;
}
