import { createHash } from 'node:crypto';
import { defineApplication, definePlan } from '../../../src/core/catalog/index.js';
import { type ConsumedLogin, consumeLoginToken, createMember, type Session } from '../../../src/core/identity/index.js';
import { configureChannel, findExternalRef } from '../../../src/core/marketplace/index.js';
import { type LaunchFacts, type LaunchResult, launch, runLaunch } from '../../../src/core/provisioning/index.js';
import type { Unit } from '../../../src/core/repositories.js';
import type { Actor, Role } from '../../../src/core/shared/actor.js';
import { day, minute, shift } from '../../../src/core/shared/clock.js';
import type { Persistence } from '../../../src/persistence/index.js';
import type { TestDatabase } from '../../support/databases.js';
import { perform, system } from './hub.js';

export const hash = (text: string): string => createHash('sha256').update(text).digest('hex');

/** Everything a marketplace asks for is asked for by its channel. */
export const asChannel = (channelId: string): Actor => ({
  kind: 'serviceAccount',
  serviceAccountId: channelId,
  username: 'app-1',
  channelId,
  tenantId: null,
  level: null,
});

export type Shop = Awaited<ReturnType<typeof makeShop>>;

/** Two marketplaces that sell the hub's application, which has two kinds of seats and two plans. */
export async function makeShop(db: TestDatabase) {
  const made = await perform(db, system, async (tx) => {
    const channel = await configureChannel(tx, { name: 'acme', protocol: 'maestrano', settings: {} });
    const other = await configureChannel(tx, { name: 'other', protocol: 'maestrano', settings: {} });
    const application = await defineApplication(tx, {
      key: 'crm',
      name: 'CRM',
      licenseTypes: [{ code: 'Pro' }, { code: 'Basic' }],
    });
    const price = { applicationId: application.id, currency: 'EUR', interval: 'month' } as const;
    const plan = await definePlan(tx, { ...price, key: 'team', amount: '1500', trialDays: 14, seats: 'perSeat' });
    await definePlan(tx, { ...price, key: 'big', amount: '9900' });
    return { channel, other, application, plan };
  });
  const { channel } = made;

  const factsOf = (change: Partial<LaunchFacts> = {}): LaunchFacts => ({
    channelId: channel.id,
    applicationKey: 'crm',
    planKey: 'team',
    linkByEmail: 'verified',
    virtual: false,
    groupUid: 'cld-1',
    groupName: 'Doe Corp',
    companyName: 'Doe at sign-up',
    trialEndsAt: shift(db.clock.now(), 10 * day),
    groupProfile: {
      email: 'office@doe.example',
      currency: 'EUR',
      timeZone: 'Europe/Paris',
      country: 'FR',
      city: 'Lyon',
      organizationUid: 'org-1',
      resellerId: '',
      hasCreditCard: true,
    },
    reseller: null,
    userUid: 'usr-1',
    email: 'ada@doe.example',
    givenName: 'Ada',
    familyName: 'Lovelace',
    country: 'GB',
    role: 'Member',
    attributes: { app_owner: 'true' },
    ...change,
  });

  let launches = 0;
  /** One sign-on by a browser of its own; `secret` opens its session there. */
  async function signOn(change: Partial<LaunchFacts> = {}, persistence: Persistence = db.persistence) {
    launches += 1;
    const mark = `${launches}`;
    const secret = `secret ${mark}`;
    const browserHash = hash(`browser ${mark}`);
    const facts = factsOf(change);
    const result: LaunchResult = await runLaunch(
      persistence.uow,
      asChannel(facts.channelId),
      { name: 'maestrano.consume', requestId: `req-${mark}`, channelId: facts.channelId },
      (tx) => launch(tx, inputOf(db, facts, { secret, browserHash })),
    );
    return { ...result, secret, browserHash };
  }

  const ask = <T>(work: (tx: Unit) => Promise<T>, channelId = channel.id) => perform(db, asChannel(channelId), work);

  return {
    ...made,
    factsOf,
    signOn,
    /** As the marketplace. */
    ask,
    look: <T>(work: (tx: Unit) => Promise<T>) => perform(db, system, work),
    enter: (login: { readonly secret: string; readonly browserHash?: string }): Promise<ConsumedLogin> =>
      perform(db, system, (tx) =>
        consumeLoginToken(tx, {
          tokenHash: hash(login.secret),
          cookieHash: hash(`cookie ${login.secret}`),
          ...(login.browserHash !== undefined && { browserHash: login.browserHash }),
        }),
      ),
    target: (kind: 'tenant' | 'instance' | 'user', externalId: string, channelId = channel.id) =>
      perform(db, system, async (tx) => (await findExternalRef(tx, { channelId, kind, externalId }))?.targetId),
    /** Somebody the hub knows, with an address and maybe a place. */
    person: (email: string, options: { verified?: boolean; level?: number; tenantId?: string; roles?: Role[] } = {}) =>
      perform(db, system, async (tx) => {
        const { verified = true, level, tenantId, roles = ['MEMBER'] } = options;
        const membership = tenantId === undefined ? null : { tenantId, roles };
        const { user } = await createMember(tx, { givenName: 'Own', emails: [{ email, verified }], membership });
        if (level === undefined) return user;
        return tx.users.save(user, { operatorLevel: level });
      }),
    sessionsOf: (userId: string): Promise<Session[]> => perform(db, system, (tx) => tx.sessions.findMany({ userId })),
  };
}

export function inputOf(
  db: TestDatabase,
  facts: LaunchFacts,
  { secret, browserHash }: { readonly secret: string; readonly browserHash: string },
) {
  return {
    facts,
    voucher: { uid: facts.userUid, session: 'mno-session-secret', groupUid: facts.groupUid },
    recheckAt: shift(db.clock.now(), 3 * minute),
    tokenHash: hash(secret),
    browserHash,
    tokenTtlMs: minute,
    sessionTtlMs: day,
  };
}

/** What there is in all, ended or not. */
export async function countAll(db: TestDatabase) {
  const one = async (sql: string) => Number((await db.raw.read.all<{ n: number }>(sql))[0]!.n);
  return {
    tenants: await one('SELECT COUNT(*) AS n FROM tenants'),
    instances: await one('SELECT COUNT(*) AS n FROM instances'),
    subscriptions: await one('SELECT COUNT(*) AS n FROM subscriptions'),
    users: await one('SELECT COUNT(*) AS n FROM users'),
    seats: await one("SELECT COUNT(*) AS n FROM licenses WHERE live_key = '0'"),
    bought: await one('SELECT COALESCE(SUM(quantity), 0) AS n FROM license_pools'),
  };
}

export async function eventsOf(db: TestDatabase, type: string): Promise<Record<string, unknown>[]> {
  const rows = await db.raw.read.all<{ payload: string }>(
    'SELECT payload FROM outbox_events WHERE event_type = ? ORDER BY id',
    [type],
  );
  return rows.map(({ payload }) => (typeof payload === 'string' ? JSON.parse(payload) : payload));
}

/** The unit, whose calls to repositories are told by name (`users.save`). */
export function watched(tx: Unit, told: (call: string) => void): Unit {
  const around = (target: object, path: string): object =>
    new Proxy(target, {
      get(from, property) {
        const value: unknown = Reflect.get(from, property, from);
        if (typeof value === 'function') {
          return (...args: unknown[]) => {
            if (path !== '') told(`${path}${String(property)}`);
            return Reflect.apply(value, from, args);
          };
        }
        const isRepository = typeof value === 'object' && value !== null && path === '';
        if (!isRepository || ['actor', 'command', 'ids'].includes(String(property))) return value;
        return around(value, `${String(property)}.`);
      },
    });
  return around(tx, '') as Unit;
}
