import type { IncomingMessage } from 'node:http';
import type { Gateway } from '../../core/provisioning/index.js';
import type { Actor } from '../../core/shared/actor.js';
import { DomainError } from '../../core/shared/errors.js';
import { formDecoded, readBasic } from '../../platform/basic-credentials.js';
import type { TrafficPorts } from './ports.js';

/** Who asks, before a byte of the body is read. Throws `authentication_failed`, `token_invalid`, `throttled`. */
export async function identifyGateway(ports: TrafficPorts, request: IncomingMessage): Promise<Gateway> {
  const { requestId, address } = ports.describe(request);
  return { actor: await authenticate(ports, request.headers.authorization, address), requestId, address };
}

async function authenticate(ports: TrafficPorts, header: string | undefined, address: string): Promise<Actor> {
  const bearer = /^bearer +([^\s]+) *$/i.exec(header ?? '')?.[1];
  if (bearer !== undefined) return ports.authenticateBearer(bearer);
  const sent = readBasic(header);
  const shown = sent && formDecoded(sent);
  if (shown === undefined) throw new DomainError('authentication_failed');
  return ports.authenticateClient({ clientId: shown.username, secret: shown.password, address });
}
