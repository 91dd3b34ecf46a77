import type { Channel } from '../../../core/marketplace/index.js';
import { toMilliseconds } from '../../../core/shared/clock.js';
import { systemClock } from '../../../platform/clock.js';
import { exitCodes } from '../exit-codes.js';
import { explain } from '../explain.js';
import { createUnityClient } from '../simulate/kakapo/unity-client.js';
import { createNecClient } from '../simulate/nec/nec-client.js';
import { prmClient } from '../simulate/prm/party.js';
import { type Refusal, refusalOf } from '../simulate/soap-client.js';
import { type Finding, failed, ok, skipped } from './check.js';

const patience = 5_000;
/** A running hub and this machine may differ by this many seconds. */
const slackSeconds = 10;

type ChannelName = Pick<Channel, 'name' | 'protocol'> & { readonly disabledAt: string | null };

/** Calls the hub as its callers do, over HTTP at its public address. */
export async function callSelf(url: string, channels: readonly ChannelName[]): Promise<Finding[]> {
  let ready: Response;
  try {
    ready = await fetch(`${url}/health/ready`, { signal: AbortSignal.timeout(patience) });
  } catch (error) {
    const { exitCode, message } = explain(error);
    if (exitCode !== exitCodes.unreachable)
      return [failed('hub', `${url}: ${message}`, 'Does PUBLIC_URL lead to this hub?')];
    return [skipped('hub', `nothing answers at ${url}; start it with \`npm start\` to have it checked too`)];
  }
  const findings = [await readiness(url, ready), httpClock(ready), await graphql(url)];
  const served = (protocol: string) =>
    channels.find((channel) => channel.protocol === protocol && channel.disabledAt === null)?.name;
  const [nec, prm, kakapo] = [served('nec'), served('prm'), served('kakapo')];
  const maestrano = served('maestrano');
  if (nec !== undefined) findings.push(await ping(url, nec));
  if (prm !== undefined) findings.push(await askForLevel(url, prm));
  if (kakapo !== undefined) findings.push(await askForProviders(url, kakapo));
  if (nec === undefined && prm === undefined && kakapo === undefined)
    findings.push(skipped('SOAP', 'no channel that speaks it is configured'));
  if (maestrano !== undefined) findings.push(await askForMetadata(url, maestrano));
  return findings;
}

async function readiness(url: string, response: Response): Promise<Finding> {
  const text = await response.text();
  if (response.ok) return ok('hub', `ready at ${url}`);
  return failed('hub', `${url}/health/ready answers ${response.status}: ${text.slice(0, 300)}`, 'Its log says more.');
}

function httpClock(response: Response): Finding {
  const date = Date.parse(response.headers.get('date') ?? '');
  const distance = Math.round(Math.abs(toMilliseconds(systemClock().now()) - date) / 1000);
  if (Number.isNaN(date) || distance <= slackSeconds)
    return ok('hub clock', distance > 1 ? `${distance} s from here` : 'within a second of here');
  return failed('hub clock', `${distance} s from this machine's`, 'Let a time service set both clocks.');
}

async function graphql(url: string): Promise<Finding> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'application/json' },
    body: JSON.stringify({ query: '{ __typename }' }),
    signal: AbortSignal.timeout(patience),
  });
  const text = await response.text();
  const { data, errors } = JSON.parse(text) as { data?: { __typename?: string }; errors?: { message: string }[] };
  if (data?.__typename === 'Query') return ok('GraphQL', 'answers');
  // Without a token a refusal is also an answer of ours.
  if (errors !== undefined && response.status < 500)
    return ok('GraphQL', `answers: ${errors[0]?.message ?? 'refused'}`);
  return failed('GraphQL', `answers ${response.status}: ${text.slice(0, 200)}`, 'Its log says more.');
}

/** A Ping without a password: the hub must serve its WSDL and refuse the call in the protocol's own words. */
function ping(url: string, channel: string): Promise<Finding> {
  const endpoint = `${url}/ncbs/${encodeURIComponent(channel)}/NcbsIsvService`;
  const call = async () => (await createNecClient({ endpoint })).call('Ping', { text: 'doctor' });
  return mustRefuse(endpoint, 'a Ping', call, ({ text }) => /authentication failed/i.test(text));
}

/** The same for PRM: which level an account has, asked without one. */
function askForLevel(url: string, channel: string): Promise<Finding> {
  const base = `${url}/channels/${encodeURIComponent(channel)}`;
  const call = async () => (await prmClient({ base, side: 'op' }, 'OpService')).call('getUserLevel', {});
  const endpoint = `${base}/prm_op/services/OpService`;
  return mustRefuse(endpoint, 'getUserLevel', call, ({ detail }) => 'ACCESS_DENIED' in detail);
}

/** The same for Kakapo, where a refusal is an answer; a blank password is none, so that nothing is locked or noted. */
function askForProviders(url: string, channel: string): Promise<Finding> {
  const endpoint = `${url}/channels/${encodeURIComponent(channel)}/KakapoProvision/ProvisionV3.asmx`;
  const call = async () => {
    const user = { name: 'doctor', secret: '' };
    const answer = await (await createUnityClient({ endpoint, user }, 'SOAP 1.1')).call('GetSystemProviders', {});
    if (!answer.success) throw new Refused(answer.errorMessage);
  };
  return mustRefuse(endpoint, 'GetSystemProviders', call, ({ text }) => text.includes('loginPassword'));
}

/** Metadata without credentials must be refused; while nothing is known of the marketplace there is nothing to compare them with. */
async function askForMetadata(url: string, channel: string): Promise<Finding> {
  const address = `${url}/channels/${encodeURIComponent(channel)}/maestrano/metadata`;
  const response = await fetch(address, { signal: AbortSignal.timeout(patience) });
  await response.body?.cancel();
  if (response.status === 401) return ok('Maestrano', `${address} refuses whoever shows no credentials, as it must`);
  if (response.status === 503) return skipped('Maestrano', `${address} waits for its developer platform`);
  return failed('Maestrano', `${address} answers ${response.status}`, 'Its log says more.');
}

/** A refusal that came as an answer. */
class Refused extends Error {}

async function mustRefuse(
  endpoint: string,
  what: string,
  call: () => Promise<unknown>,
  asItShould: (refusal: Refusal) => boolean,
): Promise<Finding> {
  try {
    await call();
  } catch (error) {
    const refusal = error instanceof Refused ? { text: error.message, detail: {} } : refusalOf(error);
    if (refusal !== undefined && asItShould(refusal)) {
      return ok('SOAP', `${endpoint} serves its WSDL and refuses ${what} without a password, as it must`);
    }
    return failed('SOAP', `${endpoint}: ${refusal?.text ?? explain(error).message}`, 'Its log says more.');
  }
  return failed('SOAP', `${endpoint} answered ${what} without a password`, 'Is this your hub? It must ask who calls.');
}
