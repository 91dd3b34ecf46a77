import { type Right, requireRight, rights } from '../../../core/shared/actor.js';
import { isDomainError } from '../../../core/shared/errors.js';
import { defineMarketplace } from '../../marketplace.js';
import { hostingOf } from '../hosting.js';
import {
  defineSoapService,
  loadWsdl,
  type OperationHandler,
  type SoapEndpoint,
  type SoapService,
} from '../kit/index.js';
import { createAuthentication } from './authenticate.js';
import { prmSettings } from './config.js';
import type { Input, PrmActor, PrmContext } from './context.js';
import { type OperationContract, type ServiceContract, services } from './contract.js';
import { deniedFault, faultFor, invalidRequestFault } from './faults.js';
import { ticketHeaders } from './login-ticket.js';
import { operations } from './operations/index.js';
import { spellingOf } from './spelling.js';

export { services as prmServices } from './contract.js';

const sides = ['/prm_sp/services', '/prm_op/services'];

/** Oracle / WebLogic Network Gatekeeper PRM 4.0 and 5.1: facts, decisions and settings in docs/protocols/prm.md. */
export const prm = defineMarketplace({
  protocol: 'prm',
  settings: prmSettings,
  fixedPaths: sides,
  channelPaths: [],
  serve(ports, channel) {
    const context: PrmContext = { ports, channel, settings: channel.settings };
    const endpoints = new Map(services.map((contract) => [contract.path, endpointOf(context, contract)]));
    return {
      async handle(request, response, info) {
        const [path = ''] = info.path.split('?', 1);
        const endpoint = endpoints.get(sideOf(info.mount) + path);
        if (endpoint === undefined) {
          response.writeHead(404, { 'content-length': 0 }).end();
          return;
        }
        const { requestId, address, secure, publicUrl, mount } = info;
        await endpoint.handle(request, response, { requestId, address, secure, publicUrl, path: mount + path });
      },
    };
  },
});

/** The last part of the mount, also when the channel was named before it: a service of one side is not on the other's path. */
function sideOf(mount: string): string | undefined {
  const end = mount.slice(-sides[0]!.length).toLowerCase();
  return sides.find((side) => side === end);
}

function endpointOf(context: PrmContext, contract: ServiceContract): SoapEndpoint {
  const { namespaces, lenientFieldNames } = context.settings;
  return soapService(context, contract).endpoint(undefined, spellingOf(contract, namespaces, lenientFieldNames));
}

function soapService(context: PrmContext, contract: ServiceContract): SoapService<undefined> {
  const { ports, channel, settings } = context;
  const operationOf = (name: string): OperationContract => contract.operations.get(name)!;
  return defineSoapService<undefined, PrmActor>({
    name: contract.name,
    wsdl: loadWsdl(`prm/${contract.name}.wsdl`),
    dispatch: 'body',
    strict: true,
    operations: Object.fromEntries(
      [...contract.operations.values()].map((operation) => [operation.name, handler(context, contract, operation)]),
    ),
    authenticate: createAuthentication(context, contract.side, operationOf),
    authenticationFault: deniedFault,
    invalidRequest: invalidRequestFault,
    mapError: (error, call) => (isDomainError(error) ? faultFor(error, operationOf(call.operation).faults) : undefined),
    signatures: {
      allowRsaSha1: settings.allowRsaSha1,
      trustAnchors: settings.trustAnchors,
      revoked: settings.revokedCertificates,
      requireTimestamp: settings.requireTimestamp,
    },
    understoodHeaders: ticketHeaders,
    secretElements: ['oldPassword', 'newPassword', 'loginTicket', 'loginReturn'],
    ...hostingOf(ports, 'prm', channel.id, (operation) => `${contract.name}.${operation}`),
  });
}

/** From the message's names to canonical ones, the level its operation asks for, and back. */
function handler(
  context: PrmContext,
  contract: ServiceContract,
  operation: OperationContract,
): OperationHandler<undefined, PrmActor> {
  const run = operations[contract.name]![operation.name]!;
  const right = contract.side === 'op' ? rightFor(operation.minUserLevel ?? 0) : undefined;
  return async (input, { actor, requestId, address }) => {
    if (right !== undefined && actor.kind === 'serviceAccount') requireRight(actor, right);
    const call = { ...context, service: contract.name, operation: operation.name, actor, requestId, address };
    const answer = await run(operation.readInput((input ?? {}) as Input), call);
    return operation.writeOutput(answer);
  };
}

/** The level an operation asks for as the right it is (spec PRM, user levels). */
function rightFor(level: number): Right | undefined {
  const found = Object.entries(rights).find(([, value]) => value === level);
  return found?.[0] as Right | undefined;
}
