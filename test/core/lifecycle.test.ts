import fc from 'fast-check';
import {
  activeLifecycle,
  addHold,
  authorities,
  type Hold,
  isLive,
  type Lifecycle,
  removableBy,
  removeHolds,
  stateOf,
} from '../../src/core/shared/lifecycle.js';

const at = '2026-11-21T08:00:00.000Z';
const hold = fc.record<Hold>({
  authority: fc.constantFrom(...authorities),
  channelId: fc.constantFrom('', 'chn_a', 'chn_b'),
  by: fc.constant('somebody'),
  at: fc.constant(at),
});
const holds = fc.array(hold, { maxLength: 6 }).map((list) => list.reduce<readonly Hold[]>(addHold, []));
const lifecycle = fc.record<Lifecycle>({
  activated: fc.boolean(),
  holds,
  locked: fc.boolean(),
  pending: fc.constantFrom('', 'register', 'update', 'delete'),
  terminatedAt: fc.constantFrom(null, at),
});

describe('the computed state', () => {
  it('names every combination, and only ACTIVE and UPDATE_PENDING are live', () => {
    fc.assert(
      fc.property(lifecycle, (object) => {
        const state = stateOf(object);
        expect(isLive(object)).toBe(state === 'ACTIVE' || state === 'UPDATE_PENDING');
        if (isLive(object)) {
          expect(object).toMatchObject({ activated: true, locked: false, terminatedAt: null });
          expect(object.holds).toEqual([]);
        }
      }),
    );
  });

  it.each<[Partial<Lifecycle>, string]>([
    [{}, 'ACTIVE'],
    [{ activated: false }, 'INACTIVE'],
    [{ activated: false, pending: 'register' }, 'REGISTERED'],
    [{ pending: 'update' }, 'UPDATE_PENDING'],
    [{ pending: 'delete' }, 'DELETE_PENDING'],
    [{ locked: true }, 'LOCKED'],
    [{ locked: true, pending: 'update' }, 'LOCKED'],
    [{ terminatedAt: at, locked: true, pending: 'delete' }, 'TERMINATED'],
  ])('%j is %s', (change, state) => {
    expect(stateOf({ ...activeLifecycle, ...change })).toBe(state);
  });
});

describe('holds', () => {
  it('are a set by authority and channel: adding twice changes nothing', () => {
    fc.assert(
      fc.property(holds, hold, (present, more) => {
        const once = addHold(present, more);
        expect(addHold(once, more)).toBe(once);
        expect(once.length - present.length).toBeLessThanOrEqual(1);
      }),
    );
  });

  it('lose what the authority may remove; when that is nothing, the error names who keeps the object stopped', () => {
    fc.assert(
      fc.property(
        holds,
        fc.constantFrom(...authorities),
        fc.constantFrom('', 'chn_a', 'chn_b'),
        (present, who, channel) => {
          const blocking = present.filter((h) => !removableBy(who, channel, h));
          if (blocking.length === 0 || blocking.length < present.length) {
            expect(removeHolds('instance', present, who, channel)).toEqual(blocking);
          } else {
            expect(() => removeHolds('instance', present, who, channel)).toThrow(
              expect.objectContaining({ code: 'holds_remain' }),
            );
          }
        },
      ),
    );
  });

  it('of one channel cannot be lifted by another channel, nor by the owner; billing stays for billing', () => {
    const of = (authority: Hold['authority'], channelId = ''): Hold => ({ authority, channelId, by: 'x', at });
    expect(removableBy('marketplace', 'chn_a', of('marketplace', 'chn_b'))).toBe(false);
    expect(removableBy('marketplace', 'chn_a', of('marketplace', 'chn_a'))).toBe(true);
    expect(removableBy('owner', '', of('marketplace', 'chn_a'))).toBe(false);
    expect(removableBy('operator', '', of('marketplace', 'chn_a'))).toBe(true);
    expect(removableBy('operator', '', of('billing'))).toBe(false);
    expect(removableBy('billing', '', of('billing'))).toBe(true);
  });
});
