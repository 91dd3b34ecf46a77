import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { RecordedCall } from '../../../src/adapters/marketplace.js';
import { prm } from '../../../src/adapters/soap/prm/index.js';
import { wireInterfaceUsers, wireServiceAccounts } from '../../../src/bootstrap/service-accounts.js';
import type { Channel } from '../../../src/core/marketplace/index.js';
import type { Clock } from '../../../src/core/shared/clock.js';
import type { Ids } from '../../../src/core/shared/ids.js';
import type { Persistence } from '../../../src/persistence/index.js';
import { createCredentialCache } from '../../../src/platform/credential-cache.js';
import type { Logger } from '../../../src/platform/logger.js';
import { createPasswords, type Passwords } from '../../../src/platform/passwords.js';
import { findXmlFault } from '../../../src/platform/xml.js';
import { outgoingPorts } from '../../support/outgoing-ports.js';

/** What a process of a hub is made of; two of them share no more than the database. */
export interface ProcessParts {
  readonly persistence: Persistence;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly logger: Logger;
  readonly channels: readonly Channel[];
  readonly record: (call: RecordedCall) => void;
}

export interface PrmProcess {
  /** Where the paths of a channel begin. */
  base(channel: string): string;
  close(): Promise<void>;
}

/** Counts what is hashed, in every process of the tests. */
export const hashes = { made: 0, verified: 0 };

export function quickPasswords(): Passwords {
  const passwords = createPasswords({ strength: { memoryCost: 64, timeCost: 1, parallelism: 1 }, queue: 1_000 });
  return {
    ...passwords,
    hash(password) {
      hashes.made += 1;
      return passwords.hash(password);
    },
    verify(hash, password, turn) {
      hashes.verified += 1;
      return passwords.verify(hash, password, turn);
    },
  };
}

/**
 * PRM channels over real HTTP. A request may say with `x-test-address` where it comes from, and with `x-test-line` what line a hub at
 * an https address got it on: `open`, or `closed` (its own machine, or TLS up to it).
 */
export async function openProcess(parts: ProcessParts): Promise<PrmProcess> {
  const { persistence, clock, ids, logger, channels, record } = parts;
  const { uow, readers, lookups, throttles, seen, serviceAccountLookup: lookup } = persistence;
  const passwords = quickPasswords();
  const credentials = createCredentialCache();
  const authenticate = wireServiceAccounts({ lookup, passwords, credentials, throttles, seen, clock });
  const authenticateInterfaceUser = wireInterfaceUsers({
    lookup,
    passwords,
    credentials,
    throttles,
    clock,
    units: uow,
  });
  const ports = {
    uow,
    readers,
    lookups,
    clock,
    logger,
    publicUrl: 'http://hub.example',
    passwords,
    throttles,
    seen,
    authenticate,
    authenticateInterfaceUser,
    record,
    limits: { maxBytes: 1_048_576, maxDepth: 64, maxElements: 50_000, maxAttributes: 64, bodyTimeMs: 20_000 },
    findXmlFault,
    validateResponses: true,
    ...outgoingPorts(clock),
  };
  const servers = new Map(
    channels.map((channel) => {
      const settings = prm.settings.parse(channel.settings);
      return [channel.name, prm.serve(ports, { ...channel, settings })];
    }),
  );
  let port = 0;
  const server = createServer((request, response) => {
    const match = /^\/channels\/([^/?]+)(\/prm_(?:sp|op)\/services)(.*)$/.exec(request.url ?? '');
    const found = servers.get(match?.[1] ?? '');
    if (!found) return void response.writeHead(404).end();
    const address = String(request.headers['x-test-address'] ?? '127.0.0.1');
    const line = request.headers['x-test-line'];
    const publicUrl = line === undefined ? `http://127.0.0.1:${port}` : 'https://hub.example';
    const info = { requestId: ids.next('request'), address, secure: line !== 'open', publicUrl };
    const mount = `/channels/${match?.[1]}${match?.[2]}`;
    void found.handle(request, response, { ...info, mount, path: match?.[3] ?? '' });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as AddressInfo).port;
  return {
    base: (channel) => `http://127.0.0.1:${port}/channels/${channel}`,
    async close() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
