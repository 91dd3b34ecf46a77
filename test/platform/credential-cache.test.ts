import { beforeEach, describe, expect, it } from '@jest/globals';
import { type CredentialCache, createCredentialCache } from '../../src/platform/credential-cache.js';

let now: number;
let cache: CredentialCache;
let checks: number;
const credential = { accountId: 'sac_1', version: 1, password: 'pw' };
const says = (answer: boolean) => async () => {
  checks += 1;
  return answer;
};

beforeEach(() => {
  now = 0;
  checks = 0;
  cache = createCredentialCache({ max: 3, now: () => now });
});

describe('credential cache', () => {
  it('remembers a success for a minute that use does not prolong', async () => {
    for (now of [0, 30_000, 59_999]) expect(await cache.verify(credential, says(true))).toBe(true);
    expect(checks).toBe(1);
    now = 60_000;
    expect(await cache.verify(credential, says(false))).toBe(false);
    expect(checks).toBe(2);
  });

  it('never remembers a failure', async () => {
    await cache.verify(credential, says(false));
    await cache.verify(credential, says(false));
    expect([checks, cache.size]).toEqual([2, 0]);
  });

  it('checks again for another version, password or account', async () => {
    await cache.verify(credential, says(true));
    for (const other of [{ version: 2 }, { password: 'pw2' }, { accountId: 'sac_2' }]) {
      expect(await cache.verify({ ...credential, ...other }, says(false))).toBe(false);
    }
  });

  it('shares one check between equal calls', async () => {
    const gate = deferred<boolean>();
    const answers = Array.from({ length: 20 }, () =>
      cache.verify(credential, () => {
        checks += 1;
        return gate.promise;
      }),
    );
    gate.resolve(true);
    expect(await Promise.all(answers)).toEqual(Array(20).fill(true));
    expect(checks).toBe(1);
  });

  it('drops an account at once, also the result of a check that is running', async () => {
    await cache.verify(credential, says(true));
    const gate = deferred<boolean>();
    const slow = cache.verify({ ...credential, password: 'other' }, () => gate.promise);
    cache.drop('sac_1');
    expect(await cache.verify({ ...credential, accountId: 'sac_9' }, says(true))).toBe(true);
    gate.resolve(true);
    await slow;
    expect(await cache.verify(credential, says(false))).toBe(false);
    expect(await cache.verify({ ...credential, password: 'other' }, says(false))).toBe(false);
  });

  it('stays within its bound', async () => {
    for (let i = 0; i < 50; i++) await cache.verify({ ...credential, accountId: `sac_${i}` }, says(true));
    expect(cache.size).toBe(3);
  });

  it('passes on what a check throws and tries again', async () => {
    await expect(cache.verify(credential, () => Promise.reject(new Error('busy')))).rejects.toThrow('busy');
    expect(await cache.verify(credential, says(true))).toBe(true);
  });
});

function deferred<T>() {
  let resolve!: (value: T) => void;
  const promise = new Promise<T>((r) => {
    resolve = r;
  });
  return { promise, resolve };
}
