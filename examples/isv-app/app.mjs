/**
 * Orchid CRM: a small application sold through the hub. Plain node:http and openid-client, nothing else.
 *
 *   node examples/isv-app/app.mjs      (APP_PORT, ISSUER, CLIENT_ID, CLIENT_SECRET, WEBHOOK_SECRET, APP_URL;
 * defaults fit hub.example.yaml)
 *
 * It signs people in at the hub (authorization code with PKCE), shows who they are and what they may use, asks the hub on
 * every click whether that still holds, and obeys back-channel logout.
 */
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { fileURLToPath } from 'node:url';
import * as client from 'openid-client';
import { Webhook } from 'standardwebhooks';
import { createLogoutReceiver } from './backchannel-logout.mjs';
import { errorPage, homePage, personPage } from './pages.mjs';

const sessionCookie = 'orchid_session';
const attemptCookie = 'orchid_attempt';
/** The hub was just asked, without a page, whether it knows the person: keeps a browser from going in circles. */
const askedCookie = 'orchid_asked';
const askedSeconds = 60;
const attemptLife = 10 * 60_000;

/**
 * Starts the application; resolves when it listens. `port: 0` takes any free one.
 * @param {{ issuer?: string, clientId?: string, clientSecret?: string, port?: number, host?: string, appUrl?: string, log?: (text: string) => void }} [options]
 */
export async function startIsvApp(options = {}) {
  const {
    issuer = 'http://localhost:4000/oidc',
    clientId = 'orchid-crm',
    clientSecret = 'change-me-client-secret-9876543210',
    port = 4100,
    host = '127.0.0.1',
    webhookSecret = 'whsec_Y2hhbmdlLW1lLXdlYmhvb2stc2VjcmV0',
    log = () => {},
  } = options;
  /** @type {Map<string, { sid: string, sub: string, idToken: string, tokens: { access: string, refresh?: string }, person: object }>} */
  const sessions = new Map();
  /** @type {Map<string, { verifier: string, state: string, nonce: string, until: number }>} */
  const attempts = new Map();
  const logouts = [];
  /** Ids of events already taken in. */
  const heard = new Set();

  let provider;
  /** The hub may start after us: its addresses are asked for when they are first needed. */
  async function hub() {
    provider ??= client
      .discovery(new URL(issuer), clientId, clientSecret, undefined, {
        execute: issuer.startsWith('http:') ? [client.allowInsecureRequests] : [],
      })
      .catch((error) => {
        provider = undefined;
        throw error;
      });
    return provider;
  }

  const server = createServer((request, response) => {
    handle(request, response).catch((error) => {
      log(`${request.method} ${request.url}: ${error.message}`);
      send(response, 502, errorPage('The hub could not be asked. Try again in a moment.'));
    });
  });
  server.listen(port, host);
  await once(server, 'listening');
  hub().catch((error) => log(`the hub does not answer yet: ${error.message}`));
  const { port: taken } = /** @type {import('node:net').AddressInfo} */ (server.address());
  const base = options.appUrl ?? `http://localhost:${taken}`;
  const receiver = createLogoutReceiver({ issuer, clientId, metadata: async () => (await hub()).serverMetadata() });

  async function handle(request, response) {
    const url = new URL(request.url, base);
    const route = `${request.method} ${url.pathname}`;
    if (route === 'GET /') return home(request, response);
    if (route === 'GET /login') return login(response, url);
    if (route === 'GET /callback') return callback(request, response, url);
    if (route === 'GET /logout') return logout(request, response);
    if (route === 'POST /backchannel-logout') return backchannelLogout(request, response);
    if (route === 'POST /webhooks') return webhook(request, response);
    send(response, 404, errorPage('There is nothing here.'));
  }

  async function home(request, response) {
    const id = cookies(request)[sessionCookie];
    const session = sessions.get(id);
    if (!session) {
      if (id === undefined && mayAsk(request)) return login(response, new URL('/login', base), true);
      if (id === undefined) return send(response, 200, homePage(), [clear(askedCookie)]);
      return send(response, 200, homePage('You have been signed out.'), [clear(sessionCookie)]);
    }
    const person = await askHub(session);
    if (!person || !sessions.has(id)) {
      sessions.delete(id);
      return send(response, 401, homePage('You have been signed out.'), [clear(sessionCookie)]);
    }
    send(response, 200, personPage(person));
  }

  /** Somebody who comes from a marketplace is signed in at the hub already: their browser is sent there once before the home page. */
  function mayAsk(request) {
    const page = (request.headers.accept ?? '').includes('text/html');
    return page && cookies(request)[askedCookie] === undefined && provider !== undefined;
  }

  /** Who it is and what they may use, as the hub sees it now; undefined when the hub no longer lets them in. */
  async function askHub(session) {
    const configuration = await hub();
    try {
      return await client.fetchUserInfo(configuration, session.tokens.access, session.sub);
    } catch (error) {
      if (!session.tokens.refresh || !isRefusal(error)) return isRefusal(error) ? undefined : Promise.reject(error);
    }
    try {
      const refreshed = await client.refreshTokenGrant(configuration, session.tokens.refresh);
      session.tokens = { access: refreshed.access_token, refresh: refreshed.refresh_token };
      return await client.fetchUserInfo(configuration, session.tokens.access, session.sub);
    } catch (error) {
      if (isRefusal(error)) return undefined;
      throw error;
    }
  }

  /** `silent`: the hub answers without showing a page, `login_required` where it does not know the person. */
  async function login(response, url, silent = false) {
    const verifier = client.randomPKCECodeVerifier();
    const attempt = {
      verifier,
      state: client.randomState(),
      nonce: client.randomNonce(),
      until: Date.now() + attemptLife,
      silent,
    };
    const id = randomBytes(32).toString('base64url');
    for (const [key, { until }] of attempts) if (until < Date.now()) attempts.delete(key);
    attempts.set(id, attempt);
    const target = client.buildAuthorizationUrl(await hub(), {
      redirect_uri: `${base}/callback`,
      scope: 'openid email profile offline_access',
      code_challenge: await client.calculatePKCECodeChallenge(verifier),
      code_challenge_method: 'S256',
      state: attempt.state,
      nonce: attempt.nonce,
      ...(silent && { prompt: 'none' }),
      ...(url.searchParams.has('hint') && { login_hint: url.searchParams.get('hint') }),
    });
    redirect(response, target.href, [
      cookie(attemptCookie, id),
      ...(silent ? [`${cookie(askedCookie, '1')}; Max-Age=${askedSeconds}`] : []),
    ]);
  }

  async function callback(request, response, url) {
    const id = cookies(request)[attemptCookie];
    const attempt = attempts.get(id);
    attempts.delete(id);
    if (!attempt || attempt.until < Date.now())
      return send(response, 400, errorPage('This sign-in was not begun here.'));
    let tokens;
    try {
      tokens = await client.authorizationCodeGrant(await hub(), url, {
        pkceCodeVerifier: attempt.verifier,
        expectedState: attempt.state,
        expectedNonce: attempt.nonce,
        idTokenExpected: true,
      });
    } catch (error) {
      if (attempt.silent) return redirect(response, '/', [clear(attemptCookie)]);
      log(`sign-in refused: ${error.error ?? error.message}`);
      return send(response, 403, errorPage(`The hub did not sign you in (${error.error ?? 'invalid answer'}).`), [
        clear(attemptCookie),
      ]);
    }
    const claims = tokens.claims();
    if (receiver.hasEnded(claims.sid))
      return send(response, 403, errorPage('This session has ended.'), [clear(attemptCookie)]);
    const session = randomBytes(32).toString('base64url'); // new at every sign-in
    sessions.delete(cookies(request)[sessionCookie]);
    sessions.set(session, {
      sid: claims.sid,
      sub: claims.sub,
      idToken: tokens.id_token,
      tokens: { access: tokens.access_token, refresh: tokens.refresh_token },
      person: claims,
    });
    redirect(response, '/', [cookie(sessionCookie, session), clear(attemptCookie), clear(askedCookie)]);
  }

  async function logout(request, response) {
    const id = cookies(request)[sessionCookie];
    const session = sessions.get(id);
    sessions.delete(id);
    if (!session) return redirect(response, '/', [clear(sessionCookie)]);
    const target = client.buildEndSessionUrl(await hub(), {
      id_token_hint: session.idToken,
      post_logout_redirect_uri: `${base}/`,
    });
    redirect(response, target.href, [clear(sessionCookie)]);
  }

  /** What changed in licenses and subscriptions; each event may come more than once (Standard Webhooks). */
  async function webhook(request, response) {
    let event;
    try {
      event = new Webhook(webhookSecret).verify(await read(request), request.headers);
    } catch (error) {
      log(`webhook refused: ${error.message}`);
      response.writeHead(401).end();
      return;
    }
    const id = request.headers['webhook-id'];
    if (!heard.has(id)) {
      heard.add(id);
      if (heard.size > 10_000) heard.delete(heard.values().next().value);
      log(`the hub says: ${event.type}`);
    }
    response.writeHead(204).end();
  }

  async function backchannelLogout(request, response) {
    const body = new URLSearchParams(await read(request));
    let ended;
    try {
      ended = await receiver.accept(body.get('logout_token') ?? '');
    } catch (error) {
      log(`logout token refused: ${error.message}`);
      response.writeHead(400, { 'content-type': 'application/json', 'cache-control': 'no-store' });
      return response.end(JSON.stringify({ error: 'invalid_request' }));
    }
    for (const [id, { sid, sub }] of sessions) {
      if (ended.sid === undefined ? sub === ended.sub : sid === ended.sid) sessions.delete(id);
    }
    logouts.push({ ...ended, at: Date.now() });
    log(`signed out ${ended.sub ?? ended.sid} at the hub's word`);
    response.writeHead(204, { 'cache-control': 'no-store' });
    response.end();
  }

  return {
    url: base,
    port: taken,
    /** How many people are signed in here. */
    sessionCount: () => sessions.size,
    /** Logout tokens that were obeyed: `{ sub, sid, at }`. */
    logouts,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

/** The hub said no (as opposed to: could not be reached). */
function isRefusal(error) {
  return error instanceof client.WWWAuthenticateChallengeError || error instanceof client.ResponseBodyError;
}

function cookies(request) {
  const pairs = (request.headers.cookie ?? '').split(';').map((part) => part.trim().split('='));
  return Object.assign(Object.create(null), Object.fromEntries(pairs.map(([name, value = '']) => [name, value])));
}

function cookie(name, value) {
  return `${name}=${value}; Path=/; HttpOnly; SameSite=Lax`;
}

function clear(name) {
  return `${cookie(name, '')}; Max-Age=0`;
}

function send(response, status, body, setCookies = []) {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'cache-control': 'no-store',
    'content-security-policy':
      "default-src 'none'; img-src data:; style-src 'unsafe-inline'; frame-ancestors 'none'; base-uri 'none'",
    ...(setCookies.length > 0 && { 'set-cookie': setCookies }),
  });
  response.end(body);
}

function redirect(response, location, setCookies = []) {
  response.writeHead(303, { location, 'cache-control': 'no-store', 'set-cookie': setCookies });
  response.end();
}

async function read(request) {
  let text = '';
  for await (const chunk of request) {
    text += chunk;
    if (text.length > 16_384) throw new Error('too long');
  }
  return text;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { ISSUER, CLIENT_ID, CLIENT_SECRET, WEBHOOK_SECRET, APP_PORT, HOST, APP_URL } = process.env;
  const app = await startIsvApp({
    ...(ISSUER && { issuer: ISSUER }),
    ...(CLIENT_ID && { clientId: CLIENT_ID }),
    ...(CLIENT_SECRET && { clientSecret: CLIENT_SECRET }),
    ...(WEBHOOK_SECRET && { webhookSecret: WEBHOOK_SECRET }),
    ...(APP_PORT && { port: Number(APP_PORT) }),
    ...(HOST && { host: HOST }),
    ...(APP_URL && { appUrl: APP_URL }),
    log: (text) => console.log(text),
  }).catch((error) => {
    console.error(`Orchid CRM cannot start: ${error.message}. APP_PORT names another port.`);
    process.exit(1);
  });
  console.log(`Orchid CRM at ${app.url}`);
}
