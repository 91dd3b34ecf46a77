import type { Protocol } from '../../core/marketplace/index.js';
import type { MarketplacePorts } from '../marketplace.js';
import type { SoapRecord, SoapServiceDefinition } from './kit/index.js';

type Hosting = Pick<
  SoapServiceDefinition<never, never>,
  'clock' | 'limits' | 'validateResponses' | 'observe' | 'report'
>;

/** What every SOAP service of a channel gets of the hub. `nameOf` is what the request inspector calls an operation. */
export function hostingOf(
  ports: MarketplacePorts,
  protocol: Protocol,
  channelId: string,
  nameOf = (operation: string): string => operation,
): Hosting {
  const { maxBytes, maxDepth, maxElements, maxAttributes, bodyTimeMs } = ports.limits;
  return {
    clock: ports.clock,
    limits: {
      bytes: maxBytes,
      depth: maxDepth,
      elements: maxElements,
      attributesPerElement: maxAttributes,
      bodyTime: bodyTimeMs,
    },
    validateResponses: ports.validateResponses,
    observe: ({ operation, requestId, status, duration, request, response }: SoapRecord) =>
      ports.record({
        direction: 'in',
        protocol,
        channelId,
        operation: nameOf(operation),
        requestId,
        status,
        durationMs: duration,
        request,
        response,
      }),
    report: ({ message, error, ...fields }) => ports.logger.error({ err: error, ...fields }, message),
  };
}
