import type { TrafficName, TrafficVerdict } from '../../core/provisioning/index.js';
import { type DomainError, type ErrorKind, isDomainError } from '../../core/shared/errors.js';

/** The answer's body, in the words gateways of this protocol use. */
export function answerOf(verdict: TrafficVerdict, name: TrafficName | undefined) {
  if (!verdict.allowed || name === undefined) return verdict;
  const { client } = verdict;
  return {
    allowed: true,
    tenantId: client.tenantId,
    applicationId: client.applicationId,
    instanceId: client.instanceId,
    channel: client.channelName,
    spAccountId: name.provider,
    appAccountId: name.application,
    appInstGroupId: name.instance,
    spGroupId: client.ownerGroup || null,
    appGroupId: client.applicationGroup || null,
  };
}

export interface Refusal {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: { readonly error: string; readonly message: string };
}

const statusOf: Readonly<Partial<Record<ErrorKind, number>>> = {
  invalid: 400,
  unauthenticated: 401,
  forbidden: 403,
  throttled: 429,
  unavailable: 503,
};

const challenge = 'Basic realm="gateways", charset="UTF-8", Bearer realm="gateways"';

/** What is no answer about traffic. Undefined for what is not refused on purpose. */
export function refusalOf(error: unknown): Refusal | undefined {
  if (isDomainError(error)) return ofDomain(error);
  const { statusCode, message } = error as { statusCode?: unknown; message?: unknown };
  if (typeof statusCode !== 'number' || statusCode < 400 || statusCode > 499) return undefined;
  // Fastify's: too long, of another type, or not what its type says
  return { status: statusCode, headers: {}, body: { error: 'invalid_value', message: `body: ${String(message)}` } };
}

function ofDomain(error: DomainError): Refusal | undefined {
  const status = statusOf[error.kind];
  if (status === undefined) return undefined;
  const wait = error.params.retryAfterSeconds ?? (status === 503 ? 1 : undefined);
  return {
    status,
    headers: {
      ...(status === 401 && { 'www-authenticate': challenge }),
      ...(wait !== undefined && { 'retry-after': String(wait) }),
    },
    body: { error: error.code, message: error.message },
  };
}
