/**
 * A reseller with 50 groups and 5,000 people, 500 of them signed in to an application, is deleted with everything below it in one
 * call: within seconds, and the application hears of every session. Killed with SIGKILL in the middle, the hub has afterwards
 * deleted all of it or none.
 */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import type { Database } from '../../src/persistence/sql/sql.js';
import { eventually } from '../support/eventually.js';
import { type GraphqlClient, graphqlClient } from '../support/graphql-call.js';
import { type Hub, startHub } from '../support/hub.js';
import { undelivered } from '../support/integrity.js';
import { hold, type ProofContext, proofDialects } from '../support/proof.js';
import { fillTree, type Size, type Tree } from './tenant-teardown/fill.js';
import { isGone, lookAt } from './tenant-teardown/look.js';

const limitMs = 10_000;
const full: Size = { groups: 50, users: 5_000, sessions: 500 };
const larger: Size = { groups: 200, users: 20_000, sessions: 2_000 };
const few: Size = { groups: 5, users: 300, sessions: 30 };

export async function prove({ short, resume, progress }: ProofContext): Promise<object> {
  const size = short ? few : full;
  const figures: Record<string, object> = {};
  for (const dialect of await proofDialects()) {
    figures[dialect] = await resume(dialect, () => proveOn(dialect, short));
    progress(`${dialect}: ${JSON.stringify(figures[dialect])}`);
  }
  return { ...size, ...figures };
}

async function proveOn(dialect: 'sqlite' | 'mysql', short: boolean): Promise<object> {
  const application = await listenForLogouts();
  const hub = await startHub({
    dialect,
    appPort: application.port,
    seed: (seed) => {
      seed.webhooks = [];
    },
  });
  const database = await openDatabase(hub.databaseUrl, 1);
  try {
    const graphql = graphqlClient(hub.publicUrl);
    const size = short ? few : full;
    await graphql.token();
    const first = await deleteOnce(database, graphql, hub, size);
    hold(first.milliseconds < limitMs, `it takes less than ${limitMs} ms`, first);
    await eventually(() => application.count() >= size.sessions, { within: 120_000, what: 'every logout token' });
    await eventually(async () => (await undelivered(database)).waiting === 0, { within: 300_000, every: 250 });
    const more = short ? {} : { larger: { ...larger, ...(await deleteOnce(database, graphql, hub, larger)) } };
    const kills = await killInTheMiddle({
      hub,
      database,
      graphql,
      size,
      times: short ? 1 : 10,
      ms: first.milliseconds,
    });
    const { code } = await hub.cli('journal', 'verify');
    hold(code === 0, 'the journal verifies');
    return { ...first, logoutTokens: size.sessions, ...more, kills };
  } finally {
    await database.close();
    await hub.close();
    application.close();
  }
}

const terminate = (graphql: GraphqlClient, { resellerId }: Tree) =>
  graphql.ok(`mutation($input: TerminateTenantInput!) { terminateTenant(input: $input) { tenant { state } } }`, {
    input: { id: resellerId, withTenantsBelow: true },
  });

async function deleteOnce(database: Database, graphql: GraphqlClient, hub: Hub, size: Size) {
  const tree = await fillTree(database, size);
  const before = await lookAt(database, tree);
  hold(before.alive.licenses === size.users && before.drawn === size.users, 'everybody has a seat', before);
  const begun = performance.now();
  await terminate(graphql, tree);
  const milliseconds = Math.round(performance.now() - begun);
  const after = await lookAt(database, tree);
  hold(isGone(after), 'nothing of it is left', after);
  return { milliseconds, hubMegabytes: Math.round((await hub.memory()) / 1_048_576) };
}

async function killInTheMiddle(of: {
  readonly hub: Hub;
  readonly database: Database;
  readonly graphql: GraphqlClient;
  readonly size: Size;
  readonly times: number;
  /** What an undisturbed deletion takes. */
  readonly ms: number;
}): Promise<object> {
  const { hub, database, graphql, size, times, ms } = of;
  const seen = { untouched: 0, gone: 0 };
  let tree = await fillTree(database, size);
  for (let kill = 1; kill <= times; kill += 1) {
    const before = await lookAt(database, tree);
    await graphql.token();
    const answered = terminate(graphql, tree).then(
      () => true,
      () => false,
    );
    await pause((ms * kill) / (times + 1));
    await hub.kill();
    const acknowledged = await answered;
    await hub.restart();
    const after = await lookAt(database, tree);
    const untouched = JSON.stringify(after) === JSON.stringify(before);
    hold(untouched || isGone(after), 'all of it is there, or none', { before, after });
    hold(!acknowledged || isGone(after), 'what was acknowledged is done', after);
    seen[untouched ? 'untouched' : 'gone'] += 1;
    if (!untouched) tree = await fillTree(database, size);
  }
  await terminate(graphql, tree);
  hold(isGone(await lookAt(database, tree)), 'nothing of it is left', tree);
  return { times, ...seen };
}

/** The application: takes logout tokens, and says nothing else. */
async function listenForLogouts() {
  let count = 0;
  const server = createServer((request, response) => {
    if (request.url === '/backchannel-logout') count += 1;
    request.resume().on('end', () => response.writeHead(204).end());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    count: () => count,
    port: (server.address() as AddressInfo).port,
    close() {
      server.closeAllConnections();
      server.close();
    },
  };
}
