import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import type { Gateway, TrafficName, TrafficVerdict } from '../../core/provisioning/index.js';
import { answerOf, refusalOf } from './answer.js';
import { identifyGateway } from './gateway.js';
import type { TrafficPorts } from './ports.js';
import { type Question, readQuestion } from './question.js';

export type { TrafficPorts } from './ports.js';

const gateways = new WeakMap<FastifyRequest, Gateway>();

/** Fastify plugin: POST /traffic/check, where gateways ask whether traffic may pass (docs/traffic.md). */
export function createTrafficAdapter(ports: TrafficPorts) {
  async function judge(gateway: Gateway, question: Question): Promise<[TrafficVerdict, TrafficName | undefined]> {
    if (question.kind === 'password') {
      return [await ports.check.password(gateway, question.name, question.password), question.name];
    }
    const grant = await ports.readToken(question.token);
    return [await ports.check.token(gateway, grant), grant?.name];
  }

  function fail(error: unknown, request: FastifyRequest, reply: FastifyReply): FastifyReply {
    const refusal = refusalOf(error);
    if (refusal !== undefined) return reply.status(refusal.status).headers(refusal.headers).send(refusal.body);
    const { requestId } = ports.describe(request.raw);
    ports.logger.error({ err: error, requestId }, 'a traffic check failed');
    return reply.status(500).send({ error: 'internal', message: `request ${requestId}` });
  }

  return async (app: FastifyInstance): Promise<void> => {
    app.setErrorHandler(fail);
    app.addHook('onRequest', async (request, reply) => {
      reply.header('cache-control', 'no-store');
      if (request.method === 'POST') gateways.set(request, await identifyGateway(ports, request.raw));
    });
    app.post('/traffic/check', async (request, reply) => {
      const [verdict, name] = await judge(gateways.get(request)!, readQuestion(request.body));
      return reply.send(answerOf(verdict, name));
    });
    app.route({
      method: ['GET', 'HEAD', 'PUT', 'PATCH', 'DELETE'],
      url: '/traffic/check',
      handler: (_request, reply) =>
        reply.status(405).header('allow', 'POST').send({ error: 'method_not_allowed', message: 'ask with POST' }),
    });
  };
}
