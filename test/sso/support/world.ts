import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import Fastify from 'fastify';
import { createSso, type Sso, type SsoPorts, type Subscriber } from '../../../src/adapters/sso/index.js';
import { wireTraffic } from '../../../src/bootstrap/traffic.js';
import type { Unit } from '../../../src/core/repositories.js';
import { systemActor } from '../../../src/core/shared/actor.js';
import type { PublishedEvent } from '../../../src/core/shared/events.js';
import { activeLifecycle } from '../../../src/core/shared/lifecycle.js';
import { emailKey } from '../../../src/core/shared/text.js';
import { openPersistence } from '../../../src/persistence/index.js';
import { createCredentialCache } from '../../../src/platform/credential-cache.js';
import { createIds } from '../../../src/platform/ids.js';
import { createKeyring, generateSecretKey } from '../../../src/platform/keyring.js';
import type { Mail } from '../../../src/platform/mailer.js';
import { createOutbound } from '../../../src/platform/outbound.js';
import { createPasswords } from '../../../src/platform/passwords.js';
import type { TestClock } from '../../support/clock.js';
import { createEmptyDatabase } from '../../support/databases.js';
import { freePort } from '../../support/http.js';
import { tickingClock } from './ticking-clock.js';

export const password = 'correct horse battery';

export interface WorldOptions {
  readonly dialect?: 'sqlite' | 'mysql';
  readonly allow?: readonly string[];
  /** What browsers are told the hub is called; requests go to `origin`. */
  readonly publicUrl?: string;
  readonly addressOf?: SsoPorts['addressOf'];
  readonly lifetimes?: SsoPorts['lifetimes'];
  /** The marketplaces that vouch, given the clock of this world. */
  vouchers?(clock: TestClock): SsoPorts['vouchers'];
}

export type World = Awaited<ReturnType<typeof startWorld>>;

/** A hub's sign-in on a loopback port: one customer with one instance of one application, two people and an operator. */
export async function startWorld(options: WorldOptions = {}) {
  const clock: TestClock = tickingClock();
  const port = await freePort();
  const origin = `http://localhost:${port}`;
  const publicUrl = options.publicUrl ?? origin;
  const keyring = createKeyring(generateSecretKey());
  const logged: unknown[][] = [];
  const log = (...args: unknown[]) => void logged.push(args);
  const logger = { info: log, warn: log, error: log } as never;
  const ids = createIds(clock);
  const database = await createEmptyDatabase(options.dialect ?? 'sqlite');
  const persistence = await openPersistence({
    databaseUrl: database.url,
    secrets: keyring,
    clock,
    ids,
    logger,
  });
  await persistence.migrate();
  const passwords = createPasswords({ strength: { memoryCost: 64, timeCost: 1, parallelism: 1 } });
  const mails: Mail[] = [];
  const outbound = createOutbound({ allow: options.allow ?? ['localhost', '127.0.0.0/8', '::1/128'] });
  const hashSecret = (secret: string) => keyring.hmac('client-secret', secret).toString('base64url');

  const sso: Sso = await createSso({
    publicUrl,
    units: persistence.uow,
    readers: persistence.readers,
    lookups: persistence.lookups,
    openIds: persistence.openIdStore,
    signingKeys: persistence.signingKeys,
    throttles: persistence.throttles,
    seen: persistence.seen,
    dueRechecks: persistence.dueRechecks,
    ...(options.vouchers && { vouchers: options.vouchers(clock) }),
    passwords,
    keyring,
    clock,
    fetch: outbound.fetch,
    mailer: { send: async (mail) => void mails.push(mail) },
    logger,
    verifyClientSecret: (hash, secret) => hash !== '' && hash === hashSecret(secret),
    authenticateTraffic: wireTraffic({
      lookup: persistence.trafficLookup,
      passwords,
      credentials: createCredentialCache(),
      throttles: persistence.throttles,
      units: persistence.uow,
      clock,
    }).authenticate,
    addressOf: options.addressOf ?? ((request) => request.socket.remoteAddress ?? ''),
    ...(options.lifetimes && { lifetimes: options.lifetimes }),
  });
  let revocations = (await persistence.revocations.poll(null)).cursor;
  /** What every process does each 250 ms. */
  async function hearRevocations(): Promise<void> {
    const heard = await persistence.revocations.poll(revocations);
    revocations = heard.cursor;
    sso.revoked(heard.revocations);
  }

  const app = Fastify();
  await app.register(sso.plugin);
  await app.ready();
  const server = createServer((request, response) => {
    if (request.url?.startsWith('/oidc')) void sso.handler(request, response);
    else app.routing(request, response);
  });
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');

  const run: <T>(work: (tx: Unit) => Promise<T>) => Promise<T> = (work) =>
    persistence.uow.run(systemActor('test'), { name: 'test', requestId: 'test' }, work);
  const people = await run((tx) => seedWorld(tx, ids.next, clock.now(), passwords.hash, hashSecret));

  const events: PublishedEvent[] = [];
  const failures: unknown[] = [];
  const witness: Subscriber = { name: 'witness', wants: () => true, deliver: async (event) => void events.push(event) };
  const watched = sso.subscribers.map((subscriber) => ({
    ...subscriber,
    deliver: (event: PublishedEvent) =>
      subscriber.deliver(event).catch((error) => {
        failures.push(error);
        throw error;
      }),
  }));
  const outbox = persistence.outboxRelay({ subscribers: [witness, ...watched] });

  /** Delivers what is due; returns what went wrong this time. */
  async function relay(): Promise<unknown[]> {
    failures.length = 0;
    await outbox.drain();
    return [...failures];
  }

  return {
    publicUrl,
    origin,
    port: (server.address() as AddressInfo).port,
    issuer: `${publicUrl}/oidc`,
    clock,
    persistence,
    ids,
    events,
    hearRevocations,
    sso,
    run,
    relay,
    mails,
    logged,
    keyring,
    passwords,
    hashSecret,
    ...people,
    async close() {
      server.closeAllConnections();
      server.close();
      await app.close();
      await outbound.close();
      await outbox.stop();
      await persistence.close();
      await database.drop();
    },
  };
}

type Next = (kind: never) => string;
export type Seeded = Awaited<ReturnType<typeof seedWorld>>;

/** The people, clients and the one bought application of every test here. */
export async function seedWorld(
  tx: Unit,
  next: Next,
  now: string,
  hash: (password: string) => Promise<string>,
  hashSecret: (secret: string) => string,
) {
  const id = (kind: string) => next(kind as never);
  const tenant = await tx.tenants.insert({
    ...activeLifecycle,
    id: id('tenant'),
    createdAt: now,
    key: 'sunrise',
    kind: 'customer',
    name: 'Sunrise Dental',
    parentId: '',
    channelId: '',
    country: '',
    timeZone: '',
    contact: {},
    properties: [],
    operatorReference: '',
    serviceLevelGroupId: '',
  });
  await tx.tenantTree.attach(tenant.id, '');
  const application = await tx.applications.insert({
    ...activeLifecycle,
    id: id('application'),
    createdAt: now,
    ownerTenantId: '',
    key: 'crm',
    name: 'Orchid CRM',
    description: '',
    accessUrl: 'http://localhost:4100/',
    loginUrl: '',
    logoutUrl: '',
    channelId: '',
    properties: [],
    operatorReference: '',
    serviceLevelGroupId: '',
    liveKey: '0',
  });
  const type = await tx.licenseTypes.insert({
    id: id('licenseType'),
    createdAt: now,
    applicationId: application.id,
    code: 'Standard',
    name: 'Standard',
    position: 0,
  });
  const plan = await tx.plans.insert({
    id: id('plan'),
    createdAt: now,
    applicationId: application.id,
    key: 'crm-month',
    name: '',
    priceMinor: 1500n,
    currency: 'EUR',
    interval: 'month',
    trialDays: 0,
    seats: 'flat',
    retiredAt: null,
  });
  const instance = await tx.instances.insert({
    ...activeLifecycle,
    id: id('instance'),
    createdAt: now,
    key: 'sunrise-crm',
    tenantId: tenant.id,
    applicationId: application.id,
    channelId: 'chn_1',
    name: 'Sunrise CRM',
    accessUrl: '',
    parameters: {},
    configuredAt: now,
    description: '',
    properties: [],
    operatorReference: '',
  });
  await tx.subscriptions.insert({
    id: id('subscription'),
    createdAt: now,
    tenantId: tenant.id,
    applicationId: application.id,
    instanceId: instance.id,
    planId: plan.id,
    channelId: '',
    status: 'ACTIVE',
    startedAt: now,
    trialEndsAt: null,
    endsAt: null,
    endedAt: null,
    priceMinor: 1500n,
    currency: 'EUR',
    interval: 'month',
    seats: 'flat',
  });

  async function person(email: string, name: string, operatorLevel: number | null = null) {
    const user = await tx.users.insert({
      id: id('user'),
      createdAt: now,
      givenName: name,
      familyName: '',
      displayName: name,
      locale: '',
      operatorLevel,
      passwordHash: await hash(password),
      credentialVersion: 1,
      mustChangePassword: false,
      holds: [],
      terminatedAt: null,
    });
    const key = emailKey(email);
    await tx.userEmails.insert({
      id: id('userEmail'),
      userId: user.id,
      email,
      emailKey: key,
      verifiedKey: key,
      primary: true,
    });
    return user;
  }

  async function member(userId: string, loginName: string) {
    const membership = await tx.memberships.insert({
      id: id('membership'),
      createdAt: now,
      userId,
      tenantId: tenant.id,
      instanceId: instance.id,
      channelId: 'chn_1',
      roles: ['MEMBER'],
      loginName,
      email: '',
      givenName: '',
      familyName: '',
      locale: '',
      holds: [],
      terminatedAt: null,
      liveKey: '0',
    });
    await tx.licenses.insert({
      id: id('license'),
      poolId: 'pol_1',
      userId,
      tenantId: tenant.id,
      applicationId: application.id,
      licenseTypeId: type.id,
      instanceId: instance.id,
      assignedAt: now,
      releasedAt: null,
      liveKey: '0',
    });
    return membership;
  }

  const mina = await person('mina@sunrise.example', 'Mina Sato');
  const theo = await person('theo@sunrise.example', 'Theo Roux');
  const chief = await person('chief@hub.example', 'Chief', 1000);
  const minaMembership = await member(mina.id, 'mina');
  await member(theo.id, 'theo');

  async function client(fields: { clientId: string; secret?: string } & Record<string, unknown>) {
    const { secret, ...rest } = fields;
    return tx.clients.insert({
      id: id('client'),
      createdAt: now,
      name: '',
      secretHash: secret === undefined ? '' : hashSecret(secret),
      applicationId: '',
      instanceId: '',
      tenantId: '',
      level: null,
      grantTypes: ['authorization_code', 'refresh_token'],
      scopes: ['openid', 'email', 'profile', 'offline_access'],
      redirectUris: ['http://localhost:4100/callback'],
      postLogoutRedirectUris: ['http://localhost:4100/'],
      backchannelLogoutUri: '',
      disabledAt: null,
      ...rest,
    });
  }

  const crm = await client({ clientId: 'orchid-crm', secret: 'orchid-secret', applicationId: application.id });
  const console = await client({
    clientId: 'console',
    redirectUris: ['http://localhost:4200/'],
    scopes: ['openid', 'email', 'profile', 'offline_access', 'hub.read', 'hub.write', 'hub.admin'],
  });
  const backoffice = await client({
    clientId: 'backoffice',
    secret: 'backoffice-secret',
    grantTypes: ['client_credentials'],
    scopes: ['hub.read', 'hub.write'],
    redirectUris: [],
    level: 1000,
  });
  return {
    tenant,
    application,
    instance,
    type,
    mina,
    theo,
    chief,
    minaMembership,
    crm,
    console,
    backoffice,
    addClient: client,
  };
}
