import type { IncomingMessage, ServerResponse } from 'node:http';

const allowedHeaders = 'authorization, content-type, accept, x-request-id, last-event-id';
const exposedHeaders = 'x-request-id, www-authenticate, retry-after';

/**
 * Other web sites, from a fixed list: origins are compared exactly, `*` and `null` are never allowed, and no credentials are
 * ever shared (only Bearer tokens count here).
 */
export function applyCors(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): void {
  const origin = request.headers.origin;
  if (origins.length > 0) response.setHeader('vary', 'origin');
  if (origin === undefined || !origins.includes(origin)) return;
  response.setHeader('access-control-allow-origin', origin);
  response.setHeader('access-control-expose-headers', exposedHeaders);
}

export function answerOptions(request: IncomingMessage, response: ServerResponse, origins: readonly string[]): void {
  const origin = request.headers.origin;
  response.setHeader('allow', 'GET, HEAD, POST, OPTIONS');
  if (origin !== undefined && origins.includes(origin)) {
    response.setHeader('access-control-allow-methods', 'GET, POST');
    response.setHeader('access-control-allow-headers', allowedHeaders);
    response.setHeader('access-control-max-age', '600');
  }
  response.writeHead(204).end();
}

/** WebSockets know no CORS, so their Origin is checked here: our own site, the list, or no browser at all. */
export function isAllowedOrigin(request: IncomingMessage, origins: readonly string[]): boolean {
  const origin = request.headers.origin;
  if (origin === undefined || origins.includes(origin)) return true;
  try {
    return new URL(origin).host === request.headers.host;
  } catch {
    return false;
  }
}
