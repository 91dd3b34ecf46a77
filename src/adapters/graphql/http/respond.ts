import type { ServerResponse } from 'node:http';
import type { GraphQLError } from 'graphql';
import type { ResponseType } from './headers.js';

/** Writes a complete answer; nothing GraphQL answers may be stored by anybody on the way. */
export function respondText(response: ServerResponse, status: number, contentType: string, body: string): void {
  if (response.destroyed || response.headersSent) return;
  response.writeHead(status, {
    'content-type': `${contentType}; charset=utf-8`,
    'content-length': Buffer.byteLength(body),
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  });
  response.end(body);
}

/**
 * An operation that did not begin: 400 for clients that read `application/graphql-response+json`, 200 for those that read
 * `application/json`, because they take other statuses for a broken server (GraphQL over HTTP, section 6.4.1).
 */
export function respondErrors(response: ServerResponse, type: ResponseType, errors: readonly GraphQLError[]): void {
  const status = type === 'application/json' ? 200 : 400;
  respondText(response, status, type, JSON.stringify({ errors }));
}
