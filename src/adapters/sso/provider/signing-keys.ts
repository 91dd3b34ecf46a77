import { randomUUID } from 'node:crypto';
import { exportJWK, generateKeyPair, type JWK } from 'jose';
import { type Clock, hour, type Instant, shift, toMilliseconds } from '../../../core/shared/clock.js';
import { lifetimesOf, type SigningKey, type SsoPorts } from '../ports.js';

type KeyPorts = Pick<SsoPorts, 'signingKeys' | 'clock' | 'lifetimes'>;

/** A new key is published this long before it signs, so that applications that keep our keys for a while know it in time. */
const notice = hour;

export interface SigningKeys {
  /** Private ES256 keys: the one that signs first, then those to be verified with. */
  readonly private: readonly JWK[];
  /** Changes whenever the set or its order does. */
  readonly fingerprint: string;
}

/** Reads the keys, making the first one when there is none and taking out those whose tokens have all expired. */
export async function loadSigningKeys(ports: KeyPorts): Promise<SigningKeys> {
  const { signingKeys, clock } = ports;
  const now = clock.now();
  const present = await signingKeys.list();
  const keys = present.length > 0 ? present : await signingKeys.ensure(await newKey(clock, now));
  const { idToken, clientToken } = lifetimesOf(ports);
  const forgotten = shift(now, -Math.max(idToken, clientToken) * 1_000 - notice);
  const published: SigningKey[] = [];
  for (const key of keys) {
    if (key.retiredAt !== null && key.retiredAt <= forgotten) await signingKeys.remove(key.kid);
    else published.push(key);
  }
  const signing = published.filter((key) => key.activeFrom <= now).sort(newestFirst)[0];
  const ordered = [...(signing ? [signing] : []), ...published.filter((key) => key !== signing).sort(newestFirst)];
  return {
    private: ordered.map((key) => ({ ...key.jwk, kid: key.kid, use: 'sig', alg: key.algorithm }) as JWK),
    fingerprint: ordered.map((key) => key.kid).join(' '),
  };
}

function newestFirst(a: SigningKey, b: SigningKey): number {
  return b.activeFrom.localeCompare(a.activeFrom) || a.kid.localeCompare(b.kid);
}

/** Adds a key that signs an hour from now; those before it sign until then. */
export async function rotateSigningKeys(ports: KeyPorts): Promise<SigningKey> {
  const { signingKeys, clock } = ports;
  const before = (await signingKeys.list()).filter((key) => key.retiredAt === null);
  const added = await newKey(clock, shift(clock.now(), notice));
  await signingKeys.add(added);
  for (const key of before) await signingKeys.retire(key.kid, added.activeFrom);
  return added;
}

async function newKey(clock: Clock, activeFrom: Instant): Promise<SigningKey> {
  const { privateKey } = await generateKeyPair('ES256', { extractable: true });
  return {
    kid: `${toMilliseconds(clock.now()).toString(36)}-${randomUUID().slice(0, 8)}`,
    algorithm: 'ES256',
    jwk: { ...(await exportJWK(privateKey)) },
    createdAt: clock.now(),
    activeFrom,
    retiredAt: null,
  };
}
