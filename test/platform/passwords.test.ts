import { describe, expect, it } from '@jest/globals';
import { isDomainError } from '../../src/core/shared/errors.js';
import { createPasswords } from '../../src/platform/passwords.js';

const weak = { memoryCost: 256, timeCost: 1, parallelism: 1 };

describe('passwords', () => {
  it('hashes with argon2id at the stated strength and verifies', async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash('correct horse');
    expect(hash).toMatch(/^\$argon2id\$v=19\$m=19456,t=2,p=1\$/);
    expect(await passwords.verify(hash, 'correct horse')).toBe(true);
    expect(await passwords.verify(hash, 'wrong horse')).toBe(false);
    expect(passwords.needsRehash(hash)).toBe(false);
  });

  it('does the same work for an account that is not there', async () => {
    const passwords = createPasswords();
    const hash = await passwords.hash('x');
    await passwords.verify(null, 'warm up');
    const time = async (against: string | null) => {
      const samples: number[] = [];
      for (let i = 0; i < 9; i++) {
        const started = performance.now();
        expect(await passwords.verify(against, 'guess')).toBe(false);
        samples.push(performance.now() - started);
      }
      return samples.sort((a, b) => a - b)[4]!;
    };
    expect(await passwords.verify(null, 'no account has this password')).toBe(false);
    expect((await time(null)) / (await time(hash))).toBeGreaterThan(0.4);
  });

  it('asks for a new hash when the parameters differ or the text is no hash', async () => {
    const hash = await createPasswords({ strength: weak }).hash('x');
    expect(createPasswords().needsRehash(hash)).toBe(true);
    expect(createPasswords().needsRehash('x')).toBe(true);
  });

  it('answers busy when the queue is full, and serves everybody who was let in', async () => {
    const passwords = createPasswords({ concurrency: 1, queue: 3, strength: weak });
    const results = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => passwords.hash(`p${i}`)));
    const refused = results.filter((r) => r.status === 'rejected');
    expect(results.filter((r) => r.status === 'fulfilled')).toHaveLength(4);
    expect(refused.every((r) => isDomainError(r.reason, 'busy'))).toBe(true);
    await expect(passwords.hash('again')).resolves.toMatch(/^\$argon2id/);
  });

  it('lets through who goes ahead, however many others wait', async () => {
    const passwords = createPasswords({ concurrency: 1, queue: 3, strength: weak });
    const hash = await passwords.hash('x');
    const done: string[] = [];
    const others = [...Array(5).keys()].map((n) => passwords.verify(hash, `guess ${n}`).then(() => done.push('other')));
    const ahead = passwords.verify(hash, 'x', { ahead: true }).then((right) => done.push(right ? 'ahead' : 'wrong'));
    const results = await Promise.allSettled([ahead, ...others]);
    expect(results.map(({ status }) => status)).toEqual([...Array(5).fill('fulfilled'), 'rejected']);
    expect(done).toEqual(['other', 'ahead', 'other', 'other', 'other']);
  });

  it('refuses giant passwords without hashing them', async () => {
    const passwords = createPasswords({ strength: weak });
    await expect(passwords.hash('x'.repeat(1_025))).rejects.toMatchObject({ code: 'invalid_value' });
    const hash = await passwords.hash('');
    expect(await passwords.verify(hash, 'x'.repeat(1_025))).toBe(false);
  });
});
