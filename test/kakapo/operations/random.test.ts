import fc from 'fast-check';
import { onEveryDialect } from '../../support/databases.js';
import { type KakapoHub, openKakapoHub, providerHost } from '../support/hub.js';
import type { Outcome, SoapCall } from '../support/soap.js';
import { about, done } from './support.js';

const types = ['Pro', 'Enterprise'] as const;
type Type = (typeof types)[number];
const bought: Readonly<Record<Type, number>> = { Pro: 4, Enterprise: 2 };

/** The service in memory: what it must have after any sequence of calls. Pools by level: '' (provider), `r`, `r/g`. */
class Model {
  readonly groups = new Map<string, Set<string>>();
  readonly users = new Map<string, { at: string; held: Map<string, { type: Type; from: string }> }>();
  readonly pools = new Map<string, { quantity: number; used: number }>();

  constructor() {
    for (const type of types) this.pools.set(`${type} `, { quantity: bought[type], used: 0 });
  }

  free(type: Type, level: string): number {
    const pool = this.pools.get(`${type} ${level}`);
    return pool === undefined ? 0 : pool.quantity - pool.used;
  }
  release(name: string): void {
    for (const { type, from } of this.users.get(name)!.held.values()) this.pools.get(`${type} ${from}`)!.used -= 1;
    this.users.get(name)!.held.clear();
  }
  removeUser(name: string): void {
    this.release(name);
    this.users.delete(name);
  }
  removeGroup(reseller: string, group: string): void {
    const at = `${reseller}/${group}`;
    for (const [name, user] of [...this.users]) if (user.at === at) this.removeUser(name);
    this.drop(at, reseller);
    this.groups.get(reseller)!.delete(group);
  }
  removeReseller(reseller: string): void {
    for (const group of [...this.groups.get(reseller)!]) this.removeGroup(reseller, group);
    this.drop(reseller, '');
    this.groups.delete(reseller);
  }
  drop(level: string, above: string): void {
    for (const type of types) {
      const pool = this.pools.get(`${type} ${level}`);
      if (pool === undefined) continue;
      this.pools.get(`${type} ${above}`)!.used -= pool.quantity;
      this.pools.delete(`${type} ${level}`);
    }
  }
}

interface Step {
  readonly operation: string;
  readonly resellerId: string;
  readonly groupId: string;
  readonly user: string;
  readonly type: Type;
  readonly quantity: number;
}

/** Whether the call must succeed; does to the model what it does then. */
const rules: Readonly<Record<string, (m: Model, s: Step) => boolean>> = {
  AddReseller: (m, s) => !m.groups.has(s.resellerId) && !!m.groups.set(s.resellerId, new Set()),
  AddGroup: (m, s) =>
    m.groups.get(s.resellerId)?.has(s.groupId) === false && !!m.groups.get(s.resellerId)!.add(s.groupId),
  AddUser(m, s) {
    if (m.groups.get(s.resellerId)?.has(s.groupId) !== true || m.users.has(s.user)) return false;
    m.users.set(s.user, { at: `${s.resellerId}/${s.groupId}`, held: new Map() });
    return true;
  },
  AddUserWithHierarchy(m, s) {
    const at = `${s.resellerId}/${s.groupId}`;
    const user = m.users.get(s.user);
    if (user !== undefined) return user.at === at;
    m.groups.set(s.resellerId, (m.groups.get(s.resellerId) ?? new Set()).add(s.groupId));
    m.users.set(s.user, { at, held: new Map() });
    return true;
  },
  AddUserLicense(m, s) {
    const user = m.users.get(s.user);
    if (user === undefined) return false;
    const held = user.held.get('UnityDesktop');
    if (held !== undefined) return held.type === s.type;
    const [reseller = ''] = user.at.split('/');
    const from = [user.at, reseller, ''].find((level) => m.free(s.type, level) > 0);
    if (from === undefined) return false;
    m.pools.get(`${s.type} ${from}`)!.used += 1;
    user.held.set('UnityDesktop', { type: s.type, from });
    return true;
  },
  DeleteUserLicense(m, s) {
    if (m.users.get(s.user)?.held.get('UnityDesktop')?.type === s.type) m.release(s.user);
    return m.users.has(s.user);
  },
  DeleteUserLicenses(m, s) {
    if (m.users.has(s.user)) m.release(s.user);
    return m.users.has(s.user);
  },
  DeleteUser(m, s) {
    if (!m.users.has(s.user)) return false;
    m.removeUser(s.user);
    return true;
  },
  DeleteGroup(m, s) {
    if (m.groups.get(s.resellerId)?.has(s.groupId) !== true) return false;
    m.removeGroup(s.resellerId, s.groupId);
    return true;
  },
  DeleteReseller(m, s) {
    if (!m.groups.has(s.resellerId)) return false;
    m.removeReseller(s.resellerId);
    return true;
  },
  AddResellerLicenseSubPurchase: (m, s) => m.groups.has(s.resellerId) && buy(m, s, s.resellerId, ''),
  AddGroupLicenseSubPurchase: (m, s) => hasGroup(m, s) && buy(m, s, `${s.resellerId}/${s.groupId}`, s.resellerId),
  DeleteResellerLicenseSubPurchase: (m, s) => m.groups.has(s.resellerId) && giveBack(m, s, s.resellerId, ''),
  DeleteGroupLicenseSubPurchase: (m, s) =>
    hasGroup(m, s) && giveBack(m, s, `${s.resellerId}/${s.groupId}`, s.resellerId),
};

const hasGroup = (m: Model, s: Step): boolean => m.groups.get(s.resellerId)?.has(s.groupId) === true;

function buy(m: Model, { type, quantity }: Step, level: string, above: string): boolean {
  if (m.free(type, above) < quantity) return false;
  m.pools.get(`${type} ${above}`)!.used += quantity;
  const pool = m.pools.get(`${type} ${level}`) ?? { quantity: 0, used: 0 };
  m.pools.set(`${type} ${level}`, { ...pool, quantity: pool.quantity + quantity });
  return true;
}

function giveBack(m: Model, { type, quantity }: Step, level: string, above: string): boolean {
  const pool = m.pools.get(`${type} ${level}`);
  if (pool === undefined || pool.quantity - quantity < pool.used) return false;
  pool.quantity -= quantity;
  m.pools.get(`${type} ${above}`)!.used -= quantity;
  return true;
}

const oneOf = <T>(...values: readonly T[]) => fc.constantFrom(...values);
const steps = fc.array(
  fc.record({
    operation: oneOf(...Object.keys(rules)),
    resellerId: oneOf('r1', 'r2'),
    groupId: oneOf('g1', 'g2'),
    user: oneOf('a@x', 'b@x', 'c@x'),
    type: oneOf(...types),
    quantity: fc.integer({ min: 1, max: 3 }),
  }),
  { minLength: 20, maxLength: 40 },
);

onEveryDialect('any sequence of calls', (dialect) => {
  let hub: KakapoHub;
  let call: SoapCall;
  beforeAll(async () => {
    hub = await openKakapoHub(dialect, { stock: { UnityDesktop: bought } });
    call = about(hub.soap(), { serverHostName: providerHost, applicationName: 'UnityDesktop' });
  });
  afterAll(() => hub.close());

  /** Calls about a user's licenses do not say where the user is: the place said must be the right one. */
  const placed = /^(Add|Delete)(Reseller|Group|User$|UserWith)/;
  const play = ({ operation, resellerId, groupId, user, type, quantity }: Step): Promise<Outcome> =>
    call(operation, {
      ...(placed.test(operation) && operation !== 'DeleteUser' && { resellerId, groupId }),
      broadworksUserId: user,
      licenseType: type,
      quantity,
    });

  /** What the reads say, in the form of the model. */
  async function seen() {
    const groups: Record<string, string[]> = {};
    const users: Record<string, string> = {};
    const pools: Record<string, string> = {};
    const stock = (level: string, items: Outcome['items']) => {
      for (const { licenseType, purchased, free } of items)
        pools[`${licenseType} ${level}`] = `${purchased}, ${free} free`;
    };
    for (const { resellerId = '' } of await done(call('GetResellers'))) {
      groups[resellerId] = [];
      stock(resellerId, await done(call('GetResellerLicenses', { resellerId })));
      for (const { groupId = '' } of await done(call('GetGroups', { resellerId }))) {
        groups[resellerId].push(groupId);
        const at = { resellerId, groupId };
        stock(`${resellerId}/${groupId}`, await done(call('GetGroupLicenses', at)));
        for (const { broadworksUserId = '' } of await done(call('GetUsers', at))) {
          const held = await done(call('GetUserLicenses', { broadworksUserId }));
          users[broadworksUserId] = [`${resellerId}/${groupId}`, ...held.map((one) => one.licenseType)].join(' ');
        }
      }
    }
    return { groups, users, pools };
  }

  function expected(model: Model): Awaited<ReturnType<typeof seen>> {
    const levels = [...model.pools].filter(([key]) => !key.endsWith(' '));
    return {
      groups: Object.fromEntries([...model.groups].map(([reseller, groups]) => [reseller, [...groups].sort()])),
      users: Object.fromEntries(
        [...model.users].map(([name, { at, held }]) => [
          name,
          [at, ...[...held.values()].map((one) => one.type)].join(' '),
        ]),
      ),
      pools: Object.fromEntries(levels.map(([key, p]) => [key, `${p.quantity}, ${p.quantity - p.used} free`])),
    };
  }

  it('does to the hub what it does to a model of it', async () => {
    const once = async (sequence: readonly Step[]) => {
      for (const resellerId of ['r1', 'r2']) await call('DeleteReseller', { resellerId });
      const model = new Model();
      for (const step of sequence) {
        const text = JSON.stringify(step);
        const outcome = await play(step);
        expect(`${text} ${outcome.success} ${outcome.fault}`).toBe(`${text} ${rules[step.operation]!(model, step)} `);
      }
      expect(await seen()).toEqual(expected(model));
    };
    await fc.assert(fc.asyncProperty(steps, once), { numRuns: dialect === 'sqlite' ? 12 : 6, endOnFailure: true });
    expect(hub.logged()).not.toContain('internal error');
    for (const resellerId of ['r1', 'r2']) await call('DeleteReseller', { resellerId });
    for (const type of types) {
      const pool = { tenantId: hub.providerId, licenseTypeId: hub.licenseTypeId('UnityDesktop', type) };
      const [left] = await hub.persistence.lookups.licensePools.findMany(pool);
      expect(left).toMatchObject({ quantity: bought[type], used: 0 });
    }
  }, 120_000);
});
