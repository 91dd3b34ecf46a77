/** 50 at once take the 5 seats there are, through GraphQL and through SOAP: exactly 5 get one, and the counter says so. */
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import { crmCatalog, makeCustomer } from '../support/catalog.js';
import { graphqlClient } from '../support/graphql-call.js';
import { startHub } from '../support/hub.js';
import { findHalves } from '../support/integrity.js';
import { hold, type ProofContext, proofDialects, tally } from '../support/proof.js';
import { marketplace } from '../support/soap-call.js';

const takers = 50;
const seats = 5;
const assign = `mutation($input: AssignLicenseInput!) { assignLicense(input: $input) {
  __typename ... on AssignLicenseSuccess { license { id } } } }`;

export async function prove({ short, resume, progress }: ProofContext): Promise<object> {
  const rounds = short ? 1 : 20;
  const figures: Record<string, object> = {};
  for (const dialect of await proofDialects()) {
    figures[dialect] = await resume(dialect, async () => {
      const answer = await proveOn(dialect, rounds, (text) => progress(`${dialect}: ${text}`));
      progress(`${dialect}: ${JSON.stringify(answer)}`);
      return answer;
    });
  }
  return { takers, seats, rounds, ...figures };
}

async function proveOn(dialect: 'sqlite' | 'mysql', rounds: number, progress: (text: string) => void): Promise<object> {
  const hub = await startHub({ dialect });
  const database = await openDatabase(hub.databaseUrl, 1);
  try {
    const urls = [hub.publicUrl];
    if (dialect === 'mysql') urls.push((await hub.join()).url);
    const urlOf = (index: number) => urls[index % urls.length]!;
    const graphql = graphqlClient(hub.publicUrl);
    const catalog = await crmCatalog(graphql);
    const { tenantId, userIds } = await makeCustomer(graphql, catalog, { name: 'Contest', members: takers, seats });
    const callers = urls.map((url) => marketplace(url));

    async function graphqlRound(): Promise<void> {
      const answers = await Promise.all(
        userIds.map((userId, index) =>
          graphql(assign, { input: { userId, tenantId, licenseTypeId: catalog.standardId } }, urlOf(index)),
        ),
      );
      const kinds = tally(answers.map((a) => a.data?.assignLicense?.__typename ?? JSON.stringify(a.errors)));
      const expected = { AssignLicenseSuccess: seats, PoolExhausted: takers - seats };
      hold(sameCounts(kinds, expected), `${seats} of ${takers} get a seat through GraphQL`, kinds);
      const taken: string[] = answers.flatMap((answer) => answer.data.assignLicense.license?.id ?? []);
      hold(new Set(taken).size === seats, 'every seat is one of its own', taken);
      hold((await liveSeats('tenant_id', tenantId)) === seats, `${seats} rows hold a seat`);
      for (const id of taken) {
        await graphql.ok(`mutation($input: TargetInput!) { releaseLicense(input: $input) { license { id } } }`, {
          input: { id },
        });
      }
    }

    async function soapRound(round: number): Promise<void> {
      const realm = { realmId: `R-seats-${round}` };
      const bought = await callers[0]!('CreateRealm', {
        ...realm,
        customerId: `C-seats-${round}`,
        customerName: 'Contest',
        applicationId: 'crm',
        offerCode: 'crm-month',
        licences: [{ licenceCode: 'Standard', quantity: seats }],
      });
      hold(bought.resultCode === 0, 'the realm is bought', bought);
      const answers = await Promise.all(
        Array.from({ length: takers }, (_, index) =>
          callers[index % callers.length]!('CreateUser', { ...realm, user: { userId: `U${index}` } }),
        ),
      );
      const codes = tally(answers.map((answer) => String(answer.resultCode)));
      hold(sameCounts(codes, { 0: seats, 8: takers - seats }), `${seats} of ${takers} get a seat through SOAP`, codes);
      const users = await callers[0]!('GetUsers', realm);
      hold(users.total === seats, 'nobody refused was made all the same', users.total);
      const usage = await callers[0]!('GetLicenceUsage', realm);
      hold(usage.usage[0].assigned === seats, 'the counter says so', usage.usage[0]);
    }

    const liveSeats = async (column: string, id: string): Promise<number> => {
      const sql = `SELECT COUNT(*) AS n FROM licenses WHERE ${column} = ? AND live_key = '0'`;
      return Number((await database.read.all<{ n: number }>(sql, [id]))[0]?.n);
    };

    for (let round = 1; round <= rounds; round += 1) {
      await graphqlRound();
      await soapRound(round);
      if (round % 5 === 0) progress(`${round} of ${rounds} rounds`);
    }
    const halves = await findHalves(database);
    hold(halves.length === 0, 'counters equal rows, nothing is half made', halves);
    return { processes: urls.length, graphqlRounds: rounds, soapRounds: rounds, granted: seats, oversold: 0 };
  } finally {
    await database.close();
    await hub.close();
  }
}

function sameCounts(seen: Record<string, number>, expected: Record<string, number>): boolean {
  const keys = new Set([...Object.keys(seen), ...Object.keys(expected)]);
  return [...keys].every((key) => (seen[key] ?? 0) === (expected[key] ?? 0));
}
