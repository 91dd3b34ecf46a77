import { isDomainError } from '../../../../core/shared/errors.js';
import { hostingOf } from '../../hosting.js';
import { defineSoapService, type OperationHandler, type SoapEndpoint, SoapFault } from '../../kit/index.js';
import type { KakapoContext } from '../context.js';
import { operations, parameterAliases } from '../contract/index.js';
import type { Handle, Values } from '../handle.js';
import { internalErrorText } from './internal-error.js';
import { namespacesOf } from './names.js';
import { serviceName, writeWsdl } from './wsdl.js';

/** The two SOAP bindings of a channel. Who calls is in the parameters, so nobody is asked before they are read. */
export function createSoapEndpoint({ ports, channel, settings }: KakapoContext, handle: Handle): SoapEndpoint {
  const [namespace, other] = namespacesOf(settings);
  const hosting = hostingOf(ports, 'kakapo', channel.id);
  const service = defineSoapService<undefined, undefined>({
    name: serviceName,
    wsdl: writeWsdl({ operations, namespace, address: 'http://localhost/', getBinding: settings.getBinding }),
    dispatch: 'action',
    operations: Object.fromEntries(
      operations.map((operation) => [
        operation.name,
        ((input: Values, { requestId, address }) =>
          handle(operation, input, { requestId, address })) satisfies OperationHandler<undefined, undefined>,
      ]),
    ),
    authenticate: async () => undefined,
    mapError(error, { requestId, operation }) {
      if (!isDomainError(error, 'busy'))
        hosting.report({ message: 'a Kakapo call failed', requestId, operation, error });
      return new SoapFault(
        'Server',
        `Server was unable to process request. ---> ${internalErrorText(error, requestId)}`,
      );
    },
    alsoNamespaces: [other],
    operationAliases: settings.operationAliases,
    elementAliases: parameterAliases,
    ...hosting,
  });
  return service.endpoint(undefined);
}
