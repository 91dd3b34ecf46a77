import { type LaunchResult, launch, runLaunch } from '../../../../core/provisioning/index.js';
import { minute } from '../../../../core/shared/clock.js';
import { isDomainError } from '../../../../core/shared/errors.js';
import { hashToken, randomToken } from '../../../../platform/secrets.js';
import { actorOf } from '../actor.js';
import { found, type MaestranoCall, type MaestranoHandler } from '../call.js';
import type { Connection } from '../connection.js';
import { consumeUrl } from './addresses.js';
import { type Launched, readLaunch } from './launch-facts.js';
import { unreadyPage } from './page.js';
import { readResponseField } from './read-form.js';
import { isBlocked, refusal } from './refusals.js';
import { takeRequest } from './spent.js';
import { checkConditions } from './verify/conditions.js';
import { Refused, refuse } from './verify/refused.js';
import { verifyResponse } from './verify/verify-response.js';

/** Between the response and the page of ours it leads to. */
const tokenTtlMs = minute;

/**
 * Takes a response of the identity provider, a POST from another site that brings no cookie of ours (spec Maestrano 1.4). Believed,
 * it leads to a page of the hub where the browser must be the one that began (docs/design.md 10.21); in every other case the answer
 * is one and the same.
 */
export const consumeHandler: MaestranoHandler = async (call) => {
  const { connection, info } = call;
  if (connection === undefined) return unreadyPage(info.requestId);
  try {
    return { ...found(await signIn(call, connection)), status: 303 };
  } catch (error) {
    if (error instanceof Refused) return refusal(call, connection, error);
    throw error;
  }
};

/** Where the browser goes on. @throws Refused */
async function signIn(call: MaestranoCall, connection: Connection): Promise<string> {
  const { ports, channel, request, body } = call;
  const document = readResponseField(request.headers['content-type'], body);
  if (channel.suspendedAt !== null) refuse('suspended');
  if (await isBlocked(call)) refuse('throttled');
  const { x509Certificate: certificate, x509Fingerprint: fingerprint } = connection.sso;
  const { allowSha1 } = channel.settings;
  const response = await verifyResponse(document, { certificate, fingerprint, allowSha1 });
  const { browserHash } = await takeRequest(ports, channel, response);
  checkConditions(response, {
    consumeUrl: consumeUrl(connection),
    apiId: connection.api.id,
    provider: connection.sso.idp,
    now: ports.clock.now(),
  });
  const launched = readLaunch(response.assertion.attributes, channel);
  const secret = randomToken();
  const { outcome } = await letIn(call, connection, launched, { tokenHash: hashToken(secret), browserHash });
  return outcome === 'confirm' ? ports.launches.linkUrl(secret) : ports.launches.enterUrl(secret);
}

async function letIn(
  { ports, channel, info }: MaestranoCall,
  connection: Connection,
  launched: Launched,
  hashes: { readonly tokenHash: string; readonly browserHash: string },
): Promise<LaunchResult> {
  const { requestId, address } = info;
  const command = { name: 'maestrano.signIn', requestId, channelId: channel.id, address };
  const input = { ...launched, ...hashes, tokenTtlMs, sessionTtlMs: ports.launches.sessionMs };
  try {
    return await runLaunch(ports.uow, actorOf(channel, connection), command, (tx) => launch(tx, input));
  } catch (error) {
    if (!isDomainError(error) || error.code === 'busy') throw error;
    if (error.kind === 'invalid') {
      const problem = error.message;
      ports.logger.error(
        { channel: channel.name, requestId, problem },
        'nobody can sign in: `mercator doctor` says why',
      );
    }
    return refuse('not_usable', `${error.code} ${JSON.stringify(error.params)}`);
  }
}
