import { createPasswordAuthentication } from '../../../core/identity/index.js';
import { defineMarketplace, type MarketplacePorts } from '../../marketplace.js';
import { defineSoapService, loadWsdl, type OperationHandler, type SoapRecord } from '../kit/index.js';
import { answer } from './answer.js';
import { createAuthentication, type NecActor } from './authenticate.js';
import { necSettings } from './config.js';
import type { NecContext } from './context.js';
import { operations } from './operations/index.js';

const serviceName = 'NcbsIsvService';

/** NEC NCBS / NEC Marketplace, ISV interface: spec and readings in docs/protocols/nec.md. */
export const nec = defineMarketplace({
  protocol: 'nec',
  settings: necSettings,
  fixedPaths: [],
  channelPaths: ['/ncbs/{channel}'],
  serve(ports, channel) {
    const { settings } = channel;
    const { maxBytes, maxDepth, maxElements, maxAttributes, bodyTimeMs } = ports.limits;
    const context: NecContext = {
      ports,
      channel,
      settings,
      authenticatePassword: createPasswordAuthentication(ports),
    };
    const service = defineSoapService<undefined, NecActor>({
      name: serviceName,
      wsdl: loadWsdl('nec/NcbsIsvService.wsdl'),
      dispatch: 'action-or-body',
      strict: settings.strictSchema,
      operations: handlers(context),
      authenticate: createAuthentication(ports, channel.id),
      clock: ports.clock,
      limits: {
        bytes: maxBytes,
        depth: maxDepth,
        elements: maxElements,
        attributesPerElement: maxAttributes,
        bodyTime: bodyTimeMs,
      },
      validateResponses: ports.validateResponses,
      secretElements: ['temporarySecret', 'initialPassword', 'ssoUrl', 'sessionId'],
      observe: (record) => ports.record(recorded(channel.id, record)),
      report: ({ message, error, ...fields }) => ports.logger.error({ err: error, ...fields }, message),
    });
    const { namespace, operationAliases } = settings;
    const endpoint = service.endpoint(undefined, { namespace, operationAliases });
    return {
      async handle(request, response, info) {
        const [path = ''] = info.path.split('?');
        if (path !== `/${serviceName}`) {
          response.writeHead(404, { 'content-length': 0 }).end();
          return;
        }
        const { requestId, address, secure, publicUrl } = info;
        const own = `/ncbs/${encodeURIComponent(channel.name)}/${serviceName}`;
        await endpoint.handle(request, response, { requestId, address, secure, publicUrl, path: own });
      },
    };
  },
});

function handlers(context: NecContext): Record<string, OperationHandler<undefined, NecActor>> {
  return Object.fromEntries(
    Object.entries(operations).map(([name, operation]) => [
      name,
      (input: object, call) => answer(context, operation, input, call),
    ]),
  );
}

function recorded(channelId: string, record: SoapRecord): Parameters<MarketplacePorts['record']>[0] {
  const { operation, requestId, status, duration, request, response } = record;
  return {
    direction: 'in',
    protocol: 'nec',
    channelId,
    operation,
    requestId,
    status,
    durationMs: duration,
    request,
    response,
  };
}
