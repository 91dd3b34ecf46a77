import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { createPasswordAuthentication, type VerifyElsewhere } from '../../core/identity/index.js';
import type { TrafficGrant } from '../../core/provisioning/index.js';
import { toMilliseconds } from '../../core/shared/clock.js';
import type { Launches } from '../marketplace.js';
import { createActorCache } from './actor-cache.js';
import { type AuthenticateClient, createClientAuthentication } from './client-secrets.js';
import { cookieNames } from './cookies.js';
import { createDelegatedAuthentication, type DelegatedAuthentication } from './delegated/authenticate.js';
import { findBrowserSession, findSignedIn } from './hub-session.js';
import { createLaunches } from './launches.js';
import { createBackchannelLogout } from './logout/backchannel.js';
import { createLinkedMail } from './mail/account-linked.js';
import { createPasswordMail } from './mail/password-link.js';
import { createRunner } from './person-unit.js';
import type { SigningKey, SsoPorts } from './ports.js';
import { mountProvider } from './provider/mount.js';
import { rotateSigningKeys } from './provider/signing-keys.js';
import { createTokenThrottle } from './provider/token-throttle.js';
import { createTrafficTokens, trafficAudience } from './provider/traffic-tokens.js';
import { createVouching } from './recheck.js';
import { createChangeTickets } from './signin/change-ticket.js';
import type { SignInContext } from './signin/context.js';
import { createCsrf } from './signin/csrf.js';
import { createKnownBrowsers } from './signin/known-browser.js';
import { signInRoutes } from './signin/routes.js';
import type { Subscriber } from './subscriber.js';
import { createTokens, type Tokens } from './tokens.js';

export type { Revocation } from './actor-cache.js';
export { signInUrl } from './delegated/authenticate.js';
export { chooseLanguage, type Language, languages } from './pages/languages.js';
export { type Layout, pageHeaders, renderLayout } from './pages/render.js';
export * from './ports.js';
export type { Subscriber } from './subscriber.js';

export interface Sso extends Tokens {
  /** Node handler for every path that begins with /oidc. */
  handler(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Fastify plugin for /signin and /sso. */
  plugin(app: FastifyInstance): Promise<void>;
  /** For the outbox relay. */
  readonly subscribers: readonly Subscriber[];
  readonly authenticateDelegated: DelegatedAuthentication;
  /** For protocols whose people come in through their browser. */
  readonly launches: Launches;
  /**
   * One round of asking marketplaces about sessions whose time has come and nobody uses, so that applications hear of an end;
   * for the worker, about every second. True when there may be more to do at once.
   */
  recheckDue(signal: AbortSignal): Promise<boolean>;
  readonly authenticateClient: AuthenticateClient;
  /** What an instance's access token says; undefined unless it is one of this hub's that has not expired. */
  readTrafficToken(token: string): Promise<TrafficGrant | undefined>;
  /** Publishes a new signing key that signs an hour from now. */
  rotateKeys(): Promise<SigningKey>;
  /** Takes up keys other processes added or retired: call it now and then. */
  reloadKeys(): Promise<void>;
}

/** Single sign-on: the OpenID provider, the sign-in pages, marketplace sign-in, logout and bearer tokens. */
export async function createSso(ports: SsoPorts): Promise<Sso> {
  const names = cookieNames(ports.publicUrl);
  const runner = createRunner(ports.units);
  const authenticate = createPasswordAuthentication(ports);
  const vouching = createVouching(ports, runner);
  const issuer = `${ports.publicUrl}/oidc`;

  const throttle = createTokenThrottle(ports);
  const now = (): number => toMilliseconds(ports.clock.now());
  const cache = createActorCache(now);
  const keys = () => mount.keys().private;

  const mount = await mountProvider({ ports, runner, names, throttle, vouching }, () => context);
  const context: SignInContext = {
    ports,
    runner,
    names,
    authenticate: createPasswordAuthentication({ ...ports, verifyElsewhere: askMarketplaces(ports) }),
    csrf: createCsrf(ports, names),
    changeTickets: createChangeTickets(ports, names),
    knownBrowsers: createKnownBrowsers(ports, names),
    signedIn: (request) => findSignedIn(ports.lookups, vouching, request.cookies.get(names.session)),
    browserSession: (request) => findBrowserSession(ports.lookups, request.cookies.get(names.session)),
    touchLogin: (sessionId) => mount.touchLogin(sessionId),
  };
  const tokens = createTokens({
    issuer,
    audience: `${ports.publicUrl}/graphql`,
    openIds: ports.openIds,
    lookups: ports.lookups,
    clock: ports.clock,
    cache,
    vouching,
    keys,
  });
  const { clock, fetch, lookups } = ports;
  return {
    ...tokens,
    handler: mount.handler,
    plugin: signInRoutes(context),
    subscribers: [
      createBackchannelLogout({ issuer, lookups, clock, fetch, signingKey: () => mount.keys().private[0] ?? {} }),
      createPasswordMail(ports, runner),
      createLinkedMail(ports),
    ],
    launches: createLaunches(ports, names, vouching),
    recheckDue: vouching.recheckDue,
    authenticateDelegated: createDelegatedAuthentication(lookups, authenticate),
    authenticateClient: createClientAuthentication(ports, cache, throttle),
    readTrafficToken: createTrafficTokens({ issuer, audience: trafficAudience(ports.publicUrl), now, keys }),
    rotateKeys: () => rotateSigningKeys(ports),
    reloadKeys: () => mount.reload(),
  };
}

/** A marketplace that cannot be asked proves nothing. */
function askMarketplaces({ vouchers, logger }: SsoPorts): VerifyElsewhere {
  return async (userId, password) => {
    try {
      return await vouchers?.verifyPassword(userId, password);
    } catch (err) {
      logger.warn({ err, userId }, 'a marketplace could not be asked about a password');
      return undefined;
    }
  };
}
