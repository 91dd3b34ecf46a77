import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { createKeyring, generateSecretKey, KeyringError, loadKeyring, SealError } from '../../src/platform/keyring.js';

const k1 = generateSecretKey('k1');
const k2 = generateSecretKey('k2');
const old = createKeyring(k1);
const both = createKeyring(`${k2},${k1}`);

describe('keyring', () => {
  it('opens what it sealed, for any purpose and text, and never twice the same', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), fc.string({ minLength: 1 }), (text, purpose) => {
        const sealed = old.seal(purpose, text);
        expect(old.open(purpose, sealed)).toBe(text);
        expect(sealed).not.toBe(old.seal(purpose, text));
        expect(sealed).toMatch(/^k1\.[\w-]+\.[\w-]+$/);
      }),
    );
  });

  it('refuses another purpose and every changed character', () => {
    const sealed = old.seal('soap-secret', 'a digest secret');
    expect(() => old.open('other', sealed)).toThrow(SealError);
    fc.assert(
      fc.property(fc.nat({ max: sealed.length - 1 }), fc.constantFrom(...'ABCxyz019_-'), (at, character) => {
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1);
        // the last base64 character of a part carries unused bits, so another spelling may mean the same bytes
        const same = changed
          .split('.')
          .every((part, i) => Buffer.from(part, 'base64url').equals(Buffer.from(sealed.split('.')[i]!, 'base64url')));
        if (!same || changed.split('.')[0] !== 'k1') expect(() => old.open('soap-secret', changed)).toThrow(SealError);
      }),
    );
    expect(() => old.open('soap-secret', 'plain text')).toThrow(SealError);
    expect(() => old.open('soap-secret', 'k1..')).toThrow(SealError);
  });

  it('still opens and verifies with older keys, and seals anew with the newest', () => {
    const sealed = old.seal('p', 'text');
    const renewed = both.reseal('p', sealed);
    expect(both.open('p', sealed)).toBe('text');
    expect(renewed.startsWith('k2.')).toBe(true);
    expect(both.reseal('p', renewed)).toBe(renewed);
    expect(both.verifyHmac('j', 'data', old.hmac('j', 'data'))).toBe(true);
    expect(both.hmac('j', 'data', 'k1')).toEqual(old.hmac('j', 'data'));
    expect(() => createKeyring(k2).open('p', sealed)).toThrow(SealError);
    expect(createKeyring(k2).verifyHmac('j', 'data', old.hmac('j', 'data'))).toBe(false);
  });

  it('separates purposes and fingerprints keys without showing them', () => {
    expect(old.derive('a')).not.toEqual(old.derive('b'));
    expect(old.hmac('a', 'x')).not.toEqual(old.hmac('b', 'x'));
    expect(both.fingerprint('k1')).toBe(old.fingerprint());
    expect(both.fingerprint()).not.toBe(old.fingerprint());
    expect(k1).not.toContain(old.fingerprint());
  });

  it('names what is wrong with a key, never the key', () => {
    for (const bad of ['', 'k1', 'k1:abc', `${k1},k1:${k2.slice(3)}`, `key:${k1.slice(3)}`]) {
      expect(() => createKeyring(bad)).toThrow(KeyringError);
    }
    expect(() => createKeyring('k1:c2VjcmV0')).toThrow(
      expect.objectContaining({ message: expect.not.stringContaining('c2VjcmV0') }),
    );
  });

  it('makes a key file only its owner can read, once, and refuses one that everybody can', () => {
    const folder = mkdtempSync(join(tmpdir(), 'mercator-key-'));
    try {
      const first = loadKeyring(undefined, join(folder, 'data'));
      const path = join(folder, 'data/secret.key');
      expect(statSync(path).mode & 0o777).toBe(0o600);
      expect(loadKeyring(undefined, join(folder, 'data')).fingerprint()).toBe(first.fingerprint());
      expect(createKeyring(readFileSync(path, 'utf8')).fingerprint()).toBe(first.fingerprint());
      chmodSync(path, 0o644);
      expect(() => loadKeyring(undefined, join(folder, 'data'))).toThrow(KeyringError);
      expect(loadKeyring(k2, join(folder, 'data')).currentKeyId).toBe('k2');
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
