import { randomBytes } from 'node:crypto';

/** A request id or idempotency key nobody else uses. */
export function nextRequestId(): string {
  return `sim-${randomBytes(9).toString('base64url')}`;
}
