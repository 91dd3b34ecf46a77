import { requestPasswordLink, setPasswordByToken, shortestPassword } from '../../../core/identity/index.js';
import { minute } from '../../../core/shared/clock.js';
import { isDomainError } from '../../../core/shared/errors.js';
import { emailKey } from '../../../core/shared/text.js';
import { hashToken } from '../../../platform/secrets.js';
import { setCookie } from '../cookies.js';
import { translator } from '../pages/languages.js';
import { lifetimesOf } from '../ports.js';
import { candidateByEmail } from './candidate.js';
import type { SignInContext } from './context.js';
import { isPrefetch, type PageHandler, type PageRequest, type PageResponse, show } from './exchange.js';
import { readNewPassword } from './new-password.js';
import { sourceOf } from './source.js';

/** Messages one address may cause, and one person may get, in a quarter of an hour. */
const mailRule = { limit: 5, windowMs: 15 * minute, blockMs: 15 * minute };

/** GET /signin/set-password */
export function setPasswordPage(context: SignInContext): PageHandler {
  return async (request) => {
    if (isPrefetch(request)) return { status: 204, headers: { 'cache-control': 'no-store' }, body: '' };
    const secret = request.url.searchParams.get('t') ?? '';
    const who = await ownerOf(context, secret);
    return who === undefined ? invalidLink(request) : form(context, request, { secret, who });
  };
}

/** POST /signin/set-password: uses the link up and signs the person out everywhere. */
export function setPasswordByLink(context: SignInContext): PageHandler {
  return async (request) => {
    const t = translator(request.language);
    const secret = request.form.get('t') ?? '';
    const who = await ownerOf(context, secret);
    if (who === undefined) return invalidLink(request);
    const refuse = (status: number, problem: string): PageResponse =>
      form(context, request, { secret, who, status, problem });
    if (!context.csrf.holds(request)) return refuse(403, t('signIn.stale'));
    const read = readNewPassword(request.form, request.language);
    if ('problem' in read) return refuse(400, read.problem);
    return save(context, request, secret, read.password);
  };
}

async function save(
  context: SignInContext,
  request: PageRequest,
  secret: string,
  password: string,
): Promise<PageResponse> {
  const { ports, runner, names } = context;
  const passwordHash = await ports.passwords.hash(password);
  try {
    await runner.asHub(
      'sso.setPassword',
      (tx) => setPasswordByToken(tx, { tokenHash: hashToken(secret), passwordHash }),
      { address: ports.addressOf(request.raw) },
    );
  } catch (error) {
    if (isDomainError(error, 'login_token_invalid')) return invalidLink(request);
    throw error;
  }
  return show(request, 'passwordSet', {}, { cookies: [setCookie(names, names.session, '', 0)] });
}

/** GET /signin/forgot */
export function forgotPage(context: SignInContext): PageHandler {
  return async (request) => {
    const { csrf, cookies } = context.csrf.issue(request);
    return show(request, 'forgot', { csrf }, { cookies });
  };
}

/** POST /signin/forgot: the same answer whoever was named; the message is sent behind it. */
export function forgot(context: SignInContext): PageHandler {
  return async (request) => {
    const { ports, runner } = context;
    if (!context.csrf.holds(request)) {
      const { csrf, cookies } = context.csrf.issue(request);
      const problem = translator(request.language)('signIn.stale');
      return show(request, 'forgot', { csrf, problem }, { status: 403, cookies });
    }
    const name = (request.form.get('name') ?? '').trim();
    const keys = [`link/source/${sourceOf(ports.addressOf(request.raw))}`, `link/person/${hashToken(emailKey(name))}`];
    const blocks = await Promise.all(keys.map((key) => ports.throttles.blockedUntil(key)));
    if (blocks.every((block) => block === null)) {
      for (const key of keys) await ports.throttles.fail(key, mailRule);
      await runner.asHub('sso.forgotPassword', async (tx) => {
        const person = await candidateByEmail(tx, name);
        // written for everybody: whether there is such a person shows neither in the page nor in the time it takes
        tx.note({ objectKind: 'user', objectId: person?.id ?? '', tenantId: '', after: { passwordLinkAsked: true } });
        if (!person) return;
        const own = { userId: person.id, tenantId: '', instanceId: '', channelId: '', deliverTo: '' };
        await requestPasswordLink(tx, { ...own, locale: request.language });
      });
    }
    return show(request, 'linkSent', { hours: Math.round(lifetimesOf(ports).passwordLink / 3_600) });
  };
}

interface Owner {
  readonly name: string;
  /** For password managers; ''. */
  readonly email: string;
}

/** Whom a live link is for; undefined for a dead one. */
async function ownerOf({ ports: { lookups } }: SignInContext, secret: string): Promise<Owner | undefined> {
  if (secret === '' || secret.length > 200) return undefined;
  const token = await lookups.loginTokens.findOne({ tokenHash: hashToken(secret) });
  const live = token?.kind === 'set_password' && token.usedAt === null && token.expiresAt > lookups.now;
  if (!token || !live) return undefined;
  const [address] = (await lookups.userEmails.findMany({ userId: token.userId })).filter((e) => e.verifiedKey !== null);
  return { name: (await lookups.users.find(token.userId))?.displayName ?? '', email: address?.email ?? '' };
}

function invalidLink(request: PageRequest): PageResponse {
  return show(request, 'linkInvalid', {}, { status: 403, once: true });
}

function form(
  context: SignInContext,
  request: PageRequest,
  { secret, who, status = 200, problem }: { secret: string; who: Owner; status?: number; problem?: string },
): PageResponse {
  const { csrf, cookies } = context.csrf.issue(request);
  return show(
    request,
    'setPassword',
    { csrf, token: secret, who: who.name, email: who.email, problem, count: shortestPassword },
    { status, cookies, once: true },
  );
}
