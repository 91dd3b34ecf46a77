import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import type { ExecutionArgs, GraphQLError } from 'graphql';
import { CloseCode, type Context, GRAPHQL_TRANSPORT_WS_PROTOCOL, makeServer, type SubscribePayload } from 'graphql-ws';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Actor } from '../../../core/shared/actor.js';
import { createContext } from '../context.js';
import { type Admitted, isAdmitted, type OperationRequest } from '../documents/admit.js';
import type { Engine } from '../engine.js';
import { presentUnknown, requestError } from '../errors.js';
import { isAllowedOrigin } from '../http/cors.js';
import { bearerToken } from '../http/headers.js';
import { type JsonObject, withoutPrototypes } from '../http/json.js';
import { readParameters } from '../http/parameters.js';
import { Refusal } from '../http/refusal.js';
import type { RequestInfo } from '../request-info.js';
import type { CloseReason } from './connections.js';
import { subscribeTo } from './subscribe.js';

export interface WebSocketFront {
  handleUpgrade(request: IncomingMessage, socket: Duplex, head: Buffer, info: RequestInfo): void;
  stop(): void;
}

interface Session {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly info: RequestInfo;
  actor: Actor | undefined;
  release: (() => void) | undefined;
}

type Connection = Context<JsonObject, Session>;

/** What onSubscribe hands to execute and subscribe; it travels as graphql-ws's `contextValue`. */
interface Run {
  readonly admitted: Admitted;
  readonly variables: JsonObject;
  readonly session: Session;
}

// 1012 (restart) and 1013 (try again later) make clients come back by themselves.
const closings: Record<CloseReason, readonly [number, string]> = {
  unauthenticated: [CloseCode.Forbidden, 'Forbidden'],
  changed: [1012, 'rights have changed'],
  shutdown: [1012, 'shutting down'],
};

/** The token of `connection_init { authorization: "Bearer …" }`, or else of the upgrade's own header. */
function tokenOf(request: IncomingMessage, parameters: JsonObject | undefined): string | undefined {
  const given = parameters?.authorization ?? parameters?.Authorization;
  return bearerToken(typeof given === 'string' ? given : request.headers.authorization);
}

/** GraphQL over WebSocket (the `graphql-transport-ws` protocol), with the limits and checks of the HTTP side. */
export function createWebSocketFront<Services>(engine: Engine<Services>): WebSocketFront {
  const { settings, services, schema, log, connections } = engine;
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: settings.bodyLimit,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) ? GRAPHQL_TRANSPORT_WS_PROTOCOL : false),
  });

  const login = async ({ extra: session, connectionParams }: Connection) => {
    const { request, info, socket } = session;
    try {
      const token = tokenOf(request, connectionParams);
      const authenticate = () => engine.authenticate(token, info);
      session.actor = await authenticate();
      const close = (reason: CloseReason) => socket.close(...closings[reason]);
      session.release = connections.open({ actor: session.actor, address: info.address, authenticate, close });
    } catch {
      return false; // graphql-ws closes with 4403
    }
    if (session.release === undefined) socket.close(1013, 'too many connections');
    return session.release !== undefined;
  };

  const readPayload = (payload: SubscribePayload): OperationRequest => {
    const values = withoutPrototypes(payload, 'the payload', settings.jsonDepth) as JsonObject;
    const { query = '', operationName, variables } = readParameters(values);
    return { query, operationName, variables };
  };

  const admit = (connection: Connection, payload: SubscribePayload): ExecutionArgs | readonly GraphQLError[] => {
    const session = connection.extra;
    if (Object.keys(connection.subscriptions).length > settings.subscriptionsPerConnection) {
      return [requestError('BAD_REQUEST', `at most ${settings.subscriptionsPerConnection} operations at once`)];
    }
    try {
      const request = readPayload(payload);
      const admitted = engine.admit(request, session.actor!);
      if (!isAdmitted(admitted)) return admitted;
      const run: Run = { admitted, variables: request.variables, session };
      return {
        schema,
        document: admitted.prepared.document,
        operationName: admitted.operation.name?.value,
        contextValue: run,
      };
    } catch (error) {
      return [error instanceof Refusal ? error.error : presentUnknown(error, session.info.requestId, log)];
    }
  };

  const contextOf = ({ actor, info }: Session, signal?: AbortSignal) =>
    createContext({ actor: actor!, requestId: info.requestId, address: info.address, signal }, services);

  const server = makeServer<JsonObject, Session>({
    connectionInitWaitTimeout: 5_000,
    onConnect: login,
    onSubscribe: (connection, _id, payload) => admit(connection, payload),
    execute(args) {
      const { admitted, variables, session } = args.contextValue as Run;
      return engine.execute({ ...admitted, variables, context: contextOf(session) });
    },
    subscribe(args) {
      const { admitted, variables, session } = args.contextValue as Run;
      const stop = new AbortController();
      return subscribeTo({ schema, admitted, variables, stop, log, context: (signal) => contextOf(session, signal) });
    },
  });

  const serve = (socket: WebSocket, request: IncomingMessage, info: RequestInfo) => {
    const session: Session = { socket, request, info, actor: undefined, release: undefined };
    let alive = true;
    const beat = setInterval(() => {
      if (!alive) return socket.terminate();
      alive = false;
      socket.ping();
    }, settings.keepAlive);
    beat.unref();
    socket.on('pong', () => {
      alive = true;
    });
    socket.on('error', () => socket.terminate());
    const closed = server.opened(
      {
        protocol: socket.protocol,
        send: (data) =>
          new Promise((resolve, reject) => {
            if (socket.readyState !== socket.OPEN) return resolve();
            socket.send(data, (error) => (error ? reject(error) : resolve()));
          }),
        close: (code, reason) => socket.close(code, reason),
        onMessage: (handle) =>
          socket.on('message', (data) => {
            handle(String(data)).catch((error) => {
              log.error({ err: error, requestId: info.requestId }, 'GraphQL WebSocket message failed');
              socket.close(CloseCode.InternalServerError, 'internal error');
            });
          }),
      },
      session,
    );
    socket.once('close', (code, reason) => {
      clearInterval(beat);
      session.release?.();
      void closed(code, String(reason));
    });
  };

  return {
    handleUpgrade(request, socket, head, info) {
      if (!isAllowedOrigin(request, settings.corsOrigins) || connections.full) {
        socket.end(
          `HTTP/1.1 ${connections.full ? '503 Service Unavailable' : '403 Forbidden'}\r\nconnection: close\r\n\r\n`,
        );
        return;
      }
      sockets.handleUpgrade(request, socket, head, (webSocket) => serve(webSocket, request, info));
    },
    stop() {
      for (const socket of sockets.clients) socket.close(...closings.shutdown);
      sockets.close();
    },
  };
}
