/**
 * The one error catalogue. `kind` is a closed set that every transport maps once (docs/errors.md has the table);
 * `text` may show parameters by name, and must never show a secret.
 */
export const errorKinds = [
  'invalid',
  'unauthenticated',
  'forbidden',
  'not_found',
  'conflict',
  'wrong_state',
  'exhausted',
  'throttled',
  'unavailable',
] as const;
export type ErrorKind = (typeof errorKinds)[number];

export const errorCatalogue = {
  invalid_value: { kind: 'invalid', text: '{field}: {problem}' },
  unknown_reference: { kind: 'invalid', text: '{kind} "{key}" is not known' },
  invalid_cursor: { kind: 'invalid', text: 'the cursor does not belong to this list, ordering and filter' },
  no_license_type: { kind: 'invalid', text: 'application "{application}" has no license type to give' },

  authentication_failed: { kind: 'unauthenticated', text: 'authentication failed' },
  token_invalid: { kind: 'unauthenticated', text: 'the access token is missing, expired or revoked' },
  login_token_invalid: { kind: 'unauthenticated', text: 'the one-time token is unknown, used or expired' },
  account_locked: { kind: 'unauthenticated', text: 'the account is locked until an operator unlocks it' },
  session_ended: { kind: 'unauthenticated', text: 'the session has ended' },

  forbidden: { kind: 'forbidden', text: 'this needs the right to {right}' },
  not_usable: { kind: 'forbidden', text: 'not usable: {reason}' },
  password_not_yours: { kind: 'forbidden', text: 'this person also belongs elsewhere; only they can set the password' },

  not_found: { kind: 'not_found', text: '{kind} not found' },

  already_exists: { kind: 'conflict', text: '{kind} "{key}" already exists' },
  external_id_taken: { kind: 'conflict', text: 'external id "{externalId}" is taken' },
  version_conflict: { kind: 'conflict', text: '{kind} is at version {actual}, not {expected}: read it again' },
  other_license_held: {
    kind: 'conflict',
    text: 'a {held} license of {application} is held: {licenseType} cannot be held beside it',
  },
  idempotency_conflict: { kind: 'conflict', text: 'the key "{key}" was used before with different content' },

  wrong_state: { kind: 'wrong_state', text: '{kind} is {state}: {command} is not allowed' },
  terminated: { kind: 'wrong_state', text: '{kind} is deleted' },
  holds_remain: { kind: 'wrong_state', text: '{kind} is still on hold by: {authorities}' },
  approval_open: { kind: 'wrong_state', text: '{kind} already has an open approval' },
  disable_missing: { kind: 'wrong_state', text: 'enable refused: {missing} has not been received' },
  in_use: { kind: 'wrong_state', text: '{kind} is still in use by {by}' },

  pool_exhausted: { kind: 'exhausted', text: 'no free {licenseType} license: {used} of {quantity} are in use' },
  quantity_below_use: { kind: 'exhausted', text: '{licenseType}: {quantity} is below the {used} in use' },

  throttled: { kind: 'throttled', text: 'too many attempts: wait {retryAfterSeconds} s' },

  feature_off: { kind: 'unavailable', text: '{feature} is switched off here' },
  busy: { kind: 'unavailable', text: 'the hub is busy: try again' },
} as const satisfies Record<string, { kind: ErrorKind; text: string }>;

export type ErrorCode = keyof typeof errorCatalogue;
export type ErrorParams = Readonly<Record<string, string | number | boolean | readonly string[]>>;

/** The only error the core throws on purpose. Anything else is internal: logged with a request id, no text for the caller. */
export class DomainError extends Error {
  readonly code: ErrorCode;
  readonly params: ErrorParams;

  constructor(code: ErrorCode, params: ErrorParams = {}, options?: { cause?: unknown }) {
    super(renderError(code, params), options);
    this.name = 'DomainError';
    this.code = code;
    this.params = params;
  }

  get kind(): ErrorKind {
    return errorCatalogue[this.code].kind;
  }
}

function renderError(code: ErrorCode, params: ErrorParams): string {
  return errorCatalogue[code].text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(params[name] ?? '?'));
}

/** Another tenant's object and a missing one give this same answer. */
export function notFound(kind: string): DomainError {
  return new DomainError('not_found', { kind });
}

export function invalid(field: string, problem: string): DomainError {
  return new DomainError('invalid_value', { field, problem });
}

export function isDomainError(error: unknown, ...codes: ErrorCode[]): error is DomainError {
  return error instanceof DomainError && (codes.length === 0 || codes.includes(error.code));
}
