import { DomainError } from '../../src/core/shared/errors.js';
import { checkWindow, maxWindow } from '../../src/core/shared/window.js';

describe('a window into a list', () => {
  it('is taken as asked', () => {
    expect(checkWindow(0n, 1)).toEqual({ start: 0n, size: 1 });
    expect(checkWindow(2n ** 63n - 1n, maxWindow)).toEqual({ start: 2n ** 63n - 1n, size: 10_000 });
  });

  it('hands out 10,000 entries at most', () => {
    expect(checkWindow(5n, 10_001).size).toBe(10_000);
    expect(checkWindow(5n, 2_147_483_647).size).toBe(10_000);
  });

  it.each([
    ['startIndex', -1n, 1],
    ['startIndex', 2n ** 63n, 1],
    ['maxEntries', 0n, 0],
    ['maxEntries', 0n, -5],
    ['maxEntries', 0n, 1.5],
    ['maxEntries', 0n, Number.NaN],
  ])('refuses a bad %s (%s, %s)', (field, start, size) => {
    const asked = () => checkWindow(start, size);
    expect(asked).toThrow(DomainError);
    expect(asked).toThrow(
      expect.objectContaining({ code: 'invalid_value', params: expect.objectContaining({ field }) }),
    );
  });
});
