import { GraphQLError } from 'graphql';
import { DomainError, type ErrorKind } from '../../core/shared/errors.js';

/** The one place where kinds of the core become `extensions.code`. */
export const codeOfKind: Record<ErrorKind, string> = {
  invalid: 'INVALID',
  unauthenticated: 'UNAUTHENTICATED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  wrong_state: 'WRONG_STATE',
  exhausted: 'EXHAUSTED',
  throttled: 'THROTTLED',
  unavailable: 'UNAVAILABLE',
};

/** What the log gets when a caller gets nothing but a request id. */
export interface ErrorLog {
  error(fields: Readonly<Record<string, unknown>>, message: string): void;
}

/** Codes of requests that never reached a resolver. */
export type RequestErrorCode =
  | 'BAD_REQUEST'
  | 'GRAPHQL_PARSE_FAILED'
  | 'GRAPHQL_VALIDATION_FAILED'
  | 'BAD_USER_INPUT'
  | 'PERSISTED_QUERY_NOT_FOUND';

export function requestError(code: RequestErrorCode, message: string, reason?: string): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...(reason === undefined ? {} : { reason }) } });
}

/** The same error without the schema's names in it ("Did you mean …"), and with a code. */
export function withoutSuggestions(error: GraphQLError, code: RequestErrorCode): GraphQLError {
  return new GraphQLError(error.message.replace(/ Did you mean [^?]*\?/g, ''), {
    nodes: error.nodes,
    source: error.source,
    positions: error.positions,
    extensions: { ...error.extensions, code: error.extensions?.code ?? code },
  });
}

function causeOf(error: unknown): unknown {
  let cause = error;
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError;
  return cause;
}

/** A refusal of the core in GraphQL's words: `code` is the kind, `reason` the catalogue's code. */
export function presentDomainError(error: DomainError): GraphQLError {
  return new GraphQLError(error.message, {
    extensions: { code: codeOfKind[error.kind], reason: error.code, params: error.params },
  });
}

/**
 * An error of an execution as the caller may see it: refusals of the core with their code, mistakes in variables with their
 * text, everything else as INTERNAL with the request id alone (the original goes to the log).
 */
export function presentError(error: GraphQLError, requestId: string, log: ErrorLog): GraphQLError {
  const cause = causeOf(error);
  if (cause instanceof DomainError) return locate(presentDomainError(cause), error);
  // Without a path it happened before any resolver: a variable that does not fit its type, an unknown operation name.
  if (error.path === undefined || /^Argument "/.test(error.message)) {
    const shown = withoutSuggestions(error, 'BAD_USER_INPUT');
    return error.path === undefined ? shown : locate(shown, error);
  }
  return locate(internalError(cause, requestId, log, error.path), error);
}

/** Compiled queries know only where a mistake is (`locations`), not its node. */
function locate(error: GraphQLError, at: GraphQLError): GraphQLError {
  const located = new GraphQLError(error.message, { path: at.path, extensions: error.extensions });
  return at.locations === undefined ? located : Object.assign(located, { locations: at.locations });
}

export function internalError(
  cause: unknown,
  requestId: string,
  log: ErrorLog,
  path?: readonly (string | number)[],
): GraphQLError {
  log.error({ err: cause, requestId, path: path?.join('.') }, 'GraphQL request failed');
  return new GraphQLError('internal error', { extensions: { code: 'INTERNAL', requestId } });
}

/** For what fails outside an execution (authentication, a stream that broke). */
export function presentUnknown(cause: unknown, requestId: string, log: ErrorLog): GraphQLError {
  if (cause instanceof DomainError) return presentDomainError(cause);
  return internalError(cause, requestId, log);
}
