import { createHash, createVerify, type KeyLike, type KeyObject } from 'node:crypto';
import type { HashAlgorithm, SignatureAlgorithm } from 'xml-crypto';
import { refuse } from './refused.js';

type Hash = 'sha1' | 'sha256' | 'sha384' | 'sha512';

/** By their ends: the public identity provider makes up names such as `http://www.w3.org/2000/09/xmldsig#rsa-sha256`. */
const digestName = /^http:\/\/www\.w3\.org\/[\w/-]*#(sha1|sha256|sha384|sha512)$/;
const signatureName = /^http:\/\/www\.w3\.org\/[\w/-]*#rsa-(sha1|sha256|sha384|sha512)$/;

/** @throws Refused algorithm (also for HMAC, whose secret would be the public key), or sha1 unless allowed */
export function digestHash(uri: string, allowSha1: boolean): Hash {
  return hashOf(digestName.exec(uri)?.[1], uri, allowSha1);
}

/** @throws Refused like `digestHash` */
export function signatureHash(uri: string, allowSha1: boolean): Hash {
  return hashOf(signatureName.exec(uri)?.[1], uri, allowSha1);
}

function hashOf(hash: string | undefined, uri: string, allowSha1: boolean): Hash {
  if (hash === undefined) return refuse('algorithm', uri);
  if (hash === 'sha1' && !allowSha1) refuse('sha1', uri);
  return hash as Hash;
}

/** For xml-crypto, under the very name the message uses. */
export function digester(uri: string, hash: Hash): new () => HashAlgorithm {
  return class {
    getAlgorithmName(): string {
      return uri;
    }

    getHash(xml: string): string {
      return createHash(hash).update(xml, 'utf8').digest('base64');
    }
  };
}

/** RSA with PKCS #1 v1.5 padding; it verifies and never signs. */
export function verifier(uri: string, hash: Hash): new () => SignatureAlgorithm {
  return class {
    getAlgorithmName(): string {
      return uri;
    }

    getSignature(): never {
      throw new Error('nothing is signed here');
    }

    verifySignature(material: string, key: KeyLike, value: string): boolean {
      return createVerify(hash)
        .update(material, 'utf8')
        .verify(key as KeyObject, value, 'base64');
    }
  };
}
