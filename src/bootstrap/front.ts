import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import { type AddressList, clientAddress, isSecure } from '../platform/address.js';
import type { LoadShedder } from './load-shedder.js';

/** What the front knows of every request. */
export interface FrontInfo {
  readonly requestId: string;
  readonly address: string;
  readonly secure: boolean;
}

/** Answers a URL or says (false) that it is not its own. Owns its HTTP side: limits, parsing, errors. */
export type RawHandler = (
  request: IncomingMessage,
  response: ServerResponse,
  info: FrontInfo,
) => Promise<boolean> | boolean;

export interface FrontOptions {
  /** Asked in order before everything else; the hot paths. */
  readonly raw: readonly RawHandler[];
  readonly upgrade: (request: IncomingMessage, socket: Duplex, head: Buffer, info: FrontInfo) => void;
  readonly trustedProxies: AddressList;
  readonly nextRequestId: () => string;
  readonly shedder: LoadShedder;
  readonly onError: (error: unknown, info: FrontInfo) => void;
  readonly timeouts: { readonly request: number; readonly headers: number; readonly keepAlive: number };
  readonly maxConnections: number;
}

export interface Front {
  readonly server: Server;
  /** Ends connections whose request has not arrived whole: nothing of it was done, and nothing will be. */
  cutUnfinished(): void;
}

/**
 * The one server of the hub. GraphQL, the OpenID provider and marketplace protocols own their HTTP sides (docs/adr); everything
 * else is Fastify's, which gets this server through `serverFactory`.
 */
export function createFront(options: FrontOptions, fastifyHandler: RequestListener): Front {
  const { timeouts } = options;
  const server = createServer(
    {
      requestTimeout: timeouts.request,
      headersTimeout: Math.min(timeouts.headers, timeouts.request),
      keepAliveTimeout: timeouts.keepAlive,
      maxHeaderSize: 16_384,
      connectionsCheckingInterval: 1_000,
    },
    (request, response) => void dispatch(request, response),
  );
  server.maxConnections = options.maxConnections;
  server.maxRequestsPerSocket = 0;

  const arriving = new Set<IncomingMessage>();
  const describe = (request: IncomingMessage): FrontInfo => ({
    requestId: options.nextRequestId(),
    address: clientAddress(request, options.trustedProxies),
    secure: isSecure(request, options.trustedProxies),
  });

  async function dispatch(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const info = describe(request);
    answering(request, response);
    arriving.add(request);
    response.once('close', () => arriving.delete(request));
    try {
      if (options.shedder.overloaded() && !isProbe(request.url)) return unavailable(response);
      for (const handler of options.raw) {
        const answered = handler(request, response, info);
        if (answered !== false && (await answered)) return;
      }
      infoOfRequest.set(request, info);
      fastifyHandler(request, response);
    } catch (error) {
      options.onError(error, info);
      if (!response.headersSent) answer(response, 500, `Internal error. Request ${info.requestId}\n`);
      else response.destroy();
    }
  }

  server.on('upgrade', (request, socket, head) => {
    socket.on('error', () => socket.destroy());
    options.upgrade(request, socket, head, describe(request));
  });
  server.on('clientError', (error: NodeJS.ErrnoException, socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) return socket.destroy();
    if (endsAfterAnswer(socket)) return;
    const status = error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : '400 Bad Request';
    const late = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : status;
    socket.end(`HTTP/1.1 ${late}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
  });
  return {
    server,
    cutUnfinished() {
      for (const request of arriving) if (!request.complete) request.destroy();
    },
  };
}

/** Requests not answered yet, by connection, and whether what followed them was unreadable. */
const openRequests = new WeakMap<Duplex, { readonly open: Set<IncomingMessage>; broken: boolean }>();

function answering(request: IncomingMessage, response: ServerResponse): void {
  const { socket } = request;
  const state = openRequests.get(socket) ?? { open: new Set<IncomingMessage>(), broken: false };
  openRequests.set(socket, state);
  state.open.add(request);
  response.once('close', () => {
    state.open.delete(request);
    if (state.broken && state.open.size === 0) socket.end();
  });
}

/**
 * A refusal written now would be taken for the answer of a request that came before: the connection ends after that one. Where
 * the unreadable part belongs to a request that has not arrived whole, there is nothing to wait for.
 */
function endsAfterAnswer(socket: Duplex): boolean {
  const state = openRequests.get(socket);
  if (state === undefined || state.open.size === 0) return false;
  if ([...state.open].some((request) => !request.complete)) return false;
  state.broken = true;
  return true;
}

const infoOfRequest = new WeakMap<IncomingMessage, FrontInfo>();

/** What the front found out about a request that went on to Fastify. */
export function frontInfo(request: IncomingMessage): FrontInfo {
  const info = infoOfRequest.get(request);
  if (info === undefined) throw new Error('the request did not come through the front');
  return info;
}

function isProbe(url: string | undefined): boolean {
  return url?.startsWith('/health/') === true || url === '/metrics';
}

function unavailable(response: ServerResponse): void {
  response.setHeader('retry-after', '1');
  answer(response, 503, 'The hub is busy: try again.\n');
}

function answer(response: ServerResponse, status: number, text: string): void {
  response.writeHead(status, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
  response.end(text);
}
