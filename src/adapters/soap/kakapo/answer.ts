import { type DomainError, type ErrorCode, type ErrorParams, isDomainError } from '../../../core/shared/errors.js';
import type { KakapoCall } from './context.js';
import { Refusal } from './refusal.js';
import { shown } from './words.js';

type Text = (params: ErrorParams, call: Pick<KakapoCall, 'operation'>) => string;

/** What callers see of the model's kinds; a level of the hierarchy that vanished under a call is not told apart. */
const kinds: Readonly<Record<string, string>> = {
  tenant: 'System provider, reseller or group',
  membership: 'User',
  user: 'User',
  userEmail: 'E-mail address',
  externalRef: 'Id',
  licensePool: 'License pool',
  licenseType: 'License type',
  license: 'License',
  application: 'Application',
  channelRecord: 'Queue or media stream',
};
const kindOf = ({ kind }: ErrorParams): string => kinds[String(kind)] ?? 'The object';
const text = (value: unknown): string => shown(String(value ?? ''));

const notAllowed: Text = (_params, { operation }) => `The interface user is not allowed to call ${operation}`;
const failedLogin: Text = () => 'The login attempt failed';
/** The hub's own affair: a fault, no refusal. */
const internal = undefined;

const texts: Readonly<Record<ErrorCode, Text | undefined>> = {
  invalid_value: ({ field, problem }) => `${text(field)} ${text(problem)}`,
  unknown_reference: (params) => `${kindOf(params)} '${text(params.key)}' was not found`,
  no_license_type: internal,
  invalid_cursor: internal,
  authentication_failed: failedLogin,
  account_locked: failedLogin,
  token_invalid: failedLogin,
  login_token_invalid: failedLogin,
  session_ended: failedLogin,
  forbidden: notAllowed,
  not_usable: notAllowed,
  password_not_yours: () => 'The user also belongs elsewhere: only they can set the password',
  not_found: (params) => `${kindOf(params)} was not found`,
  already_exists: (params) => `${kindOf(params)} '${text(params.key)}' already exists`,
  external_id_taken: ({ externalId }) => `'${text(externalId)}' already exists`,
  other_license_held: ({ application, held }) => `The user already holds ${text(application)} ${text(held)}`,
  wrong_state: (params) => `${kindOf(params)} is ${text(params.state)}`,
  terminated: (params) => `${kindOf(params)} was not found`,
  holds_remain: (params) => `${kindOf(params)} is on hold`,
  approval_open: (params) => `${kindOf(params)} waits for an approval`,
  disable_missing: internal,
  in_use: ({ kind, by }) => `${text(kind)} is still in use by ${text(by)}`,
  pool_exhausted: ({ licenseType }) => `No pool has a free ${text(licenseType)} license`,
  quantity_below_use: ({ used }) => `${text(used)} licenses are consumed: the quantity cannot be lower`,
  throttled: ({ retryAfterSeconds }) => `Too many attempts: wait ${text(retryAfterSeconds)} s`,
  feature_off: ({ feature }) => `${text(feature)} is switched off`,
  version_conflict: internal,
  idempotency_conflict: internal,
  busy: internal,
};

/** The words of a refusal, shortened where they repeat what was sent; undefined for what is the hub's own trouble. */
export function errorMessageOf(error: unknown, call: Pick<KakapoCall, 'operation'>): string | undefined {
  if (error instanceof Refusal) return error.message;
  return isDomainError(error) ? textOf(error, call) : undefined;
}

function textOf({ code, params }: DomainError, call: Pick<KakapoCall, 'operation'>): string | undefined {
  return texts[code]?.(params, call);
}
