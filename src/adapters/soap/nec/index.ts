import { createPasswordAuthentication } from '../../../core/identity/index.js';
import { defineMarketplace } from '../../marketplace.js';
import { hostingOf } from '../hosting.js';
import { defineSoapService, loadWsdl, type OperationHandler } from '../kit/index.js';
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
      secretElements: ['temporarySecret', 'initialPassword', 'ssoUrl', 'sessionId'],
      ...hostingOf(ports, 'nec', channel.id),
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
