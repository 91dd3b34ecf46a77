/** Charging data records of the PRM channel, through the hub's own ledger: streams, blocks and statistics are as it makes them. */
import { minute, shift } from '../dist/src/core/shared/clock.js';
import { statisticsOf } from '../dist/src/core/usage/index.js';
import { createStorage } from '../dist/src/persistence/rows/stored-table.js';
import { usageLedgerOf } from '../dist/src/persistence/usage/ledger.js';

const batches = 8;
const perBatch = 2_500;
export const usageBegin = '2026-01-01T00:00:00.000Z';

/** Answers instants that a page of records can begin at. */
export async function seedUsage(database, ids, channelId) {
  const storage = createStorage(database.dialect, {});
  for (let batch = 0; batch < batches; batch += 1) {
    const records = Array.from({ length: perBatch }, (_, place) => recordOf(channelId, batch * perBatch + place));
    await database.transaction(async (sql) => {
      const ledger = usageLedgerOf({ sql, ids, storage });
      await ledger.open(channelId);
      await ledger.add(channelId, records, statisticsOf(records));
    });
  }
  return Array.from({ length: 1_000 }, (_, place) => shift(usageBegin, place * 15 * minute));
}

function recordOf(channelId, number) {
  const occurredAt = shift(usageBegin, number * minute);
  return {
    channelId,
    tenantId: '',
    applicationId: '',
    providerExternalId: `sp-${number % 50}`,
    applicationExternalId: `app-${number % 3}`,
    transactionId: BigInt(number),
    serviceName: 'Short Messaging',
    occurredAt,
    recordedAt: occurredAt,
    originAddress: `tel:+4670${number}`,
    destinationAddress: 'tel:+46999',
    completionStatus: number % 20 === 0 ? 'FAILED' : 'COMPLETED',
    info: '',
    properties: [],
    statisticType: 1,
  };
}
