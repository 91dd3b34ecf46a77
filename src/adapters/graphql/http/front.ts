import type { IncomingMessage, ServerResponse } from 'node:http';
import { GraphQLError } from 'graphql';
import type { Actor } from '../../../core/shared/actor.js';
import { DomainError } from '../../../core/shared/errors.js';
import { createContext } from '../context.js';
import { type Admitted, isAdmitted, type OperationRequest } from '../documents/admit.js';
import type { Engine } from '../engine.js';
import { presentUnknown } from '../errors.js';
import type { Apollo } from '../execution/apollo.js';
import type { IdeFiles } from '../ide/ide-files.js';
import { startEventStream } from '../live/event-stream-http.js';
import { subscribeTo } from '../live/subscribe.js';
import type { RequestInfo } from '../request-info.js';
import { answerOptions, applyCors } from './cors.js';
import { asksFor, bearerToken, chooseResponseType, type ResponseType } from './headers.js';
import { parametersOfBody, parametersOfUrl } from './parameters.js';
import type { PersistedQueries } from './persisted-queries.js';
import { Refusal } from './refusal.js';
import { respondErrors, respondText } from './respond.js';

export interface HttpFront {
  handle(request: IncomingMessage, response: ServerResponse, info: RequestInfo): Promise<void>;
}

export interface HttpFrontParts<Services> {
  readonly engine: Engine<Services>;
  readonly apollo: Apollo<Services>;
  readonly persisted: PersistedQueries;
  readonly ide: IdeFiles;
}

interface Exchange {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly info: RequestInfo;
  readonly url: URL;
}

const statusOfKind: Partial<Record<DomainError['kind'], number>> = {
  unauthenticated: 401,
  throttled: 429,
  unavailable: 503,
};

/** The endpoint on `node:http`: no framework, because here every microsecond is per request (bench/). */
export function createHttpFront<Services>({ engine, apollo, persisted, ide }: HttpFrontParts<Services>): HttpFront {
  const { settings, services, log } = engine;

  const answerOperation = async (exchange: Exchange, type: ResponseType) => {
    const { request, response, info } = exchange;
    const token = bearerToken(request.headers.authorization);
    const actor = await engine.authenticate(token, info);
    const operation = await readOperation(exchange);
    if (operation instanceof GraphQLError) return respondErrors(response, type, [operation]);
    const admitted = engine.admit(operation, actor);
    if (!isAdmitted(admitted)) return respondErrors(response, type, admitted);
    requireMethod(request.method, admitted);
    if (admitted.operation.operation === 'subscription') {
      throw new Refusal(400, 'subscriptions need accept: text/event-stream, or a WebSocket');
    }
    const context = createContext({ actor, requestId: info.requestId, address: info.address }, services);
    const answer = await apollo.run({ responseType: type, request: operation, admitted, context });
    if (answer.body.kind !== 'complete') throw new Error('the answer came in parts');
    const status = answer.status ?? 200;
    respondText(response, status === 400 && type === 'application/json' ? 200 : status, type, answer.body.string);
  };

  const answerStream = async (exchange: Exchange) => {
    const { request, response, info } = exchange;
    const token = bearerToken(request.headers.authorization);
    const authenticate = () => engine.authenticate(token, info);
    const actor = await authenticate();
    const operation = await readOperation(exchange);
    if (operation instanceof GraphQLError)
      return respondErrors(response, 'application/graphql-response+json', [operation]);
    const admitted = engine.admit(operation, actor);
    if (!isAdmitted(admitted)) return respondErrors(response, 'application/graphql-response+json', admitted);
    requireMethod(request.method, admitted);
    const started = startEventStream({
      request,
      response,
      settings,
      connections: engine.connections,
      connection: { actor, address: info.address, authenticate },
      answers: (stop) => answersOf(admitted, operation, actor, info, stop),
    });
    if (!started) throw new DomainError('throttled', { retryAfterSeconds: 30 });
  };

  const answersOf = (
    admitted: Admitted,
    { variables }: OperationRequest,
    actor: Actor,
    { requestId, address }: RequestInfo,
    stop: AbortController,
  ) => {
    const context = (signal: AbortSignal) => createContext({ actor, requestId, address, signal }, services);
    if (admitted.operation.operation !== 'subscription') {
      return once(() => engine.execute({ ...admitted, variables, context: context(stop.signal) }));
    }
    return subscribeTo({ schema: engine.schema, admitted, variables, context, stop, log });
  };

  const readOperation = async ({ request, url }: Exchange): Promise<OperationRequest | GraphQLError> => {
    const parameters =
      request.method === 'POST'
        ? await parametersOfBody(request, settings)
        : parametersOfUrl(url.searchParams, settings);
    const query = persisted.resolve(parameters);
    if (query instanceof GraphQLError) return query;
    return { query, operationName: parameters.operationName, variables: parameters.variables };
  };

  const route = async (exchange: Exchange, type: () => ResponseType) => {
    const { request, response, url } = exchange;
    const { accept } = request.headers;
    if (request.method === 'OPTIONS') return answerOptions(request, response, settings.corsOrigins);
    if (url.pathname !== settings.path) return ide.answer(request, response, url.pathname);
    if (request.method !== 'GET' && request.method !== 'HEAD' && request.method !== 'POST') {
      throw new Refusal(405, 'only GET and POST', { allow: 'GET, HEAD, POST, OPTIONS' });
    }
    if (request.method !== 'POST' && asksFor(accept, 'text/html') && !url.searchParams.has('query')) {
      return ide.answerPage(response);
    }
    if (asksFor(accept, 'text/event-stream')) return answerStream(exchange);
    return answerOperation(exchange, type());
  };

  return {
    async handle(request, response, info) {
      response.setHeader('x-request-id', info.requestId);
      applyCors(request, response, settings.corsOrigins);
      let type: ResponseType = 'application/json';
      try {
        const exchange = { request, response, info, url: new URL(request.url ?? '/', 'http://hub') };
        await route(exchange, () => {
          type = chooseResponseType(request.headers.accept);
          return type;
        });
      } catch (error) {
        refuse(response, type, error, info.requestId);
      }
    },
  };

  function refuse(response: ServerResponse, type: ResponseType, error: unknown, requestId: string): void {
    let status = 500;
    let shown: GraphQLError;
    if (error instanceof Refusal) {
      status = error.status;
      shown = error.error;
      for (const [name, value] of Object.entries(error.headers)) response.setHeader(name, value);
    } else {
      shown = presentUnknown(error, requestId, log);
      if (error instanceof DomainError) status = statusOfKind[error.kind] ?? 400;
    }
    if (status === 401 && !response.hasHeader('www-authenticate')) {
      response.setHeader('www-authenticate', 'Bearer realm="mercator", error="invalid_token"');
    }
    if (status === 429 || status === 503) response.setHeader('retry-after', '30');
    respondText(response, status, type, JSON.stringify({ errors: [shown] }));
  }
}

function requireMethod(method: string | undefined, { operation }: Admitted): void {
  if (method === 'POST' || operation.operation === 'query') return;
  // An event stream is opened with GET by browsers' EventSource: reading is all a subscription does.
  if (operation.operation === 'subscription') return;
  throw new Refusal(405, 'mutations need POST', { allow: 'POST' });
}

async function* once<Value>(make: () => Promise<Value>): AsyncGenerator<Value, void> {
  yield await make();
}
