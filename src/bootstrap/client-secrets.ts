import type { Keyring } from '../platform/keyring.js';

/** What is stored of an OAuth client's secret: an HMAC, since such secrets are generated or long. */
export interface ClientSecrets {
  hash(secret: string): string;
  matches(hash: string, secret: string): boolean;
}

const purpose = 'client-secret';

export function createClientSecrets(keyring: Keyring): ClientSecrets {
  return {
    hash: (secret) => keyring.hmac(purpose, secret).toString('base64url'),
    matches: (hash, secret) => hash !== '' && keyring.verifyHmac(purpose, secret, Buffer.from(hash, 'base64url')),
  };
}
