import { randomUUID } from 'node:crypto';
import type { LoginToken } from '../../../core/identity/index.js';
import { confirmLaunch, type LaunchFacts, runLaunch } from '../../../core/provisioning/index.js';
import type { Actor } from '../../../core/shared/actor.js';
import { minute } from '../../../core/shared/clock.js';
import { isDomainError } from '../../../core/shared/errors.js';
import { hashToken, randomToken } from '../../../platform/secrets.js';
import { translator } from '../pages/languages.js';
import { lifetimesOf } from '../ports.js';
import { accountKeyOf, attemptPassword, type Refusal } from './attempt.js';
import { askForNewPassword } from './change-password.js';
import type { SignInContext } from './context.js';
import { originsOf, readDestination, webAddress } from './destination.js';
import { expired, launchHash } from './enter.js';
import { isPrefetch, type PageHandler, type PageRequest, type PageResponse, redirect, show } from './exchange.js';

/** A launch that waits for the owner of an account, as far as its browser may know of it. */
interface Waiting {
  readonly token: LoginToken;
  readonly secret: string;
  readonly browserHash: string;
  /** What the marketplace sent: of the account itself nothing is shown. */
  readonly email: string;
  /** The browser is signed in to that very account. */
  readonly here: boolean;
}

/** GET /sso/launch/link: somebody else could own the address a marketplace sent, so its owner is asked (docs/design.md 10.22). */
export function linkPage(context: SignInContext): PageHandler {
  return async (request) => {
    if (isPrefetch(request)) return { status: 204, headers: { 'cache-control': 'no-store' }, body: '' };
    const waiting = await readWaiting(context, request, request.url.searchParams.get('t') ?? '');
    return waiting ? form(context, request, waiting) : expired(context, request);
  };
}

/** POST /sso/launch/link: with the proof, the two are connected and the person goes on as signed in through the marketplace. */
export function linkAccount(context: SignInContext): PageHandler {
  return async (request) => {
    const waiting = await readWaiting(context, request, request.form.get('t') ?? '');
    if (!waiting) return expired(context, request);
    const t = translator(request.language);
    if (waiting.here) {
      if (context.csrf.holds(request)) return connect(context, request, waiting);
      return form(context, request, waiting, { status: 403, problem: t('signIn.stale') });
    }
    const { token, email, secret } = waiting;
    const wrong = t('link.wrong');
    const find = () => context.ports.lookups.users.find(token.userId);
    const attempt = await attemptPassword(context, request, { name: email, find, wrong });
    if ('problem' in attempt) return form(context, request, waiting, attempt);
    if (attempt.mustChangePassword) {
      const back = new URLSearchParams({ to: `/sso/launch/link?${new URLSearchParams({ t: secret })}` });
      return askForNewPassword(context, request, await readDestination(context, back), attempt);
    }
    const known = context.knownBrowsers.remember(request, accountKeyOf(email));
    return connect(context, request, waiting, [known]);
  };
}

async function connect(
  context: SignInContext,
  request: PageRequest,
  { token, secret, browserHash }: Waiting,
  cookies: readonly string[] = [],
): Promise<PageResponse> {
  const { ports } = context;
  const { channelId, userId } = token;
  const enterSecret = randomToken();
  const command = {
    name: 'sso.linkAccount',
    requestId: randomUUID(),
    address: ports.addressOf(request.raw),
    channelId,
  };
  try {
    await runLaunch(ports.units, await channelActor(context, channelId), command, (tx) =>
      confirmLaunch(tx, {
        tokenHash: hashToken(secret),
        enterTokenHash: hashToken(enterSecret),
        browserHash,
        userId,
        tokenTtlMs: minute,
        sessionTtlMs: lifetimesOf(ports).session * 1_000,
      }),
    );
  } catch (error) {
    if (isDomainError(error, 'not_usable')) {
      return show(request, 'notEntitled', { reason: String(error.params.reason) }, { status: 403, once: true });
    }
    if (isDomainError(error, 'login_token_invalid', 'external_id_taken')) return expired(context, request);
    throw error;
  }
  return redirect(`/sso/launch/enter?${new URLSearchParams({ t: enterSecret })}`, cookies);
}

/** The marketplace asked for the launch; its owner's consent completes it. */
async function channelActor({ ports: { lookups } }: SignInContext, channelId: string): Promise<Actor> {
  const username = (await lookups.channels.find(channelId))?.name ?? channelId;
  return { kind: 'serviceAccount', serviceAccountId: channelId, username, channelId, tenantId: null, level: null };
}

async function readWaiting(context: SignInContext, request: PageRequest, secret: string): Promise<Waiting | undefined> {
  const { lookups } = context.ports;
  if (secret === '' || secret.length > 200) return undefined;
  const token = await lookups.loginTokens.findOne({ tokenHash: hashToken(secret) });
  const live = token?.kind === 'link_account' && token.usedAt === null && token.expiresAt > lookups.now;
  const browserHash = launchHash(context, request);
  if (!token || !live || browserHash === '' || token.browserHash !== browserHash) return undefined;
  const current = await context.signedIn(request);
  const { email } = (token.data as { readonly facts: LaunchFacts }).facts;
  return { token, secret, browserHash, email, here: current?.user.id === token.userId };
}

async function form(
  context: SignInContext,
  request: PageRequest,
  { token, secret, email, here }: Waiting,
  refusal?: Refusal,
): Promise<PageResponse> {
  const { lookups } = context.ports;
  const { csrf, cookies } = context.csrf.issue(request);
  const [channel, instance] = await Promise.all([
    lookups.channels.find(token.channelId),
    lookups.instances.find(token.instanceId),
  ]);
  const application = await lookups.applications.find(instance?.applicationId ?? '');
  const accessUrl = webAddress(instance?.accessUrl || (application?.accessUrl ?? ''));
  const t = translator(request.language);
  return show(
    request,
    'link',
    {
      csrf,
      token: secret,
      email,
      here,
      marketplace: channel?.name ?? t('link.marketplace'),
      problem: refusal?.problem,
    },
    {
      cookies,
      formTargets: originsOf([accessUrl]),
      ...(refusal && { status: refusal.status }),
    },
  );
}
