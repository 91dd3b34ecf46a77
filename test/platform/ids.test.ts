import { describe, expect, it } from '@jest/globals';
import { kindOfId } from '../../src/core/shared/ids.js';
import { systemClock } from '../../src/platform/clock.js';
import { createIds } from '../../src/platform/ids.js';
import { testClock } from '../support/clock.js';

describe('ids', () => {
  it('have a prefix, 26 characters and the time in front', () => {
    const clock = testClock('2026-01-01T00:00:00.000Z');
    const ids = createIds(clock);
    const before = ids.next('tenant');
    clock.advance(1);
    const after = ids.next('tenant');
    expect(before).toMatch(/^ten_[0-9a-hjkmnp-tv-z]{26}$/);
    expect(kindOfId(before)).toBe('tenant');
    expect(before < after).toBe(true);
  });

  it('grow strictly within a process, also when the clock stands still or steps back', () => {
    const clock = testClock();
    const ids = createIds(clock);
    let last = '';
    for (let i = 0; i < 20_000; i++) {
      if (i === 10_000) clock.advance(-60_000);
      const id = ids.next('event');
      if (id <= last) throw new Error(`${id} came after ${last}`);
      last = id;
    }
  });

  it('differ between processes at the same instant', () => {
    const clock = testClock();
    const made = new Set(Array.from({ length: 200 }, () => createIds(clock).next('user')));
    expect(made.size).toBe(200);
  });

  it('carry a UUIDv7', () => {
    const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
    const [, text = ''] = createIds(testClock('2026-01-01T00:00:00.000Z')).next('user').split('_');
    const value = [...text].reduce((sum, c) => sum * 32n + BigInt(alphabet.indexOf(c)), 0n);
    const hex = value.toString(16).padStart(32, '0');
    expect(Number.parseInt(hex.slice(0, 12), 16)).toBe(Date.parse('2026-01-01T00:00:00.000Z'));
    expect(hex[12]).toBe('7');
    expect('89ab').toContain(hex[16]);
  });

  it('come with a clock that tells UTC milliseconds', () => {
    expect(systemClock().now()).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/);
  });
});
