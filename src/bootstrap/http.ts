import type { IncomingMessage, ServerResponse } from 'node:http';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { GraphqlAdapter } from '../adapters/graphql/index.js';
import { pageHeaders, renderLayout, type Sso } from '../adapters/sso/index.js';
import type { Ids } from '../core/shared/ids.js';
import { isLoopback, parseAddressList } from '../platform/address.js';
import type { Config } from '../platform/config.js';
import type { Health } from '../platform/health.js';
import type { Logger } from '../platform/logger.js';
import type { Metrics } from '../platform/metrics.js';
import { constantTimeEqual } from '../platform/secrets.js';
import type { ChannelDirectory } from './channel-directory.js';
import { createFront, type Front, type FrontInfo, frontInfo, type RawHandler } from './front.js';
import { favicon, renderLanding } from './landing.js';
import { createLoadShedder } from './load-shedder.js';
import type { createProtocolRoutes, ProtocolMatch } from './protocol-routes.js';

export interface HttpParts {
  readonly config: Config;
  readonly publicUrl: string;
  readonly logger: Logger;
  readonly ids: Ids;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly graphql: GraphqlAdapter;
  readonly sso: Sso;
  readonly traffic: (app: FastifyInstance) => Promise<void>;
  readonly directory: ChannelDirectory;
  readonly routes: ReturnType<typeof createProtocolRoutes>;
}

export interface HttpServer {
  listen(): Promise<{ readonly port: number }>;
  close(): Promise<void>;
}

/** What is mounted where, on the one port. */
export async function createHttpServer(parts: HttpParts): Promise<HttpServer> {
  const { config, logger } = parts;
  const shedder = createLoadShedder(config.maxEventLoopDelayMs);
  let front: Front | undefined;
  const app = Fastify({
    loggerInstance: logger.child({ part: 'http' }, { level: 'warn' }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 65_536,
    genReqId: (request) => frontInfo(request).requestId,
    serverFactory: (handler) => {
      front = createFront(
        {
          raw: [graphqlHandler(parts), openIdHandler(parts), protocolHandler(parts)],
          upgrade: (request, socket, head, info) => {
            if (isAt(request.url, '/graphql')) parts.graphql.handleUpgrade(request, socket, head, info);
            else socket.end('HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n');
          },
          trustedProxies: parseAddressList(config.trustedProxies),
          nextRequestId: () => parts.ids.next('request'),
          shedder,
          onError: (error, info) => logger.error({ error, requestId: info.requestId }, 'request failed'),
          timeouts: {
            request: config.requestTimeoutMs,
            headers: config.headersTimeoutMs,
            keepAlive: config.keepAliveTimeoutMs,
          },
          maxConnections: config.maxConnections,
        },
        handler,
      );
      return front.server;
    },
  });
  await app.register(formbody);
  await app.register(parts.sso.plugin);
  await app.register(parts.traffic);
  mountPages(app, parts);
  mountNotFound(app);

  return {
    async listen() {
      await app.listen({ port: config.port, host: config.host });
      const address = front?.server.address();
      if (typeof address !== 'object' || address === null) throw new Error('the server has no address');
      shedder.start();
      return { port: address.port };
    },
    async close() {
      shedder.stop();
      const grace = setTimeout(() => front?.server.closeAllConnections(), config.shutdownGraceMs);
      front?.server.closeIdleConnections();
      front?.cutUnfinished();
      await app.close();
      clearTimeout(grace);
    },
  };
}

function isAt(url: string | undefined, path: string): boolean {
  if (url?.startsWith(path) !== true) return false;
  const next = url[path.length];
  return next === undefined || next === '/' || next === '?';
}

function graphqlHandler({ graphql }: HttpParts): RawHandler {
  const serve = async (...call: Parameters<typeof graphql.handle>): Promise<boolean> => {
    await graphql.handle(...call);
    return true;
  };
  return (request, response, info) => isAt(request.url, '/graphql') && serve(request, response, info);
}

function openIdHandler({ sso }: HttpParts): RawHandler {
  const serve = async (...call: Parameters<typeof sso.handler>): Promise<boolean> => {
    await sso.handler(...call);
    return true;
  };
  return (request, response) => isAt(request.url, '/oidc') && serve(request, response);
}

function protocolHandler({ routes, publicUrl }: HttpParts): RawHandler {
  const serve = async (
    match: ProtocolMatch,
    request: IncomingMessage,
    response: ServerResponse,
    info: FrontInfo,
  ): Promise<boolean> => {
    if (match.served === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
      response.end('No such channel here.\n');
      return true;
    }
    await match.served.server.handle(request, response, { ...info, publicUrl, mount: match.mount, path: match.path });
    return true;
  };
  return (request, response, info) => {
    const match = routes(request);
    if (match instanceof Promise) {
      return match.then((found) => found !== undefined && serve(found, request, response, info));
    }
    return match !== undefined && serve(match, request, response, info);
  };
}

/** A person gets a page, a program one line of JSON. */
function mountNotFound(app: FastifyInstance): void {
  app.setNotFoundHandler((request, reply) => {
    reply.status(404).header('cache-control', 'no-store');
    if (!(request.headers.accept ?? '').includes('text/html')) return reply.send({ error: 'not_found' });
    const body =
      '<h1>There is nothing here</h1><p class="soft">The address may be misspelled, or what was here has moved.</p><p><a href="/">To the start</a></p>';
    return reply.headers(pageHeaders()).send(renderLayout({ title: 'There is nothing here', language: 'en', body }));
  });
}

function mountPages(app: FastifyInstance, { config, health, metrics, directory, publicUrl }: HttpParts): void {
  app.get('/', async (_request, reply) => {
    const { html, headers } = renderLanding(publicUrl, await directory.all());
    return reply.headers(headers).send(html);
  });
  app.get('/favicon.ico', (_request, reply) =>
    reply.header('content-type', 'image/svg+xml').header('cache-control', 'public, max-age=86400').send(favicon),
  );
  app.get('/health/live', (_request, reply) => reply.header('cache-control', 'no-store').send({ ok: health.live() }));
  app.get('/health/ready', async (request, reply) => {
    const readiness = await health.ready();
    const near = isLoopback(frontInfo(request.raw).address);
    return reply
      .header('cache-control', 'no-store')
      .status(readiness.ok ? 200 : 503)
      .send(near ? readiness : { ok: readiness.ok });
  });
  app.get('/metrics', async (request, reply) => {
    const { address } = frontInfo(request.raw);
    const bearer = /^Bearer (.+)$/.exec(request.headers.authorization ?? '')?.[1] ?? '';
    const token = config.metricsToken;
    const allowed = isLoopback(address) || (token !== undefined && constantTimeEqual(bearer, token));
    if (!allowed) return reply.status(401).header('www-authenticate', 'Bearer').send('');
    return reply.header('content-type', metrics.contentType).send(await metrics.text());
  });
}
