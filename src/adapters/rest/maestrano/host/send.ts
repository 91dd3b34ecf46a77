import type { IncomingMessage, ServerResponse } from 'node:http';
import type { MaestranoAnswer } from '../call.js';
import { mebibyte } from './sizes.js';

/** Larger bodies than any limit are read and thrown away up to here, so that the sender sees the 413. */
export const drainBytes = 8 * mebibyte;

/** What was not read of it is thrown away before the next request; more than this would be for nothing. */
function isSmall({ headers }: IncomingMessage): boolean {
  return Number(headers['content-length']) <= drainBytes;
}

/** `complete`: the request was read, or thrown away, to its end. */
export function send(
  request: IncomingMessage,
  response: ServerResponse,
  given: MaestranoAnswer,
  complete: boolean,
): void {
  if (response.destroyed) return;
  const body = Buffer.from(given.body ?? '');
  const headers: Record<string, string | number | readonly string[]> = {
    'content-length': body.length,
    'x-content-type-options': 'nosniff',
    ...given.headers,
  };
  if (!complete || !(request.complete || isSmall(request))) headers.connection = 'close';
  response.writeHead(given.status, headers as Record<string, string | string[]>);
  response.end(request.method === 'HEAD' ? undefined : body);
}
