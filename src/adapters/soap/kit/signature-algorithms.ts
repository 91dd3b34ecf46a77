import { createHash, type KeyObject, verify } from 'node:crypto';

export interface Algorithms {
  readonly digests: ReadonlyMap<string, 'sha1' | 'sha256'>;
  readonly signatures: ReadonlyMap<string, SignatureMethod>;
}

interface SignatureMethod {
  readonly hash: 'sha1' | 'sha256';
  readonly keyType: 'rsa' | 'ec';
}

const sha256 = 'http://www.w3.org/2001/04/xmlenc#sha256';
const sha1 = 'http://www.w3.org/2000/09/xmldsig#sha1';
const rsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#rsa-sha256';
const ecdsaSha256 = 'http://www.w3.org/2001/04/xmldsig-more#ecdsa-sha256';
const rsaSha1 = 'http://www.w3.org/2000/09/xmldsig#rsa-sha1';

const sound: Algorithms = {
  digests: new Map([[sha256, 'sha256']]),
  signatures: new Map([
    [rsaSha256, { hash: 'sha256', keyType: 'rsa' }],
    [ecdsaSha256, { hash: 'sha256', keyType: 'ec' }],
  ]),
};

const withSha1: Algorithms = {
  digests: new Map([...sound.digests, [sha1, 'sha1']]),
  signatures: new Map([...sound.signatures, [rsaSha1, { hash: 'sha1', keyType: 'rsa' }]]),
};

/** A closed list, so that no message can bring an algorithm of its own: HMAC with the public key as its secret is not in it. */
export function algorithmsFor(allowRsaSha1: boolean): Algorithms {
  return allowRsaSha1 ? withSha1 : sound;
}

export function digestOf(hash: 'sha1' | 'sha256', octets: Buffer): Buffer {
  return createHash(hash).update(octets).digest();
}

/** False also for a key of another kind than the method needs. In XML an ECDSA signature is r and s one after the other. */
export function holds(method: SignatureMethod, key: KeyObject, octets: Buffer, signature: Buffer): boolean {
  if (key.asymmetricKeyType !== method.keyType) return false;
  return verify(method.hash, octets, { key, dsaEncoding: 'ieee-p1363' }, signature);
}
