import { type Actor, reachOf, requireEverywhere, rights } from '../../src/core/shared/actor.js';

const operator = (level: number, ceiling = 1000): Actor => ({
  kind: 'operator',
  userId: 'usr_1',
  name: 'Op',
  level,
  ceiling,
});
const person = (ceiling: number, ...held: [string, ('OWNER' | 'ADMIN' | 'MEMBER' | 'VIEWER')[]][]): Actor => ({
  kind: 'user',
  userId: 'usr_2',
  name: 'Mina',
  ceiling,
  grants: held.map(([tenantId, roles]) => ({ tenantId, roles })),
});

describe('reach', () => {
  it('of an operator is the minimum of level and scope', () => {
    for (const level of [0, 333, 666, 1000]) {
      for (const ceiling of [0, 333, 666, 1000]) {
        for (const [right, needed] of Object.entries(rights)) {
          const reach = reachOf(operator(level, ceiling), right as keyof typeof rights);
          expect(reach.everywhere).toBe(Math.min(level, ceiling) >= needed);
        }
      }
    }
  });

  it('of a person is the subtree of the tenants they administer; a viewer reads, a member sees only themself', () => {
    const actor = person(1000, ['ten_a', ['ADMIN']], ['ten_b', ['VIEWER']], ['ten_c', ['MEMBER']]);
    expect(reachOf(actor, 'write')).toMatchObject({ tenantIds: ['ten_a'], selfUserId: null, memberTenantIds: [] });
    expect(reachOf(actor, 'read')).toMatchObject({
      tenantIds: ['ten_a', 'ten_b'],
      selfUserId: 'usr_2',
      memberTenantIds: ['ten_a', 'ten_b', 'ten_c'],
    });
  });

  it('of a token without the scope is nothing', () => {
    const nothing = { everywhere: false, tenantIds: [], channelId: null, selfUserId: null, memberTenantIds: [] };
    expect(reachOf(person(0, ['ten_a', ['OWNER']]), 'read')).toEqual(nothing);
    expect(reachOf(person(333, ['ten_a', ['OWNER']]), 'write')).toEqual(nothing);
    const client: Actor = { kind: 'client', clientId: 'c', level: null, tenantId: 'ten_a', ceiling: 333 };
    expect(reachOf(client, 'write')).toEqual(nothing);
    expect(reachOf(client, 'read')).toMatchObject({ tenantIds: ['ten_a'] });
  });

  it('of a service account is its channel, its tenant, or what its level allows', () => {
    const account = (tenantId: string | null, level: number | null): Actor => ({
      kind: 'serviceAccount',
      serviceAccountId: 'sac_1',
      username: 'mkp',
      channelId: 'chn_1',
      tenantId,
      level,
    });
    expect(reachOf(account(null, null), 'admin')).toMatchObject({
      everywhere: false,
      channelId: 'chn_1',
      tenantIds: [],
    });
    expect(reachOf(account('ten_a', null), 'admin')).toMatchObject({ channelId: null, tenantIds: ['ten_a'] });
    expect(reachOf(account(null, 333), 'write')).toMatchObject({ channelId: null, tenantIds: [] });
  });

  it('everywhere is for staff only', () => {
    expect(() => requireEverywhere(person(1000, ['ten_a', ['OWNER']]), 'read')).toThrow(
      expect.objectContaining({ code: 'forbidden' }),
    );
    expect(() => requireEverywhere({ kind: 'anonymous' }, 'read')).toThrow();
    expect(() => requireEverywhere(operator(666), 'write')).not.toThrow();
  });
});
