/**
 * Ten times as many people as there are seats ask for one, in parallel, below a provider that has passed seats on to resellers and
 * groups: exactly as many get one as were bought, each level has given out what it had, and counters equal rows.
 */
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import { crmCatalog } from '../support/catalog.js';
import { type GraphqlClient, graphqlClient } from '../support/graphql-call.js';
import { startHub } from '../support/hub.js';
import { findHalves } from '../support/integrity.js';
import { hold, type ProofContext, proofDialects, tally } from '../support/proof.js';
import { answered } from './pool-storm/answered.js';
import { inBatches, makeStormTree, type StormPerson, type StormTree } from './pool-storm/tree.js';

/** One call for one person at one process: what came of it. */
type Take = (person: StormPerson, url: string) => Promise<'taken' | 'exhausted'>;

export async function prove({ short, resume, progress }: ProofContext): Promise<object> {
  const size = short ? { stock: 20, people: 200, atOnce: 16 } : { stock: 1_000, people: 10_000, atOnce: 40 };
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

async function proveOn(
  dialect: 'sqlite' | 'mysql',
  size: { readonly stock: number; readonly people: number; readonly atOnce: number },
  progress: (text: string) => void,
): Promise<object> {
  const hub = await startHub({ dialect });
  const database = await openDatabase(hub.databaseUrl, 1);
  try {
    const urls = [hub.publicUrl];
    if (dialect === 'mysql') urls.push((await hub.join()).url);
    const graphql = graphqlClient(hub.publicUrl);
    const catalog = await crmCatalog(graphql);
    const tree = await makeStormTree(graphql, catalog, size);
    progress(`${tree.people.length} people below ${tree.stock} seats`);

    let askedAgain = 0;
    const take = takeByGraphql(graphql, catalog.standardId, () => {
      askedAgain += 1;
    });
    const began = performance.now();
    const holders = await storm(tree, size.atOnce, urls, take, progress);
    const seconds = (performance.now() - began) / 1_000;

    await checkLevels(graphql, tree);
    const [row] = await database.read.all<{ rows: number; people: number }>(
      "SELECT COUNT(*) AS `rows`, COUNT(DISTINCT user_id) AS people FROM licenses WHERE license_type_id = ? AND live_key = '0' AND " +
        'tenant_id IN (SELECT descendant_id FROM tenant_paths WHERE ancestor_id = ?)',
      [catalog.standardId, tree.providerId],
    );
    hold(row?.rows === tree.stock && row.people === tree.stock, 'as many rows as seats, of as many people', row);
    for (const person of holders.slice(0, 20)) {
      hold((await take(person, urls[0]!)) === 'taken', 'who has one is told so again, with nothing left', person);
    }
    await checkLevels(graphql, tree);
    const halves = await findHalves(database);
    hold(halves.length === 0, 'counters equal rows, nothing is half made', halves);
    return {
      processes: urls.length,
      granted: holders.length,
      refused: tree.people.length - holders.length,
      oversold: 0,
      askedAgain,
      perSecond: Math.round(tree.people.length / seconds),
    };
  } finally {
    await database.close();
    await hub.close();
  }
}

/** Everybody asks once; who got one. */
async function storm(
  { people, stock }: StormTree,
  atOnce: number,
  urls: readonly string[],
  take: Take,
  progress: (text: string) => void,
): Promise<StormPerson[]> {
  const answers: string[] = [];
  await inBatches(people.length, atOnce, async (index) => {
    answers[index] = await take(people[index]!, urls[index % urls.length]!);
    if ((index + 1) % 2_000 === 0) progress(`${index + 1} calls`);
  });
  const holders = people.filter((_, index) => answers[index] === 'taken');
  hold(holders.length === stock, `${stock} of ${people.length} get a seat`, tally(answers));
  return holders;
}

function takeByGraphql(graphql: GraphqlClient, licenseTypeId: string, onBusy: () => void): Take {
  const assign = 'mutation($input: AssignLicenseInput!) { assignLicense(input: $input) { __typename } }';
  return async (person, url) => {
    const answer = await answered(() => graphql(assign, { input: { ...person, licenseTypeId } }, url), onBusy);
    const kind = answer.data?.assignLicense?.__typename;
    hold(kind === 'AssignLicenseSuccess' || kind === 'PoolExhausted', 'a seat, or none is left', answer);
    return kind === 'AssignLicenseSuccess' ? 'taken' : 'exhausted';
  };
}

/** Nothing is left anywhere, nothing was given out twice, and all of it is held. */
async function checkLevels(graphql: GraphqlClient, { providerId, stock }: StormTree): Promise<void> {
  const { licensePoolTree } = await graphql.ok(
    `query($tenantId: ID!) { licensePoolTree(tenantId: $tenantId, first: 50) { nodes { depth
      pool { purchased subPurchased assigned free used } } } }`,
    { tenantId: providerId },
  );
  type Level = { depth: number; pool: Record<'purchased' | 'subPurchased' | 'assigned' | 'free' | 'used', number> };
  const levels = licensePoolTree.nodes as Level[];
  hold(levels.length === 6, 'pools of the provider, two resellers and three groups', levels);
  const full = ({ pool }: Level) => pool.free === 0 && pool.used === pool.subPurchased + pool.assigned;
  hold(levels.every(full), 'each level has given out what it had', levels);
  const held = levels.reduce((sum, { pool }) => sum + pool.assigned, 0);
  hold(held === stock, 'all that was bought is held', levels);
}
