import { consumeLoginToken, type LoginToken } from '../../../core/identity/index.js';
import { isDomainError } from '../../../core/shared/errors.js';
import { hashToken, randomToken } from '../../../platform/secrets.js';
import { setCookie } from '../cookies.js';
import { chooseLanguage } from '../pages/languages.js';
import { lifetimesOf } from '../ports.js';
import { nameOf, type SignInContext } from './context.js';
import { originsOf, webAddress } from './destination.js';
import { isPrefetch, type PageHandler, type PageRequest, type PageResponse, redirect, show } from './exchange.js';

interface Peeked {
  readonly token: LoginToken;
  readonly name: string;
  readonly accessUrl: string;
}

/**
 * GET /sso/launch/enter: the way back from a marketplace this very browser was sent to, which its cookie shows (docs/design.md
 * 10.21). Whoever is signed in here began it, so they are replaced without a question.
 */
export function launchPage(context: SignInContext): PageHandler {
  return async (request) => {
    if (isPrefetch(request)) return { status: 204, headers: { 'cache-control': 'no-store' }, body: '' };
    const secret = request.url.searchParams.get('t') ?? '';
    const browserHash = launchHash(context, request);
    if (browserHash === '') return expired(context, request);
    const current = await context.browserSession(request);
    return enter(context, request, secret, { replaces: current?.session.id, browserHash });
  };
}

/** By what a one-time token knows the browser again that began the launch; '' for any other. */
export function launchHash({ names }: SignInContext, { cookies }: PageRequest): string {
  const cookie = cookies.get(names.launch) ?? '';
  return cookie === '' || cookie.length > 200 ? '' : hashToken(cookie);
}

/** GET /sso/ncbs/enter: the marketplace's one-time sign-in URL. If another person is signed in here, nothing happens unasked. */
export function enterPage(context: SignInContext): PageHandler {
  return async (request) => {
    if (isPrefetch(request)) return { status: 204, headers: { 'cache-control': 'no-store' }, body: '' };
    const secret = request.url.searchParams.get('t') ?? '';
    const peeked = await peek(context, secret);
    if (!peeked) return expired(context, request);
    const current = await context.signedIn(request);
    if (!current || current.user.id === peeked.token.userId)
      return enter(context, request, secret, { replaces: current?.session.id });

    const { csrf, cookies } = context.csrf.issue(request);
    const data = { csrf, token: secret, current: nameOf(current), wanted: peeked.name };
    const formTargets = originsOf([peeked.token.returnUrl, peeked.accessUrl]);
    return show(request, 'another', data, {
      cookies,
      formTargets,
      once: true,
      language: languageOf(request, peeked.token),
    });
  };
}

/** POST /sso/ncbs/enter: the answer to "another person is signed in". */
export function enterChoice(context: SignInContext): PageHandler {
  return async (request) => {
    const secret = request.form.get('t') ?? '';
    const peeked = await peek(context, secret);
    if (!peeked || !context.csrf.holds(request)) return expired(context, request);
    if (request.form.get('choice') !== 'switch') return redirect(peeked.accessUrl || '/signin');
    const current = await context.signedIn(request);
    return enter(context, request, secret, { replaces: current?.session.id });
  };
}

async function enter(
  context: SignInContext,
  request: PageRequest,
  secret: string,
  { replaces, browserHash = '' }: { replaces: string | undefined; browserHash?: string },
): Promise<PageResponse> {
  const { ports, runner, names } = context;
  const cookie = randomToken();
  try {
    const entered = await runner.asHub(
      'sso.enter',
      (tx) =>
        consumeLoginToken(tx, {
          tokenHash: hashToken(secret),
          cookieHash: hashToken(cookie),
          browserHash,
          ...(replaces !== undefined && { replaces }),
        }),
      { address: ports.addressOf(request.raw) },
    );
    return redirect(webAddress(entered.target) || '/signin', [
      setCookie(names, names.session, cookie, lifetimesOf(ports).session),
      ...(browserHash === '' ? [] : [setCookie(names, names.launch, '', 0)]),
    ]);
  } catch (error) {
    if (isDomainError(error, 'not_usable')) {
      return show(request, 'notEntitled', { reason: String(error.params.reason) }, { status: 403, once: true });
    }
    if (isDomainError(error, 'login_token_invalid')) return expired(context, request);
    throw error;
  }
}

/** Reads a live token without using it up. */
async function peek({ ports: { lookups } }: SignInContext, secret: string): Promise<Peeked | undefined> {
  if (secret === '' || secret.length > 200) return undefined;
  const token = await lookups.loginTokens.findOne({ tokenHash: hashToken(secret) });
  const live = token?.kind === 'marketplace_login' && token.usedAt === null && token.expiresAt > lookups.now;
  if (!token || !live || token.browserHash !== '') return undefined;
  const user = await lookups.users.find(token.userId);
  const instance = await lookups.instances.find(token.instanceId);
  const application = await lookups.applications.find(instance?.applicationId ?? '');
  return {
    token,
    name: user?.displayName || token.userId,
    accessUrl: webAddress(instance?.accessUrl || (application?.accessUrl ?? '')),
  };
}

/** 403 and a trace: somebody came with a link that is used, too old or made up. */
export async function expired({ ports, runner }: SignInContext, request: PageRequest): Promise<PageResponse> {
  const secret = request.url.searchParams.get('t') ?? request.form.get('t') ?? '';
  const address = ports.addressOf(request.raw);
  ports.logger.info({ address }, 'a marketplace sign-in link was refused');
  await runner.asHub(
    'sso.enterRefused',
    async (tx) => {
      const token = await tx.loginTokens.findOne({ tokenHash: hashToken(secret) });
      if (token)
        tx.note({ objectKind: 'loginToken', objectId: token.id, tenantId: token.tenantId, after: { refused: true } });
    },
    { address },
  );
  return show(request, 'expired', {}, { status: 403, once: true });
}

function languageOf(request: PageRequest, token: LoginToken) {
  return chooseLanguage(token.locale, request.language);
}
