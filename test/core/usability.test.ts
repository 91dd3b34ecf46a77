import fc from 'fast-check';
import { bestChain, type Chain, chainLinks, usabilityOf } from '../../src/core/access/index.js';
import { activeLifecycle, type Hold } from '../../src/core/shared/lifecycle.js';

const hold: Hold = { authority: 'operator', channelId: '', by: 'x', at: '2026-11-21T08:00:00.000Z' };
const stopped = { ...activeLifecycle, holds: [hold] };

const whole: Chain = {
  ownerTenant: activeLifecycle,
  application: activeLifecycle,
  applicationId: 'app_1',
  tenantId: 'ten_1',
  lineage: [activeLifecycle, activeLifecycle],
  instance: { ...activeLifecycle, id: 'ins_1' },
  subscription: { status: 'ACTIVE' },
  user: { holds: [], terminatedAt: null },
  membership: { id: 'mem_1', holds: [], terminatedAt: null, roles: ['MEMBER'] },
  licenseTypes: ['Standard'],
};

const breaks: Record<(typeof chainLinks)[number], Partial<Chain>> = {
  ownerTenant: { ownerTenant: stopped },
  application: { application: stopped },
  tenant: { lineage: [activeLifecycle, stopped] },
  instance: { instance: { ...stopped, id: 'ins_1' } },
  subscription: { subscription: { status: 'SUSPENDED' } },
  user: { user: { holds: [hold], terminatedAt: null } },
  membership: { membership: { ...whole.membership, holds: [hold] } },
  license: { licenseTypes: [] },
};

describe('usable', () => {
  it('passes when every link does, and when the optional ones are not there', () => {
    expect(usabilityOf(whole)).toEqual({ usable: true });
    expect(usabilityOf({ ...whole, ownerTenant: null, instance: null, subscription: null })).toEqual({ usable: true });
  });

  it('gives the first failing link in the settled order, whatever else fails too', () => {
    fc.assert(
      fc.property(fc.subarray([...chainLinks], { minLength: 1 }), (broken) => {
        const chain: Chain = Object.assign({}, whole, ...broken.map((link) => breaks[link]));
        expect(usabilityOf(chain)).toEqual({ usable: false, reason: chainLinks.find((l) => broken.includes(l)) });
      }),
    );
  });

  it('takes an ended subscription and a deleted membership for unusable', () => {
    expect(usabilityOf({ ...whole, subscription: { status: 'ENDED' } })).toMatchObject({ reason: 'subscription' });
    const gone = { ...whole.membership, terminatedAt: '2026-11-21T08:00:00.000Z' };
    expect(usabilityOf({ ...whole, membership: gone })).toMatchObject({ reason: 'membership' });
  });

  it('lets an object with an update waiting pass', () => {
    expect(usabilityOf({ ...whole, application: { ...activeLifecycle, pending: 'update' } })).toEqual({ usable: true });
    expect(usabilityOf({ ...whole, application: { ...activeLifecycle, pending: 'delete' } })).toMatchObject({
      usable: false,
    });
  });

  it('chooses the usable chain, or else the one that got furthest', () => {
    const noSeat = { ...whole, ...breaks.license };
    const noInstance = { ...whole, ...breaks.instance };
    expect(bestChain([noInstance, noSeat, whole])?.chain).toBe(whole);
    expect(bestChain([noInstance, noSeat])?.usability).toEqual({ usable: false, reason: 'license' });
    expect(bestChain([])).toBeUndefined();
  });
});
