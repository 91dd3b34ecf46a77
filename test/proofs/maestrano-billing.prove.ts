/**
 * Charges made while the marketplace fails in every way and the hub is killed again and again: in the end every charge is billed
 * exactly once, every canceled one not at all, and each group pays for the seats it has.
 */
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import type { Database, Row } from '../../src/persistence/sql/sql.js';
import { type AccountApiServer, startAccountApi, type Trouble, troubles } from '../maestrano/support/account-api.js';
import { eventually } from '../support/eventually.js';
import { graphqlClient } from '../support/graphql-call.js';
import { type Hub, startHub } from '../support/hub.js';
import { undelivered } from '../support/integrity.js';
import { hold, type ProofContext, proofDialects, spread } from '../support/proof.js';
import { seededRandom } from '../support/random.js';
import { audit } from './maestrano-billing/audit.js';
import { startSelling } from './maestrano-billing/sell.js';
import { readPlaces, seedGroups } from './maestrano-billing/world.js';

/** Of all calls, the share that goes wrong. */
const failing = 0.3;
/** Milliseconds the hub waits for an answer, and after which a late call has its effect. */
const patienceMs = 600;
const lateMs = 2_000;

type Dialect = 'sqlite' | 'mysql';

export async function prove({ short, resume, progress }: ProofContext): Promise<object> {
  const kills = short ? 3 : 20;
  const one = (dialect: Dialect) =>
    resume(dialect, async () => {
      const answer = await proveOn(dialect, kills, short, (text) => progress(`${dialect}: ${text}`));
      progress(`${dialect}: ${JSON.stringify(answer)}`);
      return answer;
    });
  const dialects = await proofDialects();
  // the short form mostly waits
  const answers = short ? await Promise.all(dialects.map(one)) : [];
  if (!short) for (const dialect of dialects) answers.push(await one(dialect));
  return { kills, failingShare: failing, ...Object.fromEntries(dialects.map((name, index) => [name, answers[index]])) };
}

async function proveOn(
  dialect: Dialect,
  kills: number,
  short: boolean,
  progress: (text: string) => void,
): Promise<object> {
  const server = await startAccountApi({ lateMs });
  const counts = disturb(server);
  const port = Number(new URL(server.url).port);
  const env = { OUTBOUND_TIMEOUT_MS: String(patienceMs), POLL_INTERVAL_MS: '50', OUTBOUND_ALLOW: `127.0.0.1:${port}` };
  const hub = await startHub({ dialect, env, seed: (seed) => seedGroups(seed, server) });
  const database = await openDatabase(hub.databaseUrl, 1);
  try {
    // a second one that lives on and takes over what the killed one was doing
    if (dialect === 'mysql') await hub.join();
    const graphql = graphqlClient(hub.publicUrl);
    const places = await readPlaces(graphql, 6);
    let running = true;
    const { sold, ended } = startSelling(graphql, places, () => running);
    const recoveries = await killAgainAndAgain(
      hub,
      kills,
      ended.catch((error: unknown) => error),
      progress,
    );
    running = false;
    await ended;
    server.disturb(() => 'ok');
    progress(`${sold.charges.size} charges; waiting until everything has settled`);
    await pause(lateMs);
    await settled(database, short);
    const wrong = await audit(database, server, sold, places);
    hold(wrong.length === 0, 'every charge is billed exactly once, and nothing else', wrong.slice(0, 10));
    const bills = server.bills.length;
    return {
      charges: sold.charges.size,
      canceled: sold.canceled.size,
      seatChanges: sold.seatChanges,
      suspensions: sold.suspensions,
      repeatedCommands: sold.repeated,
      calls: server.calls.length,
      troubles: counts,
      billsMade: bills,
      billsStanding: server.standing('').length,
      doublesTakenBack: doubles(server),
      readyAgainMs: spread(recoveries),
    };
  } finally {
    await database.close();
    await hub.close();
    await server.close();
  }
}

/** Every kind of trouble by turns, at moments that are the same in every run. */
function disturb(server: AccountApiServer): Record<string, number> {
  const random = seededRandom(77);
  const counts: Record<string, number> = {};
  for (const group of ['cld-1', 'cld-2', 'cld-3']) server.groups.set(group, { uid: group, status: 'running' });
  server.disturb(() => {
    if (random() >= failing) return 'ok';
    const trouble: Trouble = troubles[Math.floor(random() * troubles.length)]!;
    counts[trouble] = (counts[trouble] ?? 0) + 1;
    return trouble;
  });
  return counts;
}

/** Answers how long each restart took until the hub was ready, in milliseconds. */
async function killAgainAndAgain(
  hub: Hub,
  kills: number,
  failed: Promise<unknown>,
  progress: (text: string) => void,
): Promise<number[]> {
  const random = seededRandom(5);
  const recoveries: number[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    const problem = await Promise.race([failed, pause(800 + random() * 2_000)]);
    if (problem !== undefined) throw problem;
    await hub.kill();
    recoveries.push(await hub.restart());
    if (kill % 5 === 0) progress(`${kill} of ${kills} kills`);
  }
  await pause(500);
  return recoveries;
}

const troublesText =
  'SELECT attempts, next_attempt_at AS next, last_error AS text FROM outbox_deliveries WHERE delivered_at IS NULL ORDER BY attempts DESC LIMIT 5';

/** Nothing is left to be told; in full also the last look at every uncertain bill is over. */
async function settled({ read }: Database, short: boolean): Promise<void> {
  const count = async (text: string) => Number((await read.all<{ n: number }>(text))[0]?.n);
  const soon = new Date(Date.now() + (short ? 13 : 1_000) * patienceMs).toISOString();
  const open =
    "SELECT COUNT(*) AS n FROM charges WHERE channel_id <> '' AND (cancel_due_at IS NOT NULL OR (status = 'DUE' AND price_minor > 0))";
  await eventually(
    async () => {
      const database = { read } as Database;
      const { waiting, parked } = await undelivered(database);
      hold(parked === 0, 'nothing is given up');
      const tasks = await count(`SELECT COUNT(*) AS n FROM channel_tasks WHERE due_at <= '${soon}'`);
      const charges = await count(open);
      if (waiting + tasks + charges === 0) return true;
      const texts = await read.all<Row>(troublesText);
      const said = JSON.stringify(texts);
      throw new Error(`still waiting: ${waiting} deliveries, ${tasks} looks, ${charges} charges ${said}`);
    },
    { within: short ? 180_000 : 900_000, every: 250, what: 'everything being settled' },
  );
}

/** Bills beyond the first that were made for one charge. */
function doubles({ bills }: AccountApiServer): number {
  return bills.length - new Set(bills.map(({ description }) => /\[chg_\w+\]$/.exec(description)?.[0])).size;
}
