import type { IncomingMessage, ServerResponse } from 'node:http';
import type { FastifyInstance } from 'fastify';
import { createPasswordAuthentication } from '../../core/identity/index.js';
import { cookieNames } from './cookies.js';
import { createDelegatedAuthentication, type DelegatedAuthentication } from './delegated/authenticate.js';
import { findSignedIn } from './hub-session.js';
import { createBackchannelLogout } from './logout/backchannel.js';
import { createPasswordMail } from './mail/password-link.js';
import { createRunner } from './person-unit.js';
import type { SigningKey, SsoPorts } from './ports.js';
import { mountProvider } from './provider/mount.js';
import { rotateSigningKeys } from './provider/signing-keys.js';
import { createChangeTickets } from './signin/change-ticket.js';
import type { SignInContext } from './signin/context.js';
import { createCsrf } from './signin/csrf.js';
import { createKnownBrowsers } from './signin/known-browser.js';
import { signInRoutes } from './signin/routes.js';
import type { Subscriber } from './subscriber.js';
import { createTokens, type Tokens } from './tokens.js';

export { signInUrl } from './delegated/authenticate.js';
export { chooseLanguage, type Language, languages } from './pages/languages.js';
export { type Layout, pageHeaders, renderLayout } from './pages/render.js';
export * from './ports.js';
export type { Subscriber } from './subscriber.js';
export type { Revocation } from './tokens.js';

export interface Sso extends Tokens {
  /** Node handler for every path that begins with /oidc. */
  handler(request: IncomingMessage, response: ServerResponse): Promise<void>;
  /** Fastify plugin for /signin and /sso. */
  plugin(app: FastifyInstance): Promise<void>;
  /** For the outbox relay. */
  readonly subscribers: readonly Subscriber[];
  readonly authenticateDelegated: DelegatedAuthentication;
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
  const issuer = `${ports.publicUrl}/oidc`;

  const mount = await mountProvider({ ports, runner, names }, () => context);
  const context: SignInContext = {
    ports,
    runner,
    names,
    authenticate,
    csrf: createCsrf(ports, names),
    changeTickets: createChangeTickets(ports, names),
    knownBrowsers: createKnownBrowsers(ports, names),
    signedIn: (request) => findSignedIn(ports.lookups, request.cookies.get(names.session)),
    touchLogin: (sessionId) => mount.touchLogin(sessionId),
  };
  const tokens = createTokens({
    issuer,
    audience: `${ports.publicUrl}/graphql`,
    openIds: ports.openIds,
    lookups: ports.lookups,
    clock: ports.clock,
    keys: () => mount.keys().private,
  });
  const { clock, fetch, lookups } = ports;
  return {
    ...tokens,
    handler: mount.handler,
    plugin: signInRoutes(context),
    subscribers: [
      createBackchannelLogout({ issuer, lookups, clock, fetch, signingKey: () => mount.keys().private[0] ?? {} }),
      createPasswordMail(ports, runner),
    ],
    authenticateDelegated: createDelegatedAuthentication(lookups, authenticate),
    rotateKeys: () => rotateSigningKeys(ports),
    reloadKeys: () => mount.reload(),
  };
}
