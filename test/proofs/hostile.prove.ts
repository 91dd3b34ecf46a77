/**
 * A built hub under hostile input at every door: known attacks first, then valid messages broken at random from a fixed seed.
 * Every refusal is the protocol's own and shows nothing of the inside, the process lives, and its memory stays flat.
 */
import { clientToken } from '../support/graphql-call.js';
import { type Hub, startHub } from '../support/hub.js';
import { hold, type ProofContext, proofDialects } from '../support/proof.js';
import { seededRandom } from '../support/random.js';
import { marketplace } from '../support/soap-call.js';
import { fuzzed } from './hostile/fuzz.js';
import { type Door, judge, type Reply } from './hostile/judge.js';
import { rawCases } from './hostile/raw-cases.js';
import { type Shot, shoot } from './hostile/send.js';
import { type Case, soapCases } from './hostile/soap-cases.js';
import { graphqlCases, webCases } from './hostile/web-cases.js';

const megabyte = 1_048_576;
/** What the heap may grow by between two rounds of the same size without being a leak. */
const flat = 48 * megabyte;
const parallel = 8;

export async function prove({ short, resume, progress }: ProofContext): Promise<object> {
  const messages = short ? 500 : 10_000;
  const figures: Record<string, object> = {};
  for (const dialect of await proofDialects()) {
    figures[dialect] = await resume(dialect, async () => {
      const answer = await proveOn(dialect, messages, (text) => progress(`${dialect}: ${text}`));
      progress(`${dialect}: ${JSON.stringify(answer)}`);
      return answer;
    });
  }
  return figures;
}

async function proveOn(
  dialect: 'sqlite' | 'mysql',
  messages: number,
  progress: (text: string) => void,
): Promise<object> {
  const env = {
    VALIDATE_RESPONSES: '1',
    HEADERS_TIMEOUT_MS: '1000',
    REQUEST_TIMEOUT_MS: '2000',
    LOG_LEVEL: 'error',
    TRUSTED_PROXIES: '127.0.0.0/8',
  };
  const hub = await startHub({ dialect, env });
  try {
    const call = marketplace(hub.publicUrl);
    const healthy = async (): Promise<void> => {
      hold(hub.alive(), 'the process lives', hub.output().slice(-2_000));
      const answer = await call('Ping', { text: 'still there?' });
      hold(answer.resultCode === 0 && answer.text === 'still there?', 'an honest caller is served', answer);
    };
    await healthy();
    const known = await knownAttacks(hub);
    await healthy();
    progress(`${known} known attacks refused`);
    const raw = await rawCases(hub.port, healthy);
    await healthy();
    progress(`${raw} broken connections refused`);

    const random = seededRandom(20_260_101);
    const memory: number[] = [];
    for (let round = 0; round < 4; round += 1) {
      await fuzzRound(hub, random, Math.ceil(messages / 4));
      await knownAttacks(hub);
      await healthy();
      memory.push(await hub.memory());
    }
    const growth = memory.at(-1)! - memory[1]!;
    hold(growth < flat, 'memory stays flat', memory.map(inMegabytes));
    const logged = hub
      .output()
      .split('\n')
      .filter((line) => /"level":(50|60)/.test(line));
    hold(logged.length === 0, 'nothing unexpected in the log', logged.slice(0, 3));
    return {
      knownAttacks: known,
      brokenConnections: raw,
      brokenMessages: messages,
      residentMegabytes: memory.map(inMegabytes),
    };
  } finally {
    await hub.close();
  }
}

async function knownAttacks(hub: Hub): Promise<number> {
  const { token } = await clientToken(hub.publicUrl);
  const cases: (Case & { readonly door: Door })[] = [
    ...[...soapCases('1.1'), ...soapCases('1.2')].map((one) => ({ ...one, door: 'soap' as const })),
    ...graphqlCases(token),
    ...webCases(),
  ];
  const wrong: string[] = [];
  for (const { door, name, status, says, ...shot } of cases) {
    const reply = await attack(hub.port, shot);
    if (reply.status === 0 && status?.includes(0)) continue;
    try {
      judge(door, name, reply, `${shot.path}${String(shot.body ?? '')}`);
      const seen = { status: reply.status, text: reply.text.slice(0, 500) };
      if (status !== undefined) hold(status.includes(reply.status), `${name}: ${status.join(' or ')}`, seen);
      if (says !== undefined) hold(says.test(reply.text), `${name}: says ${says.source}`, seen);
    } catch (error) {
      wrong.push((error as Error).message);
    }
  }
  hold(
    wrong.length === 0,
    `${wrong.length} of ${cases.length} known attacks are answered wrongly:\n${wrong.join('\n')}`,
  );
  return cases.length;
}

async function fuzzRound(hub: Hub, random: () => number, count: number): Promise<void> {
  const { token } = await clientToken(hub.publicUrl);
  const source = fuzzed(random, token);
  const shots = Array.from({ length: count }, () => source.next().value!);
  await Promise.all(
    Array.from({ length: parallel }, async (_, worker) => {
      for (let at = worker; at < shots.length; at += parallel) {
        const { door, shot } = shots[at]!;
        const reply = await attack(hub.port, shot);
        const sent = `${shot.path}\n${String(shot.body ?? '')}`;
        if (reply.status !== 0) judge(door, `${door} ${sent}`, reply, sent);
      }
    }),
  );
}

let attackers = 0;

/** Every request comes from an address of its own, so that throttles hide nothing. */
function attack(port: number, shot: Shot): Promise<Reply> {
  attackers += 1;
  const address = `10.${(attackers >> 16) & 255}.${(attackers >> 8) & 255}.${attackers & 255}`;
  return shoot(port, { ...shot, headers: { 'x-forwarded-for': address, ...shot.headers } });
}

const inMegabytes = (bytes: number) => Math.round(bytes / megabyte);
