/**
 * Ten times as many people as there are seats ask for one with AddUserLicense, in parallel, below a provider that has passed seats on
 * to resellers and groups: exactly as many get one as were bought, each level has given out what it had, every refusal names the level
 * that has run out, and counters equal rows. Some ask twice at the same moment, and everybody asks again afterwards.
 */
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import type { Database } from '../../src/persistence/sql/sql.js';
import { addSites, siteOf } from '../kakapo/clients/seed.js';
import type { SoapCall } from '../kakapo/support/soap.js';
import { type GraphqlClient, graphqlClient } from '../support/graphql-call.js';
import { startHub } from '../support/hub.js';
import { findHalves } from '../support/integrity.js';
import { hold, type ProofContext, proofDialects, tally } from '../support/proof.js';
import { inBatches, patientCaller } from './kakapo-storm/caller.js';
import { license, makeStormTree, type StormPerson } from './kakapo-storm/tree.js';

interface Size {
  readonly stock: number;
  readonly people: number;
  readonly atOnce: number;
  /** Every so manieth person asks twice at the same moment. */
  readonly twins: number;
}

const site = siteOf('storm');

export async function prove({ short, resume, progress }: ProofContext): Promise<object> {
  const size: Size = short
    ? { stock: 20, people: 200, atOnce: 16, twins: 4 }
    : { stock: 1_000, people: 10_000, atOnce: 40, twins: 10 };
  const figures: Record<string, object> = {};
  for (const dialect of await proofDialects()) {
    figures[dialect] = await resume(dialect, async () => {
      const answer = await proveOn(dialect, size, (text) => progress(`${dialect}: ${text}`));
      progress(`${dialect}: ${JSON.stringify(answer)}`);
      return answer;
    });
  }
  return { ...size, ...figures };
}

async function proveOn(dialect: 'sqlite' | 'mysql', size: Size, progress: (text: string) => void): Promise<object> {
  const hub = await startHub({
    dialect,
    seed: (seed) => {
      addSites(seed, [site]);
      seed.tenants!.at(-1).pools = [{ application: 'UnityDesktop', licenseType: 'Pro', quantity: size.stock }];
    },
  });
  const database = await openDatabase(hub.databaseUrl, 1);
  try {
    const urls = [hub.publicUrl];
    if (dialect === 'mysql') urls.push((await hub.join()).url);
    let busy = 0;
    const onBusy = () => {
      busy += 1;
    };
    const calls = urls.map((url) => patientCaller(site, url, onBusy));
    const people = await makeStormTree(calls[0]!, size);
    progress(`${people.length} people below ${size.stock} seats`);

    busy = 0;
    const began = performance.now();
    const { holders, asked } = await storm(people, size, calls, progress);
    const seconds = (performance.now() - began) / 1_000;
    await checkHeld(database, graphqlClient(hub.publicUrl), size);

    const isHolder = new Set(holders);
    const again = people.slice(0, size.people / 10).concat(holders);
    await inBatches(again.length, size.atOnce, async (index) => {
      const person = again[index]!;
      const answer = await take(person, calls[index % calls.length]!);
      hold(answer === (isHolder.has(person) ? 'taken' : 'exhausted'), 'who asks again hears the same', person);
    });
    await checkHeld(database, graphqlClient(hub.publicUrl), size);
    const halves = await findHalves(database);
    hold(halves.length === 0, 'counters equal rows, nothing is half made', halves);
    return {
      processes: urls.length,
      calls: asked + again.length,
      granted: holders.length,
      refused: people.length - holders.length,
      oversold: 0,
      askedAgainBecauseBusy: busy,
      perSecond: Math.round(asked / seconds),
    };
  } finally {
    await database.close();
    await hub.close();
  }
}

/** Everybody asks once, some twice at the same moment and at every process; who got one, after so many calls. */
async function storm(
  people: readonly StormPerson[],
  { stock, atOnce, twins }: Size,
  calls: readonly SoapCall[],
  progress: (text: string) => void,
): Promise<{ readonly holders: readonly StormPerson[]; readonly asked: number }> {
  const answers: string[] = [];
  let asked = 0;
  await inBatches(people.length, atOnce, async (index) => {
    const person = people[index]!;
    const at = [index % calls.length, ...(index % twins === 0 ? [(index + 1) % calls.length] : [])];
    const [answer, second = answer] = await Promise.all(at.map((process) => take(person, calls[process]!)));
    hold(answer === second, 'who asks twice at the same moment hears the same twice', { person, answer, second });
    answers[index] = answer!;
    asked += at.length;
    if ((index + 1) % 2_000 === 0) progress(`${asked} calls`);
  });
  const holders = people.filter((_, index) => answers[index] === 'taken');
  hold(holders.length === stock, `${stock} of ${people.length} get a seat`, tally(answers));
  return { holders, asked };
}

async function take({ broadworksUserId, exhausted }: StormPerson, call: SoapCall): Promise<'taken' | 'exhausted'> {
  const answer = await call('AddUserLicense', { broadworksUserId, ...license });
  if (answer.success === true) return 'taken';
  const refusal = `The license pool of ${exhausted} has no free UnityDesktop Pro license`;
  hold(answer.errorMessage === refusal, 'a refusal names the level that has run out', { ...answer, refusal });
  return 'exhausted';
}

/** Nothing is left anywhere, nothing was given out twice, and all of it is held. */
async function checkHeld(database: Database, graphql: GraphqlClient, { stock }: Size): Promise<void> {
  const [row] = await database.read.all<{ rows: number; people: number }>(
    'SELECT COUNT(*) AS `rows`, COUNT(DISTINCT l.user_id) AS people FROM licenses l JOIN external_refs r ON r.target_id = l.user_id ' +
      "WHERE r.external_id LIKE 'person%@op.example' AND l.live_key = '0'",
  );
  hold(row?.rows === stock && row.people === stock, 'as many rows as seats, of as many people', row);
  const { externalRefs } = await graphql.ok(
    'query($host: String!) { externalRefs(first: 1, filter: { externalId: { eq: $host } }) { nodes { target { id } } } }',
    { host: site.host },
  );
  const { licensePoolTree } = await graphql.ok(
    `query($tenantId: ID!) { licensePoolTree(tenantId: $tenantId, first: 50) { nodes {
      pool { purchased subPurchased assigned free used } } } }`,
    { tenantId: externalRefs.nodes[0].target.id },
  );
  type Level = { pool: Record<'purchased' | 'subPurchased' | 'assigned' | 'free' | 'used', number> };
  const levels = licensePoolTree.nodes as Level[];
  hold(levels.length === 6, 'pools of the provider, two resellers and three groups', levels);
  const full = ({ pool }: Level) => pool.free === 0 && pool.used === pool.subPurchased + pool.assigned;
  hold(levels.every(full), 'each level has given out what it had', levels);
  const held = levels.reduce((sum, { pool }) => sum + pool.assigned, 0);
  hold(held === stock, 'all that was bought is held', levels);
}
