import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import formbody from '@fastify/formbody';
import Fastify, { type FastifyBaseLogger, type FastifyInstance, LogController } from 'fastify';
import type { GraphqlAdapter } from '../adapters/graphql/index.js';
import type { Sso } from '../adapters/sso/index.js';
import type { Ids } from '../core/shared/ids.js';
import { isLoopback, parseAddressList } from '../platform/address.js';
import type { Config } from '../platform/config.js';
import type { Health } from '../platform/health.js';
import type { Logger } from '../platform/logger.js';
import type { Metrics } from '../platform/metrics.js';
import { constantTimeEqual } from '../platform/secrets.js';
import type { ChannelDirectory } from './channel-directory.js';
import { createFront, type FrontInfo, frontInfo, type RawHandler } from './front.js';
import { favicon, renderLanding } from './landing.js';
import { createLoadShedder } from './load-shedder.js';
import type { createProtocolRoutes } from './protocol-routes.js';

export interface HttpParts {
  readonly config: Config;
  readonly publicUrl: string;
  readonly logger: Logger;
  readonly ids: Ids;
  readonly health: Health;
  readonly metrics: Metrics;
  readonly graphql: GraphqlAdapter;
  readonly sso: Sso;
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
  let server: Server | undefined;
  const app = Fastify({
    loggerInstance: logger.child({ part: 'http' }, { level: 'warn' }) as FastifyBaseLogger,
    logController: new LogController({ disableRequestLogging: true }),
    bodyLimit: 65_536,
    genReqId: (request) => frontInfo(request).requestId,
    serverFactory: (handler) => {
      server = createFront(
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
      return server;
    },
  });
  await app.register(formbody);
  await app.register(parts.sso.plugin);
  mountPages(app, parts);

  return {
    async listen() {
      await app.listen({ port: config.port, host: config.host });
      const address = server?.address();
      if (typeof address !== 'object' || address === null) throw new Error('the server has no address');
      return { port: address.port };
    },
    async close() {
      shedder.stop();
      const grace = setTimeout(() => server?.closeAllConnections(), config.shutdownGraceMs);
      server?.closeIdleConnections();
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
  return async (request, response, info) => {
    if (!isAt(request.url, '/graphql')) return false;
    await graphql.handle(request, response, info);
    return true;
  };
}

function openIdHandler({ sso }: HttpParts): RawHandler {
  return async (request, response) => {
    if (!isAt(request.url, '/oidc')) return false;
    await sso.handler(request, response);
    return true;
  };
}

function protocolHandler({ routes, publicUrl }: HttpParts): RawHandler {
  return async (request: IncomingMessage, response: ServerResponse, info: FrontInfo) => {
    const match = await routes(request.url ?? '/');
    if (match === undefined) return false;
    if (match.served === undefined) {
      response.writeHead(404, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' });
      response.end('No such channel here.\n');
      return true;
    }
    await match.served.server.handle(request, response, { ...info, publicUrl, path: match.path });
    return true;
  };
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
