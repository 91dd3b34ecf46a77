import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Marketplace, MarketplacePorts, RecordedCall } from '../../../src/adapters/marketplace.js';
import { kakapo } from '../../../src/adapters/soap/kakapo/index.js';
import type { ServedChannel } from '../../../src/bootstrap/channel-directory.js';
import { createProtocolRoutes } from '../../../src/bootstrap/protocol-routes.js';
import { wireInterfaceUsers, wireServiceAccounts } from '../../../src/bootstrap/service-accounts.js';
import type { Channel } from '../../../src/core/marketplace/index.js';
import type { Clock } from '../../../src/core/shared/clock.js';
import type { Ids } from '../../../src/core/shared/ids.js';
import type { Persistence } from '../../../src/persistence/index.js';
import { createCredentialCache } from '../../../src/platform/credential-cache.js';
import type { Logger } from '../../../src/platform/logger.js';
import { findXmlFault } from '../../../src/platform/xml.js';
import { quickPasswords } from '../../prm/support/process.js';
import { outgoingPorts } from '../../support/outgoing-ports.js';

/** What a process of a hub is made of; two of them share no more than the database. */
export interface ProcessParts {
  readonly persistence: Persistence;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly channels: readonly Channel[];
  readonly record: (call: RecordedCall) => void;
  readonly limits?: Partial<MarketplacePorts['limits']>;
  /** Around the real one, for what cannot be brought about from outside. */
  readonly authentication?: (real: Authenticate) => Authenticate;
}

type Authenticate = MarketplacePorts['authenticateInterfaceUser'];

export interface KakapoProcess {
  readonly port: number;
  close(): Promise<void>;
}

/** Kakapo channels over real HTTP. A request may say with `x-test-address` where it comes from. */
export async function openProcess(parts: ProcessParts): Promise<KakapoProcess> {
  const { persistence, clock, ids, logger, channels, record } = parts;
  const { uow, readers, lookups, throttles, seen, serviceAccountLookup: lookup } = persistence;
  const passwords = quickPasswords();
  const credentials = createCredentialCache();
  const { authentication = (real: Authenticate) => real } = parts;
  const ports: MarketplacePorts = {
    uow,
    readers,
    lookups,
    clock,
    logger,
    publicUrl: 'http://hub.example',
    passwords,
    throttles,
    seen,
    authenticate: wireServiceAccounts({ lookup, passwords, credentials, throttles, seen, clock }),
    authenticateInterfaceUser: authentication(
      wireInterfaceUsers({ lookup, passwords, credentials, throttles, units: uow, clock }),
    ),
    record,
    limits: {
      maxBytes: 1_048_576,
      maxDepth: 64,
      maxElements: 50_000,
      maxAttributes: 64,
      bodyTimeMs: 20_000,
      ...parts.limits,
    },
    findXmlFault,
    validateResponses: true,
    ...outgoingPorts(clock),
  };
  const served = channels.map((channel): ServedChannel => {
    const settings = kakapo.settings.parse(channel.settings);
    return { channel, server: kakapo.serve(ports, { ...channel, settings }) };
  });
  const routes = createProtocolRoutes([kakapo as Marketplace], {
    byName: (name) => served.find(({ channel }) => channel.name === name),
    first: () => served[0],
    all: () => served,
    invalidate: () => undefined,
  });
  const server = createServer(async (request, response) => {
    const match = await routes(request);
    if (match?.served === undefined) return void response.writeHead(404).end();
    const address = String(request.headers['x-test-address'] ?? '127.0.0.1');
    const { mount, path } = match;
    const publicUrl = `http://127.0.0.1:${port}`;
    const info = { requestId: ids.next('request'), address, secure: true, publicUrl, mount, path };
    await match.served.server.handle(request, response, info);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  return {
    port,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
