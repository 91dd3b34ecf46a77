/**
 * Killing the process with SIGKILL again and again while SOAP and GraphQL write: every write that was acknowledged is there,
 * nothing is half applied, a request repeated with its key has one effect, the journal verifies and the outbox delivers.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import type { Database } from '../../src/persistence/sql/sql.js';
import { crmCatalog, makeCustomer } from '../support/catalog.js';
import { eventually } from '../support/eventually.js';
import { graphqlClient } from '../support/graphql-call.js';
import { type Hub, startHub } from '../support/hub.js';
import { findHalves, undelivered } from '../support/integrity.js';
import { hold, type ProofContext, proofDialects, spread } from '../support/proof.js';
import { seededRandom } from '../support/random.js';
import { marketplace } from '../support/soap-call.js';
import { type Acknowledged, startWriters } from '../support/writers.js';

const mostSeats = 1_000;

export async function prove({ short, resume, progress }: ProofContext): Promise<object> {
  const kills = short ? 3 : 20;
  const figures: Record<string, object> = {};
  for (const dialect of await proofDialects()) {
    figures[dialect] = await resume(dialect, async () => {
      const answer = await proveOn(dialect, kills, (text) => progress(`${dialect}: ${text}`));
      progress(`${dialect}: ${JSON.stringify(answer)}`);
      return answer;
    });
  }
  return { kills, ...figures };
}

async function proveOn(dialect: 'sqlite' | 'mysql', kills: number, progress: (text: string) => void): Promise<object> {
  const received = await listenForWebhooks();
  const hub = await startHub({ dialect, appPort: received.port, env: { OUTBOUND_TIMEOUT_MS: '2000' } });
  const database = await openDatabase(hub.databaseUrl, 1);
  try {
    const graphql = graphqlClient(hub.publicUrl);
    const catalog = await crmCatalog(graphql);
    const customer = await makeCustomer(graphql, catalog, { name: 'Busy', members: 10, seats: mostSeats });
    let running = true;
    const writers = startWriters({ publicUrl: hub.publicUrl, graphql, catalog, ...customer, running: () => running });
    const failed = writers.ended.catch((error: unknown) => error);
    const recoveries = await killAgainAndAgain(hub, kills, failed, progress);
    running = false;
    await writers.ended;

    const { acknowledged } = writers;
    const lost = await missing(hub, database, acknowledged);
    hold(lost.length === 0, 'every acknowledged write is there', lost.slice(0, 5));
    const halves = await findHalves(database);
    hold(halves.length === 0, 'nothing is half applied', halves);
    const doubled = await twice(database, acknowledged);
    hold(doubled.length === 0, 'a repeated request has one effect', doubled);
    const delivery = await eventually(
      async () => {
        const { waiting, parked } = await undelivered(database);
        return waiting === 0 ? { parked } : undefined;
      },
      { within: 120_000, every: 250, what: 'every event delivered' },
    );
    const unheard = await unheardEvents(database, received.ids);
    hold(unheard.length === 0 && delivery.parked === 0, 'the webhook got every event', { unheard, ...delivery });
    const verdict = await eventually(
      async () => {
        const { code, stdout } = await hub.cli('journal', 'verify', '--json');
        const answer = JSON.parse(stdout) as { broken: unknown; entries: number; unsealed: number };
        hold(code === 0 && answer.broken === null, 'the journal verifies', answer);
        return answer.unsealed === 0 ? answer : undefined;
      },
      { within: 30_000, what: 'the journal being sealed' },
    );
    return {
      acknowledged: acknowledged.count,
      realms: acknowledged.realms.size,
      users: [...acknowledged.realms.values()].reduce((sum, users) => sum + users.size, 0),
      seats: acknowledged.seats.size,
      instances: acknowledged.instances.size,
      repeatedWithTheSameKey: acknowledged.repeated,
      lost: 0,
      half: 0,
      journalEntries: verdict.entries,
      webhooksReceived: received.count(),
      webhookEvents: received.ids.size,
      readyAgainMs: spread(recoveries),
    };
  } finally {
    await database.close();
    await hub.close();
    received.close();
  }
}

/** Answers how long each restart took until the hub was ready, in milliseconds. */
async function killAgainAndAgain(
  hub: Hub,
  kills: number,
  failed: Promise<unknown>,
  progress: (text: string) => void,
): Promise<number[]> {
  const random = seededRandom(9);
  const recoveries: number[] = [];
  for (let kill = 1; kill <= kills; kill += 1) {
    const problem = await Promise.race([failed, pause(300 + random() * 1_200)]);
    if (problem !== undefined) throw problem;
    await hub.kill();
    recoveries.push(await hub.restart());
    if (kill % 5 === 0) progress(`${kill} of ${kills} kills`);
  }
  await pause(500);
  return recoveries;
}

/** What was acknowledged and cannot be found: asked of the hub in the protocol's words, and of the database. */
async function missing(hub: Hub, { read }: Database, acknowledged: Acknowledged): Promise<string[]> {
  const lost: string[] = [];
  const call = marketplace(hub.publicUrl);
  for (const [realmId, users] of acknowledged.realms) {
    const realm = await call('GetRealm', { realmId });
    if (realm.resultCode !== 0 || realm.realm.licences[0]?.quantity !== 3) lost.push(`realm ${realmId}`);
    const { total } = await call('GetUsers', { realmId });
    if (total < users.size) lost.push(`users of ${realmId}: ${total} of ${users.size}`);
  }
  for (const [table, ids] of [
    ['licenses', acknowledged.seats],
    ['instances', acknowledged.instances],
  ] as const) {
    const rows = await read.all<{ id: string }>(`SELECT id FROM ${table}`);
    const there = new Set(rows.map((row) => row.id));
    for (const id of ids) if (!there.has(id)) lost.push(`${table} ${id}`);
  }
  return lost;
}

/** Things there are more of than were asked for. */
async function twice({ read }: Database, { seats, instances, realms }: Acknowledged): Promise<string[]> {
  const count = async (sql: string) => Number((await read.all<{ n: number }>(sql))[0]?.n);
  const bySeat = await count(
    `SELECT COUNT(*) AS n FROM licenses l JOIN tenants t ON t.id = l.tenant_id WHERE t.name = 'Busy'`,
  );
  const byInstance = await count(
    `SELECT COUNT(*) AS n FROM instances i JOIN tenants t ON t.id = i.tenant_id WHERE t.name = 'Busy'`,
  );
  const byRealm = await count(`SELECT COUNT(*) AS n FROM external_refs WHERE external_id LIKE 'R-%'`);
  return [
    ...(bySeat === seats.size ? [] : [`${bySeat} seats, ${seats.size} acknowledged`]),
    ...(byInstance === instances.size ? [] : [`${byInstance} instances, ${instances.size} acknowledged`]),
    ...(byRealm === realms.size ? [] : [`${byRealm} realms, ${realms.size} acknowledged`]),
  ];
}

async function unheardEvents({ read }: Database, heard: ReadonlySet<string>): Promise<string[]> {
  const rows = await read.all<{ id: string }>(
    `SELECT id FROM outbox_events WHERE event_type LIKE 'license.%' OR event_type LIKE 'subscription.%'`,
  );
  return rows.map((row) => row.id).filter((id) => !heard.has(id));
}

/** Takes what the seed's webhook sends, by the id each delivery carries. */
async function listenForWebhooks() {
  const ids = new Set<string>();
  let count = 0;
  const server = createServer((request, response) => {
    ids.add(String(request.headers['webhook-id']));
    count += 1;
    request.resume().on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    ids,
    count: () => count,
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
