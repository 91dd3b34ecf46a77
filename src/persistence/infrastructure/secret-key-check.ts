import type { Secrets } from '../secrets.js';
import type { HubMeta } from './meta.js';

const name = 'secret_key.fingerprint';

/** The database was used with another SECRET_KEY: what is encrypted in it could not be read. */
export class WrongSecretKey extends Error {
  constructor(stored: string) {
    super(
      `this database was encrypted with another SECRET_KEY (fingerprint ${stored}). Give that key, or keep it behind the new ` +
        'one: SECRET_KEY=k2:<new>,k1:<old>',
    );
    this.name = 'WrongSecretKey';
  }
}

/** Remembers the fingerprint of the current key at the first start; later one of the ring's keys must have it. */
export async function checkSecretKey(meta: HubMeta, secrets: Secrets): Promise<void> {
  const current = secrets.fingerprint();
  const stored = await meta.setIfAbsent(name, current);
  if (stored === current) return;
  if (!secrets.keyIds.some((keyId) => secrets.fingerprint(keyId) === stored)) throw new WrongSecretKey(stored);
  await meta.set(name, current);
}
