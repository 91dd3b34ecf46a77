import * as openid from 'openid-client';
import { type Browser, openBrowser } from './browser.js';
import { password, type World } from './world.js';

export const redirectUri = 'http://localhost:4100/callback';

export interface ClientCredentials {
  readonly clientId: string;
  /** Absent for a public client. */
  readonly secret?: string;
}

export const crmClient: ClientCredentials = { clientId: 'orchid-crm', secret: 'orchid-secret' };
export const backofficeClient: ClientCredentials = { clientId: 'backoffice', secret: 'backoffice-secret' };

export function configure(
  world: World,
  { clientId, secret }: ClientCredentials = crmClient,
): Promise<openid.Configuration> {
  const method = secret === undefined ? openid.None() : openid.ClientSecretBasic(secret);
  return openid.discovery(new URL(world.issuer), clientId, {}, method, { execute: [openid.allowInsecureRequests] });
}

export interface Begun {
  readonly url: string;
  readonly checks: openid.AuthorizationCodeGrantChecks;
  readonly config: openid.Configuration;
}

/** Builds an authorization request; `change` sets or (with undefined) takes out parameters. */
export async function beginSignIn(
  world: World,
  client: ClientCredentials = crmClient,
  change: Record<string, string | undefined> = {},
): Promise<Begun> {
  const config = await configure(world, client);
  const pkceCodeVerifier = openid.randomPKCECodeVerifier();
  const expectedState = openid.randomState();
  const expectedNonce = openid.randomNonce();
  const parameters: Record<string, string | undefined> = {
    redirect_uri: redirectUri,
    scope: 'openid email profile offline_access',
    code_challenge: await openid.calculatePKCECodeChallenge(pkceCodeVerifier),
    code_challenge_method: 'S256',
    state: expectedState,
    nonce: expectedNonce,
    ...change,
  };
  const given = Object.entries(parameters).filter((pair): pair is [string, string] => pair[1] !== undefined);
  const url = openid.buildAuthorizationUrl(config, Object.fromEntries(given)).href;
  return { url, config, checks: { pkceCodeVerifier, expectedState, expectedNonce } };
}

/** The whole way: authorization request, password page, code, tokens. */
export async function signIn(
  world: World,
  email: string,
  options: { browser?: Browser; client?: ClientCredentials; change?: Record<string, string | undefined> } = {},
) {
  const browser = options.browser ?? openBrowser();
  const begun = await beginSignIn(world, options.client, options.change);
  const until = options.change?.redirect_uri ?? redirectUri;
  const page = await browser.open(begun.url, until);
  const back = page.location.startsWith(until)
    ? page
    : await browser.follow(await browser.submit(page, { name: email, password }), until);
  if (!back.location.startsWith(until))
    throw new Error(`not signed in: ${back.status} ${back.url} ${back.body.slice(-700)}`);
  const callback = new URL(back.location);
  const tokens = await openid.authorizationCodeGrant(begun.config, callback, begun.checks);
  return { browser, tokens, callback, ...begun };
}
