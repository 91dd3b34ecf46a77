import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ExecutionResult } from 'graphql';
import { DomainError } from '../../../core/shared/errors.js';
import { presentDomainError } from '../errors.js';
import type { GraphqlSettings } from '../settings.js';
import type { CloseReason, LiveConnection, LiveConnections } from './connections.js';

export interface EventStreamOptions {
  readonly response: ServerResponse;
  readonly request: IncomingMessage;
  readonly connections: LiveConnections;
  readonly settings: Pick<GraphqlSettings, 'keepAlive'>;
  readonly connection: Omit<LiveConnection, 'close'>;
  /** The answers, until `stop` is aborted. */
  readonly answers: (stop: AbortController) => AsyncIterable<ExecutionResult>;
}

const endings: Record<CloseReason, DomainError> = {
  unauthenticated: new DomainError('session_ended'),
  changed: new DomainError('session_ended'),
  shutdown: new DomainError('busy'),
};

/**
 * GraphQL over server-sent events, one operation per connection ("distinct connections" of the graphql-sse protocol): `next`
 * events with an answer each, then `complete`. Answers are taken from the source as fast as the client reads them.
 * Returns false without having written anything when there are too many connections.
 */
export function startEventStream(options: EventStreamOptions): boolean {
  const { response, request, connections, settings, connection, answers } = options;
  const gone = new AbortController();
  let ending: CloseReason | undefined;
  const close = (reason: CloseReason) => {
    ending ??= reason;
    gone.abort();
  };
  const release = connections.open({ ...connection, close });
  if (release === undefined) return false;

  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-store, no-transform',
    'x-content-type-options': 'nosniff',
    'x-accel-buffering': 'no',
  });
  response.write(':\n\n');
  request.socket.setNoDelay(true);
  request.socket.setTimeout(0);
  const keepAlive = setInterval(() => response.write(':\n\n'), settings.keepAlive);
  keepAlive.unref();
  response.once('close', () => gone.abort());

  const send = async (event: 'next' | 'complete', data: string) => {
    if (response.write(`event: ${event}\ndata: ${data}\n\n`)) return;
    await new Promise<void>((resolve) => {
      response.once('drain', resolve);
      response.once('close', resolve);
    });
  };
  const pump = async () => {
    for await (const answer of answers(gone)) {
      if (response.destroyed) return;
      await send('next', JSON.stringify(answer));
    }
    if (response.destroyed) return;
    if (ending) await send('next', JSON.stringify({ errors: [presentDomainError(endings[ending])] }));
    await send('complete', '');
  };
  void pump().finally(() => {
    clearInterval(keepAlive);
    release();
    response.end();
  });
  return true;
}
