import type { Passwords, Throttles } from '../core/identity/index.js';
import {
  authenticateTraffic,
  checkTraffic,
  type TrafficLookup,
  type TrafficPasswords,
} from '../core/provisioning/index.js';
import type { Units } from '../core/repositories.js';
import type { Clock } from '../core/shared/clock.js';
import type { CredentialCache } from '../platform/credential-cache.js';

export interface TrafficWiring {
  readonly lookup: TrafficLookup;
  readonly passwords: Pick<Passwords, 'verify'>;
  /** Forgets by instance id. */
  readonly credentials: CredentialCache;
  readonly throttles: Throttles;
  readonly units: Units;
  readonly clock: Clock;
}

/** The core's authentication of traffic with the technical parts it asks for. */
export function wireTraffic({ passwords, credentials, ...ports }: TrafficWiring) {
  const verifying: TrafficPasswords = {
    verify(client, password) {
      if (client === undefined) return passwords.verify(null, password);
      const { instanceId, credentialVersion, passwordHash } = client;
      return credentials.verify({ accountId: instanceId, version: credentialVersion, password }, () =>
        passwords.verify(passwordHash, password),
      );
    },
  };
  const wired = { ...ports, passwords: verifying };
  return { authenticate: authenticateTraffic(wired), check: checkTraffic(wired) };
}
