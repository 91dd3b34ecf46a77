/**
 * Pages of 100 at position 0 and deep in the list cost about the same: unfiltered, by provider, for the provider itself. Under
 * other filters going on page by page stays flat; a jump there is measured and told. 5 million records on both databases.
 */
import { join } from 'node:path';
import type { UsageFilter } from '../../src/core/usage/index.js';
import { openPersistence } from '../../src/persistence/index.js';
import { openDatabase } from '../../src/persistence/sql/open-database.js';
import type { Dialect } from '../../src/persistence/sql/sql.js';
import { createIds } from '../../src/platform/ids.js';
import { createKeyring, generateSecretKey } from '../../src/platform/keyring.js';
import { createLogger } from '../../src/platform/logger.js';
import { testClock } from '../support/clock.js';
import { createMysqlSchema } from '../support/mysql.js';
import { hold, type ProofContext, proofDialects } from '../support/proof.js';
import { account } from '../usage/support.js';
import { type Filled, fill, prepare } from './deep-paging/fill.js';
import {
  type Asking,
  compareDepths,
  compareScattered,
  compareSequences,
  pageAt,
  pageSize,
  rounded,
  timeOf,
} from './deep-paging/measure.js';
import { bornAt, largest } from './deep-paging/traffic.js';

interface Plan {
  readonly records: number;
  readonly deep: number;
  readonly rounds: number;
}

export async function prove(context: ProofContext): Promise<object> {
  const plan: Plan = context.short
    ? { records: 150_000, deep: 50_000, rounds: 20 }
    : { records: 5_000_000, deep: 1_000_000, rounds: 60 };
  const figures: Record<string, object> = {};
  for (const dialect of await proofDialects()) {
    const { url } = await context.resume(`${dialect}-database`, () => databaseFor(dialect, context.folder));
    figures[dialect] = await context.resume(dialect, () => proveOn(dialect, url, plan, context));
    context.progress(`${dialect}: ${JSON.stringify(figures[dialect])}`);
    await dropDatabase(dialect, url);
  }
  return { ...plan, pageSize, largestRatio: 3, ...figures };
}

async function databaseFor(dialect: Dialect, folder: string): Promise<{ url: string }> {
  const url = dialect === 'mysql' ? (await createMysqlSchema()).url : `sqlite:${join(folder, 'usage.db')}`;
  return { url };
}

async function dropDatabase(dialect: Dialect, url: string): Promise<void> {
  if (dialect === 'sqlite') return; // goes with the folder
  const database = await openDatabase(url, 1);
  await database.execute(`DROP DATABASE \`${new URL(url).pathname.slice(1)}\``);
  await database.close();
}

async function proveOn(dialect: Dialect, url: string, plan: Plan, context: ProofContext): Promise<object> {
  const clock = testClock(bornAt);
  const secretKey = (await context.resume('key', async () => ({ key: generateSecretKey() }))).key;
  const persistence = await openPersistence({
    databaseUrl: url,
    secrets: createKeyring(secretKey),
    clock,
    ids: createIds(clock),
    logger: createLogger({ level: 'silent' }),
  });
  const raw = await openDatabase(url, 1);
  try {
    await persistence.migrate();
    const filled = await context.resume(`${dialect}-providers`, () => prepare(persistence));
    const filling = await fill(persistence, filled, plan.records, (text) => context.progress(`${dialect}: ${text}`));
    return { ...filling, ...(await depths(dialect)), ...(await others()), ...(await counts()) };

    async function depths(of: Dialect): Promise<object> {
      const answers: Record<string, object> = {};
      for (const [name, asking] of Object.entries(scopes(filled))) {
        const exact = await compareDepths(asking, plan.deep, plan.rounds);
        const scattered = await compareScattered(asking, plan.deep, plan.rounds);
        context.progress(`${of}: ${name} ${JSON.stringify({ exact, scattered })}`);
        hold(exact.ratio <= 3, `${name}: position ${plan.deep} costs at most three times position 0`, exact);
        answers[name] = { exact, scattered };
      }
      const [page, offsetMs] = await plainPage();
      const own = await pageAt(scopes(filled).unfiltered, plan.deep);
      hold(own.map(({ id }) => id).join() === page.join(), 'the deep page is the one OFFSET gives');
      return { ...answers, plainOffsetMs: offsetMs };
    }

    /** Conditions that no counter knows. */
    async function others(): Promise<object> {
      const filter: UsageFilter = { serviceName: 'Short Messaging', completionStatus: 'FAILED' };
      const pages = 20;
      const asking = { ...scopes(filled).unfiltered, filter };
      const total = Number(await asking.reader.count(asking.actor, asking.channelId, filter));
      const far = total - (pages + 7) * pageSize;
      const coldJumpMs = rounded(await timeOf(() => pageAt(asking, far)));
      const sequential = await compareSequences(asking, far, pages);
      hold(sequential.ratio <= 3, 'page after page stays flat under other filters', sequential);
      return { otherFilters: { matching: total, position: far, sequential, coldJumpMs } };
    }

    async function counts(): Promise<object> {
      const { unfiltered, byProvider } = scopes(filled);
      const times: Record<string, number> = {};
      for (const [name, filter] of Object.entries({
        unfiltered: {},
        byProvider: byProvider.filter,
        byTime: { from: '2026-01-02T03:04:05.678Z', to: '2026-01-20T00:00:00.000Z' },
        byService: { serviceName: 'Payment' },
      })) {
        times[name] = rounded(await timeOf(() => unfiltered.reader.count(unfiltered.actor, filled.channelId, filter)));
      }
      return { countMs: times };
    }

    function scopes({ channelId, tenantId }: Filled) {
      const base = { reader: persistence.readers.usage, channelId };
      return {
        unfiltered: { ...base, actor: account(channelId), filter: {} },
        byProvider: { ...base, actor: account(channelId), filter: { providerExternalId: largest } },
        ofProvider: { ...base, actor: account(channelId, tenantId), filter: {} },
      } satisfies Record<string, Asking>;
    }

    async function plainPage(): Promise<[string[], number]> {
      let rows: { id: string }[] = [];
      const text = 'SELECT id FROM usage_records WHERE channel_id = ? ORDER BY occurred_at, id LIMIT ? OFFSET ?';
      const ms = await timeOf(async () => {
        rows = await raw.read.all(text, [filled.channelId, String(pageSize), String(plan.deep)]);
      });
      return [rows.map(({ id }) => id), rounded(ms)];
    }
  } finally {
    await raw.close();
    await persistence.close();
  }
}
