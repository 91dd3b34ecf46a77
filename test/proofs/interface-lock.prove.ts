/**
 * Wrong passwords of an interface user from addresses that are not on its list, really from there or behind a trusted proxy: refused,
 * and the account works on. One from a listed address, among twenty calls at once with the right password and at two processes: locked
 * from then on, for everybody; unlocked at the console or in GraphQL, the next call is let in.
 */
import { addSites, siteOf } from '../kakapo/clients/seed.js';
import { type GraphqlClient, graphqlClient } from '../support/graphql-call.js';
import { type Hub, startHub } from '../support/hub.js';
import { hold, type ProofContext, proofDialects, tally } from '../support/proof.js';
import { interfaceUser, type LogIn, type Login, type Source } from './interface-lock/caller.js';

interface Size {
  /** Wrong passwords from addresses that are not listed. */
  readonly wrong: number;
  /** How often the account is locked and unlocked. */
  readonly rounds: number;
}

const site = siteOf('locked');
const right = site.login.loginPassword;
const proxy = '127.0.0.9';
const listed: readonly Source[] = [{ from: '127.0.0.1' }, { from: proxy, forwarded: '198.51.100.7' }];
const lanes = 20;

export async function prove({ short, resume, progress }: ProofContext): Promise<object> {
  const size: Size = short ? { wrong: 40, rounds: 2 } : { wrong: 1_000, rounds: 20 };
  const figures: Record<string, object> = {};
  for (const dialect of await proofDialects()) {
    figures[dialect] = await resume(dialect, () => proveOn(dialect, size, (text) => progress(`${dialect}: ${text}`)));
    progress(`${dialect}: ${JSON.stringify(figures[dialect])}`);
  }
  return { ...size, atOnce: lanes, processes: 2, ...figures };
}

async function proveOn(dialect: 'sqlite' | 'mysql', size: Size, progress: (text: string) => void): Promise<object> {
  const hub = await startHub({
    dialect,
    env: { TRUSTED_PROXIES: proxy },
    seed: (seed) => {
      addSites(seed, [site]);
      seed.serviceAccounts!.at(-1).addresses = ['127.0.0.1/32', '198.51.100.0/24'];
    },
  });
  try {
    const urls = [hub.publicUrl, (await hub.join({ ROLES: 'web' })).url];
    const graphql = graphqlClient(hub.publicUrl);
    const logIn = interfaceUser(site);
    const everywhere = async (password: string, login: Login, claim: string) => {
      for (const url of urls)
        for (const source of listed) hold((await logIn(url, password, source)) === login, claim, url);
    };
    await everywhere(right, 'in', 'the right password is let in from listed addresses');

    await attack(size.wrong, urls, logIn);
    const { id, lockedAt } = await accountOf(graphql);
    hold(lockedAt === null && (await alarms(graphql, id)) === 0, 'the account is not locked, and no alarm says so');
    await everywhere(right, 'in', 'the account works after the attack');
    progress(`${size.wrong} wrong passwords from elsewhere: the account works`);

    const outcomes: Record<string, number> = {};
    for (let round = 0; round < size.rounds; round += 1) {
      for (const came of await lockInTraffic(round, urls, logIn)) outcomes[came] = (outcomes[came] ?? 0) + 1;
      await everywhere(right, 'locked', 'locked for the right password too');
      await everywhere(`wrong ${round}`, 'locked', 'locked for a wrong one');
      hold((await accountOf(graphql)).lockedAt !== null, 'GraphQL says that it is locked');
      hold((await alarms(graphql, id)) === 1, 'one alarm says so');
      await (round % 2 === 0 ? unlockAtConsole(hub) : unlockInGraphql(graphql, id));
      await everywhere(right, 'in', 'unlocked, the next call is let in at every process');
      hold((await alarms(graphql, id)) === 0, 'the alarm is cleared');
    }
    const history = await historyOf(graphql, id);
    hold(history.WRONG_PASSWORD === size.rounds, 'one wrong password of each round was looked at', history);
    hold(history.UNLOCKED === size.rounds, 'each unlocking is in the login history', history);
    return { ...outcomes, history };
  } finally {
    await hub.close();
  }
}

/** From elsewhere: a real address, one behind the proxy, and one behind it after the other; many say that they are a listed one. */
async function attack(count: number, urls: readonly string[], logIn: LogIn): Promise<void> {
  const sources: ((index: number) => Source)[] = [
    () => ({ from: '127.0.0.2' }),
    () => ({ from: '127.0.0.2', forwarded: '127.0.0.1' }),
    () => ({ from: proxy, forwarded: '203.0.113.9' }),
    (index) => ({ from: proxy, forwarded: `198.51.100.7, 203.0.${index >> 8}.${index & 255}` }),
  ];
  const answers: Login[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    while (next < count) {
      const index = next;
      next += 1;
      const url = urls[index % urls.length]!;
      const source = sources[(index >> 1) % sources.length]!(index);
      answers.push(await logIn(url, index % 10 === 0 ? right : `guess ${index}`, source));
      if (index % 20 !== 0) continue;
      hold((await logIn(url, right, listed[index % listed.length]!)) === 'in', 'the account works during the attack');
    }
  };
  await Promise.all(Array.from({ length: 8 }, lane));
  hold(answers.length === count && answers.every((one) => one === 'refused'), 'all are refused', tally(answers));
}

/**
 * Twenty at once, at both processes, with the right password again and again; four of them with a wrong one once, in the middle. One
 * locks the account, and no call that begins after its answer is let in. Answers what all calls came to.
 */
async function lockInTraffic(round: number, urls: readonly string[], logIn: LogIn): Promise<Login[]> {
  const seen: { readonly came: Login; readonly began: number; readonly ended: number }[] = [];
  const call = async (lane: number, password: string): Promise<void> => {
    const began = performance.now();
    const came = await logIn(urls[lane % urls.length]!, password, listed[(lane >> 1) % listed.length]!);
    seen.push({ came, began, ended: performance.now() });
  };
  await Promise.all(
    Array.from({ length: lanes }, async (_, lane) => {
      for (let turn = 0; turn < 3; turn += 1) await call(lane, right);
      if (lane % 5 === 0) await call(lane, `wrong ${round} ${lane}`);
      for (let turn = 0; turn < 3; turn += 1) await call(lane, right);
    }),
  );
  const came = seen.map((one) => one.came);
  const locking = seen.filter((one) => one.came === 'locks');
  hold(locking.length === 1 && !came.includes('refused'), 'one wrong password locks the account', tally(came));
  const late = seen.filter((one) => one.began > locking[0]!.ended && one.came === 'in');
  hold(late.length === 0, 'nobody is let in after that answer', { late, locking });
  return came;
}

async function unlockAtConsole(hub: Hub): Promise<void> {
  const { code, stdout } = await hub.cli('account', 'unlock', 'unity', site.login.loginUserName, '--json');
  hold(code === 0 && JSON.parse(stdout).wasLocked === true, 'mercator account unlock unlocks it', stdout);
}

async function unlockInGraphql(graphql: GraphqlClient, id: string): Promise<void> {
  const { unlockServiceAccount } = await graphql.ok(
    'mutation($id: ID!) { unlockServiceAccount(input: { id: $id }) { serviceAccount { lockedAt } } }',
    { id },
  );
  hold(unlockServiceAccount.serviceAccount.lockedAt === null, 'GraphQL unlocks it', unlockServiceAccount);
}

async function accountOf(graphql: GraphqlClient): Promise<{ readonly id: string; readonly lockedAt: string | null }> {
  const { serviceAccounts } = await graphql.ok(
    'query($name: String!) { serviceAccounts(first: 1, filter: { username: { eq: $name } }) { nodes { id lockedAt } } }',
    { name: site.login.loginUserName },
  );
  return serviceAccounts.nodes[0];
}

/** How many alarms of a locked account are open. */
async function alarms(graphql: GraphqlClient, id: string): Promise<number> {
  const { node } = await graphql.ok(
    'query($id: ID!) { node(id: $id) { ... on ServiceAccount { alarms(first: 20) { nodes { typeNumber clearedAt } } } } }',
    { id },
  );
  type Alarm = { readonly typeNumber: number; readonly clearedAt: string | null };
  return (node.alarms.nodes as Alarm[]).filter(
    ({ typeNumber, clearedAt }) => typeNumber === 1_002 && clearedAt === null,
  ).length;
}

/** How often each outcome is in the login history. */
async function historyOf(graphql: GraphqlClient, id: string): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (let after: string | null = null; ; ) {
    const { node } = await graphql.ok(
      `query($id: ID!, $after: Cursor) { node(id: $id) { ... on ServiceAccount { loginHistory(first: 100, after: $after) {
        nodes { outcome times } pageInfo { hasNextPage endCursor } } } } }`,
      { id, after },
    );
    const { nodes, pageInfo } = node.loginHistory;
    for (const { outcome, times } of nodes) counts[outcome] = (counts[outcome] ?? 0) + times;
    if (!pageInfo.hasNextPage) return counts;
    after = pageInfo.endCursor;
  }
}
