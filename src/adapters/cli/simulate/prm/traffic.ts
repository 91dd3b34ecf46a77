import { expectEqual } from '../check.js';
import { askForToken, basicOf, postForJson } from '../machine.js';
import type { Credential } from '../sandbox.js';
import { shown } from '../transcript.js';
import type { PrmContext } from './context.js';
import type { TrafficInstance } from './opening.js';

/** Where instances and gateways go. */
export interface TrafficEnds {
  /** Where the token endpoint and the gateway check are. */
  readonly hub: string;
  /** The channel in the client ids of instances; '' = the hub's first one. */
  readonly channel: string;
  /** The credential of a gateway, or why there is none. */
  readonly gateway: Credential | string;
}

/** The link of the chain that stops traffic; `credentials` for a wrong password, `locked` after too many. */
export type Stopped = 'ownerTenant' | 'application' | 'instance' | 'locked' | 'credentials';

interface Verdict {
  readonly allowed: boolean;
  readonly reason?: string;
  readonly error?: string;
}

/** `{provider}/{application}/{instance}`, each percent-encoded, behind the channel (docs/traffic.md). */
function clientIdOf({ channel }: TrafficEnds, { account }: TrafficInstance): string {
  const { spAccountId, appAccountId, appInstGroupId } = account.ids.op;
  const path = [spAccountId, appAccountId, appInstGroupId].map((id) => encodeURIComponent(id ?? '')).join('/');
  return channel === '' ? path : `${encodeURIComponent(channel)}:${path}`;
}

/** An instance asks for a token with its password. */
export async function getTrafficToken(context: PrmContext, instance: TrafficInstance, title: string): Promise<string> {
  let token = '';
  await context.transcript.step(title, async () => {
    const answer = await ask(context, instance);
    token = answer.access_token ?? '';
    const problem = `no token: ${answer.error ?? ''} ${answer.error_description ?? ''}`;
    return { ...asked(context, instance), result: 'done', differences: token === '' ? [problem] : [] };
  });
  return token;
}

/** It gets none because of a link of its chain. */
export async function expectNoToken(
  context: PrmContext,
  instance: TrafficInstance,
  link: Stopped,
  title: string,
): Promise<void> {
  await context.transcript.step(title, async () => {
    const { access_token: token, error, error_description: why } = await ask(context, instance);
    if (token !== undefined) return { differences: ['expected a refusal, came a token'] };
    const differences = [
      ...expectEqual('the error', error, 'unauthorized_client'),
      ...(why?.includes(link) ? [] : [`the reason is ${String(why)}, expected ${link}`]),
    ];
    return { ...asked(context, instance), result: String(error), meaning: String(why), differences };
  });
}

const ask = ({ traffic }: PrmContext, instance: TrafficInstance) =>
  askForToken(traffic.hub, { name: clientIdOf(traffic, instance), secret: instance.password });

const asked = ({ traffic }: PrmContext, instance: TrafficInstance) => ({
  operation: 'POST /oidc/token',
  input: { client: clientIdOf(traffic, instance), grant_type: 'client_credentials' },
});

/** A gateway asks whether a token, or a password, may carry traffic; `stopped` = why it must not. */
export async function askGateway(
  { traffic, transcript }: PrmContext,
  what: { readonly token: string } | TrafficInstance,
  stopped: Stopped | undefined,
  title: string,
): Promise<void> {
  const { hub, gateway } = traffic;
  if (typeof gateway === 'string') return transcript.skip(title, gateway);
  const question = 'token' in what ? what : { clientId: clientIdOf(traffic, what), password: what.password };
  await transcript.step(title, async () => {
    const verdict = await postForJson<Verdict>(`${hub}/traffic/check`, {
      headers: { authorization: basicOf(gateway), 'content-type': 'application/json' },
      body: JSON.stringify(question),
    });
    const differences = [
      ...expectEqual('allowed', verdict.allowed, stopped === undefined),
      ...expectEqual('the reason', verdict.reason, stopped),
    ];
    const result = verdict.error ?? (verdict.allowed ? 'allowed' : 'stopped');
    return { operation: 'POST /traffic/check', input: question, result, seen: shown(verdict), differences };
  });
}
