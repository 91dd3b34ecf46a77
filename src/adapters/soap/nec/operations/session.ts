import {
  endSessionByHandle,
  endSessions,
  issueMarketplaceLogin,
  validateSession as judgeSession,
  whyNotUsable,
} from '../../../../core/identity/index.js';
import type { Instance } from '../../../../core/provisioning/index.js';
import type { Unit } from '../../../../core/repositories.js';
import { hour, second } from '../../../../core/shared/clock.js';
import { DomainError, invalid } from '../../../../core/shared/errors.js';
import { hashToken, randomToken } from '../../../../platform/secrets.js';
import { commandOf, runCommand, runUnkept } from '../command.js';
import type { Fields, NecCall, Operation } from '../context.js';
import { unknownUser } from '../faults.js';
import { findRealm, findUser, lockRealm, needUser } from '../lookup.js';
import { type LoginInput, type LogoutInput, need } from '../messages.js';
import { checkReturnUrl } from '../return-url.js';

const tokenTtlMs = 60 * second;
const sessionTtlMs = 12 * hour;
const longestSecret = 200;

/**
 * The application button: a one-time URL for the person's browser, 60 s. The same requestId again gets the same URL while it is
 * unused, after the person was judged again (design 10.16); otherwise a new one. Refusals are never kept.
 */
export const login: Operation = async (input: LoginInput, call) => {
  let fresh = false;
  const issueHere = (tx: Unit): Promise<Fields> => {
    fresh = true;
    return issue(tx, call, input);
  };
  const { idempotency, ...command } = commandOf(call, input);
  const { refusal: _, ...kept } = idempotency ?? { scope: '', key: '', content: '' };
  const answer = await call.ports.uow.run(
    call.actor,
    idempotency === undefined ? command : { ...command, idempotency: kept },
    issueHere,
  );
  if (fresh || (await isStillGood(call, input, answer))) return answer;
  return runUnkept(call, input, (tx) => issue(tx, call, input));
};

async function issue(tx: Unit, call: NecCall, input: LoginInput): Promise<Fields> {
  const instance = await lockRealm(tx, call, input);
  const { userId } = await needUser(tx, call, instance, input);
  const secret = randomToken();
  const sessionId = randomToken();
  const { token } = await issueMarketplaceLogin(tx, {
    userId,
    tenantId: instance.tenantId,
    instanceId: instance.id,
    channelId: call.channel.id,
    tokenHash: hashToken(secret),
    handleHash: hashToken(sessionId),
    returnUrl: await returnUrlOf(tx, call, input, instance),
    locale: (input.locale ?? '').slice(0, 35),
    tokenTtlMs,
    sessionTtlMs,
  });
  const ssoUrl = `${call.ports.publicUrl}/sso/ncbs/enter?${new URLSearchParams({ t: secret })}`;
  return { sessionId, ssoUrl, expiresOn: token.expiresAt };
}

async function returnUrlOf(tx: Unit, call: NecCall, input: LoginInput, instance: Instance): Promise<string> {
  const { returnUrl } = input;
  if (returnUrl === undefined || returnUrl === '') return '';
  const accessUrl = instance.accessUrl || ((await tx.applications.find(instance.applicationId))?.accessUrl ?? '');
  return checkReturnUrl(returnUrl, call.settings.returnUrls, accessUrl);
}

/** Judges the person as a new Login would; then whether the URL given before can still be used. */
function isStillGood(call: NecCall, input: LoginInput, answer: Fields): Promise<boolean> {
  return runUnkept(call, input, async (tx) => {
    const instance = await findRealm(tx, call, input);
    const { userId } = await needUser(tx, call, instance, input);
    const reason = await whyNotUsable(tx, userId, instance.id);
    if (reason !== undefined) throw new DomainError('not_usable', { reason });
    const secret = new URL(String(answer.ssoUrl)).searchParams.get('t') ?? '';
    const token = await tx.loginTokens.findOne({ tokenHash: hashToken(secret) });
    return token !== undefined && token.usedAt === null && token.expiresAt > tx.now;
  });
}

/** Ends one session, or all of a user in a realm. An unknown session is an ended one. */
export const logout: Operation = (input: LogoutInput, call) =>
  runCommand(call, input, async (tx) => {
    const { sessionId } = input;
    if (sessionId !== undefined && sessionId !== '') {
      await endSessionByHandle(tx, { ...handleOf(call, sessionId), reason: 'signed out at the marketplace' });
      return {};
    }
    if (input.realmId === undefined || input.realmId === '') {
      throw invalid('sessionId', 'or realmId and userId is required');
    }
    const instance = await lockRealm(tx, call, input);
    const user = await findUser(tx, call, instance, need('userId', input.userId));
    if (!user) throw unknownUser();
    await endSessions(tx, {
      userId: user.userId,
      instanceId: instance.id,
      reason: 'signed out at the marketplace',
    });
    return {};
  });

/** For marketplaces that poll: signed in, in time and still usable. Never answered from the inbox. */
export const validateSession: Operation = async (input: LogoutInput, call) => {
  const sessionId = need('sessionId', input.sessionId, longestSecret);
  const { valid, expiresAt } = await runUnkept(call, input, (tx) => judgeSession(tx, handleOf(call, sessionId)));
  return { valid, ...(expiresAt !== null && { expiresOn: expiresAt }) };
};

function handleOf(call: NecCall, sessionId: string) {
  return { handleHash: hashToken(sessionId.slice(0, longestSecret)), channelId: call.channel.id };
}
