import { randomBytes } from 'node:crypto';
import { createSeatPricing } from '../adapters/billing/index.js';
import type { GraphqlAdapter, GraphqlSettings } from '../adapters/graphql/index.js';
import { createJournalTail } from '../adapters/graphql/modules/journal/tail.js';
import type { MercatorServices } from '../adapters/graphql/services.js';
import type { MarketplacePorts } from '../adapters/marketplace.js';
import { createSso, type Sso } from '../adapters/sso/index.js';
import { createTrafficAdapter } from '../adapters/traffic/index.js';
import { createWebhookSubscribers } from '../adapters/webhooks/index.js';
import { createTaskWorker, createWorker } from '../adapters/worker/index.js';
import { type AlarmReporter, createAlarmReporter } from '../core/alarms/index.js';
import { tellOfBlocks } from '../core/identity/index.js';
import type { Readers } from '../core/readers.js';
import type { Units } from '../core/repositories.js';
import { type Clock, minute, second, shift } from '../core/shared/clock.js';
import type { Ids } from '../core/shared/ids.js';
import { openPersistence, type Persistence, type RevocationCursor } from '../persistence/index.js';
import { clientAddress, parseAddressList } from '../platform/address.js';
import { systemClock } from '../platform/clock.js';
import type { Config } from '../platform/config.js';
import { createCredentialCache } from '../platform/credential-cache.js';
import { createHealth } from '../platform/health.js';
import { createIds } from '../platform/ids.js';
import { type Keyring, loadKeyring } from '../platform/keyring.js';
import { createLogger, type Logger } from '../platform/logger.js';
import { createMailer } from '../platform/mailer.js';
import { createMetrics, type Metrics } from '../platform/metrics.js';
import { createOutbound } from '../platform/outbound.js';
import { createPasswords, type Passwords } from '../platform/passwords.js';
import { createPoller } from '../platform/poller.js';
import { randomToken } from '../platform/secrets.js';
import { serverAddress } from '../platform/server-address.js';
import { findXmlFault } from '../platform/xml.js';
import { type Backgrounds, createBackgrounds } from './backgrounds.js';
import { createChannelDirectory } from './channel-directory.js';
import { type ClientSecrets, createClientSecrets } from './client-secrets.js';
import { frontInfo } from './front.js';
import { createHttpServer } from './http.js';
import { checkChannelSettings, marketplaces } from './marketplaces.js';
import { createProtocolRoutes } from './protocol-routes.js';
import { createRequestInspector } from './request-inspector.js';
import { revokedActors } from './revoked-actors.js';
import { wireInterfaceUsers, wireServiceAccounts } from './service-accounts.js';
import { reloadSigningKeys } from './signing-keys.js';
import { wireTraffic } from './traffic.js';

/** A hub on its database, wired and migrated. Nothing listens and no worker runs before `listen`. */
export interface Hub {
  readonly config: Config;
  readonly logger: Logger;
  readonly clock: Clock;
  readonly ids: Ids;
  readonly uow: Units;
  readonly readers: Readers;
  readonly persistence: Persistence;
  readonly keyring: Keyring;
  readonly passwords: Passwords;
  readonly clientSecrets: ClientSecrets;
  readonly metrics: Metrics;
  readonly alarms: AlarmReporter;
  readonly sso: Sso;
  /** Asks the directory a channel is listed in, at an operator's wish. */
  readonly rediscover: Backgrounds['rediscover'];
  /** How channels are connected, in the order of the ids; null while nothing is known. */
  readonly describeChannels: MercatorServices['describeChannels'];
  /** What keeps a channel from its work until somebody changes its settings. */
  problemsOfChannel(id: string): Promise<readonly string[]>;
  /** What protocols have the worker do, round after round. */
  readonly loops: Backgrounds['loops'];
  /** Serves HTTP where ROLES has `web` and runs the loops where it has `worker` (or both, with `everything`). */
  listen(options?: { readonly everything?: boolean }): Promise<{ readonly url: string }>;
  close(): Promise<void>;
}

export interface HubOptions {
  /** Where the log goes; standard output by default. */
  readonly logStream?: NodeJS.WritableStream;
  /** Time as a port, for tests. */
  readonly clock?: Clock;
  /** argon2id with other parameters, for tests that hash a lot. */
  readonly passwords?: Passwords;
}

/** Marketplaces answer with whole pages of records, some of them slowly; whoever calls sets what is usual for the call. */
const marketplaceTimeoutMs = 5 * minute;
const marketplaceMaxBytes = 16 * 1_048_576;

/**
 * Opens the database, migrates it and wires every part. Errors: KeyringError, WrongSecretKey, and what the driver says when the
 * database cannot be reached.
 */
export async function createHub(config: Config, options: HubOptions = {}): Promise<Hub> {
  const logger = createLogger({
    level: config.logLevel,
    format: config.logFormat,
    ...(options.logStream === undefined ? {} : { stream: options.logStream }),
  });
  const clock = options.clock ?? systemClock();
  const ids = createIds(clock);
  const keyring = loadKeyring(config.secretKey, config.dataDir);
  const passwords = options.passwords ?? createPasswords();
  const metrics = createMetrics();
  const clientSecrets = createClientSecrets(keyring);
  const persistence = await openPersistence({
    databaseUrl: config.databaseUrl,
    secrets: keyring,
    clock,
    ids,
    logger,
    poolSize: config.databasePoolSize,
    server: serverAddress(config.host),
  });
  await persistence.migrate();
  const { uow, readers } = persistence;
  const alarms = createAlarmReporter({
    uow,
    lookups: persistence.lookups,
    ids,
    onFailure: (err) => logger.error({ err }, 'an alarm could not be raised or cleared'),
  });
  const throttles = tellOfBlocks(persistence.throttles, alarms);
  const outbound = createOutbound({
    allow: config.outboundAllow,
    timeout: config.outboundTimeoutMs,
    maxBytes: config.outboundMaxBytes,
  });
  const marketplaceOutbound = createOutbound({
    allow: config.outboundAllow,
    timeout: marketplaceTimeoutMs,
    maxBytes: marketplaceMaxBytes,
  });
  const trustedProxies = parseAddressList(config.trustedProxies);
  const credentials = createCredentialCache();
  const traffic = wireTraffic({
    lookup: persistence.trafficLookup,
    passwords,
    credentials,
    throttles,
    units: uow,
    clock,
  });
  // protocols need the sign-in pages, and these need them: what is asked for later is looked up later
  let backgrounds: Backgrounds | undefined;
  const sso = await createSso({
    publicUrl: config.publicUrl,
    units: uow,
    readers,
    lookups: persistence.lookups,
    openIds: persistence.openIdStore,
    signingKeys: persistence.signingKeys,
    throttles,
    seen: persistence.seen,
    dueRechecks: persistence.dueRechecks,
    passwords,
    keyring,
    clock,
    fetch: outbound.fetch,
    mailer: createMailer(config.mailUrl, { from: config.mailFrom, clock }),
    logger,
    verifyClientSecret: clientSecrets.matches,
    authenticateTraffic: traffic.authenticate,
    addressOf: (request) => clientAddress(request, trustedProxies),
    vouchers: {
      recheck: async (session) => backgrounds?.recheck(session),
      signOutUrl: async (session) => (await backgrounds?.signOutUrl(session)) ?? '',
      beginUrl: async (session) => (await backgrounds?.beginUrl(session)) ?? '',
      verifyPassword: async (userId, password) => backgrounds?.verifyPassword(userId, password),
    },
    lifetimes: {
      session: config.sessionSeconds,
      accessToken: config.accessTokenSeconds,
      clientToken: config.clientTokenSeconds,
      idToken: config.idTokenSeconds,
      refreshToken: config.refreshTokenSeconds,
      authorizationCode: config.authorizationCodeSeconds,
      passwordLink: config.passwordLinkSeconds,
    },
  });
  const inspector = createRequestInspector({
    add: (records) => persistence.requestRecords.add(records),
    clock,
    ids,
    logger,
    metrics,
  });
  const marketplacePorts: MarketplacePorts = {
    uow,
    readers,
    lookups: persistence.lookups,
    clock,
    logger,
    publicUrl: config.publicUrl,
    passwords,
    throttles,
    seen: persistence.seen,
    authenticate: wireServiceAccounts({
      lookup: persistence.serviceAccountLookup,
      passwords,
      credentials,
      throttles,
      seen: persistence.seen,
      clock,
    }),
    authenticateInterfaceUser: wireInterfaceUsers({
      lookup: persistence.serviceAccountLookup,
      passwords,
      credentials,
      throttles,
      units: uow,
      clock,
    }),
    record: inspector.record,
    limits: {
      maxBytes: config.soapMaxBytes,
      maxDepth: config.soapMaxDepth,
      maxElements: config.soapMaxElements,
      maxAttributes: config.soapMaxAttributes,
      bodyTimeMs: config.soapTimeoutMs,
    },
    findXmlFault,
    validateResponses: config.validateResponses,
    ids,
    fetch: marketplaceOutbound.fetch,
    patienceMs: config.outboundTimeoutMs,
    hmac: {
      make: (purpose, text) => keyring.hmac(purpose, text),
      verify: (purpose, text, code) => keyring.verifyHmac(purpose, text, code),
    },
    alarms,
    launches: sso.launches,
  };
  backgrounds = createBackgrounds(marketplaces, marketplacePorts);
  const { loops, work, rediscover } = backgrounds;
  const protocolSubscribers = backgrounds.subscribers;
  const directory = createChannelDirectory({
    load: async () => (await persistence.lookups.channels.findMany({})).toSorted((a, b) => a.position - b.position),
    marketplaces,
    serve: (marketplace, channel) => marketplace.serve(marketplacePorts, channel),
    clock,
    logger,
  });

  const seatPricing = createSeatPricing({ uow, lookups: persistence.lookups });
  const webhookSubscribers = createWebhookSubscribers({ uow, readers, fetch: outbound.fetch, clock });
  const relay = persistence.outboxRelay({
    subscribers: async () => [
      ...sso.subscribers,
      ...(await seatPricing()),
      ...(await protocolSubscribers()),
      ...(await webhookSubscribers()),
    ],
    maxAttempts: config.deliveryAttempts,
    lease: config.outboundTimeoutMs + 5_000,
    interval: config.pollIntervalMs,
  });
  const revokedListeners = new Set<(actorId?: string) => void>();
  const journalTail = createJournalTail(readers.journal);
  const describeChannels: MercatorServices['describeChannels'] = async (ids) => {
    const channels = await Promise.all(ids.map((id) => persistence.lookups.channels.find(id)));
    return channels.map((one) => (one && marketplaces[one.protocol]?.describe?.(one, config.publicUrl)) ?? null);
  };
  const problemsOfChannel: Hub['problemsOfChannel'] = async (id) => {
    const channel = await persistence.lookups.channels.find(id);
    return (await (channel && marketplaces[channel.protocol]?.problems?.(channel, marketplacePorts))) ?? [];
  };
  const services: MercatorServices = {
    readers,
    clock,
    journalTail,
    units: uow,
    passwords,
    secrets: {
      generate: () => randomToken(),
      generateWebhookSecret: () => `whsec_${randomBytes(32).toString('base64')}`,
      hashClientSecret: clientSecrets.hash,
    },
    checkChannelSettings,
    checkAddressList: parseAddressList,
    journalPayloads: persistence.journalChain,
    parkedDeliveries: relay,
    parkedTasks: persistence.taskQueue,
    rediscoverChannel: rediscover,
    describeChannels,
  };
  /** Loading the API and building its schema takes a second of CPU, which commands that serve nothing do not spend. */
  async function openApi(): Promise<GraphqlAdapter> {
    const { openGraphql } = await import('./graphql.js');
    return openGraphql({
      services,
      authenticate: async (token) => (token === undefined ? { kind: 'anonymous' } : sso.authenticateBearer(token)),
      log: logger,
      settings: graphqlSettings(config),
      onActorRevoked: (listener) => {
        revokedListeners.add(listener);
        return () => revokedListeners.delete(listener);
      },
    });
  }

  // Signed tokens live five minutes: what was revoked just before this process began still counts.
  let cursor: RevocationCursor = { since: shift(clock.now(), -6 * minute), seen: new Set() };
  const revocations = createPoller({
    name: 'revocations',
    interval: config.pollIntervalMs,
    logger,
    work: async () => {
      const polled = await persistence.revocations.poll(cursor);
      cursor = polled.cursor;
      if (polled.revocations.length === 0) return;
      sso.revoked(polled.revocations);
      for (const { kind, id } of polled.revocations) {
        if (kind === 'serviceAccount' || kind === 'instance') credentials.drop(id);
      }
      for (const id of await revokedActors(persistence.lookups, polled.revocations)) {
        for (const listener of revokedListeners) listener(id);
      }
    },
  });
  const tasks = createTaskWorker({
    tasks: persistence.taskQueue,
    work,
    clock,
    logger,
    patienceMs: config.outboundTimeoutMs,
    graceMs: config.shutdownGraceMs,
    interval: config.pollIntervalMs,
  });
  const worker = createWorker({
    uow,
    readers,
    clock,
    ids,
    logger,
    metrics,
    relay,
    tasks,
    loops: [...loops, { name: 'session re-checks', interval: second, run: (signal) => sso.recheckDue(signal) }],
    journal: {
      async seal(limit) {
        const sealed = await persistence.journalChain.seal(limit);
        if (sealed > 0) journalTail.kick();
        return sealed;
      },
      checkNext: (atLeast) => persistence.journalChain.checkNext(atLeast),
    },
    housekeeping: persistence.housekeeping,
    lookups: persistence.lookups,
    alarms,
    troubles: persistence.deliveryTroubles,
    interval: config.pollIntervalMs,
  });
  const signingKeys = createPoller({
    name: 'signing keys',
    interval: minute,
    logger,
    work: () => reloadSigningKeys(() => sso.reloadKeys(), alarms),
  });
  const health = createHealth();
  health.add('database', () => persistence.ping());
  async function openFront() {
    const graphql = await openApi();
    const http = await createHttpServer({
      config,
      publicUrl: config.publicUrl,
      logger,
      ids,
      health,
      metrics,
      graphql,
      sso,
      traffic: createTrafficAdapter({
        check: traffic.check,
        authenticateBearer: sso.authenticateBearer,
        authenticateClient: sso.authenticateClient,
        readToken: sso.readTrafficToken,
        describe: frontInfo,
        logger,
      }),
      directory,
      routes: createProtocolRoutes(
        Object.values(marketplaces).filter((m) => m !== undefined),
        directory,
      ),
    });
    return { graphql, http };
  }
  let front: Awaited<ReturnType<typeof openFront>> | undefined;
  const stopListening = persistence.onCommit(({ kinds }) => {
    worker.kick();
    revocations.kick();
    if (kinds.has('channel')) directory.invalidate();
  });
  let working = false;

  return {
    config,
    logger,
    clock,
    ids,
    uow,
    readers,
    persistence,
    keyring,
    passwords,
    clientSecrets,
    metrics,
    alarms,
    sso,
    rediscover,
    describeChannels,
    problemsOfChannel,
    loops,
    async listen({ everything = false } = {}) {
      if (everything || config.roles.includes('web')) front = await openFront();
      revocations.start();
      signingKeys.start();
      if (everything || config.roles.includes('worker')) {
        working = true;
        worker.start();
      }
      if (front === undefined) return { url: config.publicUrl };
      const { port } = await front.http.listen();
      return { url: `http://${config.host.includes(':') ? `[${config.host}]` : config.host}:${port}` };
    },
    async close() {
      health.drain();
      stopListening();
      await front?.graphql.stop();
      await front?.http.close();
      await Promise.all([revocations.stop(), signingKeys.stop()]);
      if (working) await worker.stop();
      await inspector.stop();
      await outbound.close();
      await marketplaceOutbound.close();
      await persistence.close();
    },
  };
}

const introspection = { on: 'everybody', authenticated: 'authenticated', off: 'nobody' } as const;

function graphqlSettings(config: Config): Partial<GraphqlSettings> {
  return {
    corsOrigins: config.graphqlAllowedOrigins,
    introspection: introspection[config.introspection],
    graphiql: config.graphiql,
    bodyLimit: config.graphqlMaxBytes,
    depth: config.graphqlMaxDepth,
    cost: config.graphqlMaxCost,
    aliases: config.graphqlMaxAliases,
    tokens: config.graphqlMaxTokens,
    representations: config.graphqlMaxEntities,
    ...(config.graphqlCompile ? {} : { compileAfter: 0 }),
  };
}
