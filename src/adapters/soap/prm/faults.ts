import { DomainError, type ErrorCode, isDomainError } from '../../../core/shared/errors.js';
import { type AuthenticationFailed, SoapFault, securityFault } from '../kit/index.js';

export type FaultName = 'ACCESS_DENIED' | 'CommonException' | 'INVALID_STATE';

/** One text whether the account is unknown, the password wrong, or the account of the other side. */
export const deniedText = 'not authenticated or not allowed';

const faultsByCode: Readonly<Partial<Record<ErrorCode, FaultName>>> = {
  authentication_failed: 'ACCESS_DENIED',
  token_invalid: 'ACCESS_DENIED',
  forbidden: 'ACCESS_DENIED',
  password_not_yours: 'ACCESS_DENIED',
  wrong_state: 'INVALID_STATE',
  holds_remain: 'INVALID_STATE',
  approval_open: 'INVALID_STATE',
};

/** Everything else, an ended ticket and a member left in a group included, is a CommonException (PRM guide 4.0, its meaning). */
export function faultOf(error: DomainError): FaultName {
  return faultsByCode[error.code] ?? 'CommonException';
}

/** Kinds of errors that the same message would meet again. */
const callersFault: ReadonlySet<DomainError['kind']> = new Set(['invalid', 'not_found', 'unauthenticated']);

/**
 * A refusal as one of the three faults, and never as one the operation does not declare: a wrong state is then a CommonException
 * (`unlockAppInstGroup`).
 */
export function faultFor(error: DomainError, declared: readonly string[]): SoapFault {
  const wanted = faultOf(error);
  const name = declared.includes(wanted) ? wanted : 'CommonException';
  const code = name === 'ACCESS_DENIED' || callersFault.has(error.kind) ? 'Client' : 'Server';
  const message = name === 'ACCESS_DENIED' && error.code !== 'forbidden' ? deniedText : textOf(error);
  return typedFault(code, name, message, stateIn(error));
}

/** What the guides call what an error is about. */
const words: Readonly<Record<string, string>> = {
  tenant: 'provider account',
  application: 'application account',
  instance: 'application instance group',
  serviceLevelGroup: 'group',
  serviceLevelAgreement: 'SLA',
};

function textOf({ code, params, message }: DomainError): string {
  const word = words[String(params.kind)];
  return word === undefined ? message : new DomainError(code, { ...params, kind: word }).message;
}

/** A message that breaks the schema, or means nothing: nothing was done. */
export function invalidRequestFault(problem: string): SoapFault {
  return typedFault('Client', 'CommonException', problem);
}

/** Nobody knows who calls: the WS-Security code that says why, and our ACCESS_DENIED with one text for every reason. */
export function deniedFault(failure: Pick<AuthenticationFailed, 'code'>): SoapFault {
  const detail = { element: 'ACCESS_DENIED', value: { message: deniedText } };
  return securityFault(failure, { text: deniedText, detail });
}

function typedFault(code: 'Client' | 'Server', name: FaultName, message: string, currentState?: string): SoapFault {
  const value = { message, ...(name === 'INVALID_STATE' && currentState !== undefined ? { currentState } : {}) };
  return new SoapFault(code, message, { detail: { element: name, value } });
}

const states = ['REGISTERED', 'ACTIVE', 'INACTIVE', 'UPDATE_PENDING', 'DELETE_PENDING', 'LOCKED'];

function stateIn(error: DomainError): string | undefined {
  const names = isDomainError(error, 'wrong_state') || isDomainError(error, 'approval_open');
  const state = names ? String(error.params.state) : undefined;
  return state !== undefined && states.includes(state) ? state : undefined;
}
