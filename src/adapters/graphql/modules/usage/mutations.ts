import { invalid } from '../../../../core/shared/errors.js';
import { ingestUsageRecords, type UsageInput } from '../../../../core/usage/index.js';
import { given } from '../command.js';
import { mutation, mutationsOf } from '../mutations-of.js';
import { propertiesOf } from '../properties.js';
import { IngestUsageRecordsInput, type UsageRecordInput } from './inputs.js';
import { IngestUsageRecordsPayload, type UsageTransaction } from './payloads.js';

const most = 1_000;

export const UsageMutations = mutationsOf('usage', {
  ingestUsageRecords: mutation(
    IngestUsageRecordsInput,
    IngestUsageRecordsPayload,
    'Takes in charging data records; sending them again changes nothing.',
    async ({ channelId, records }, call) => {
      if (records.length > most) throw invalid('records', `must not be more than ${most}`);
      const usages = records.map(usageOf);
      const { accepted, ...places } = await call.run(async (tx) => {
        const { accepted, duplicates, conflicts, unattributed } = await ingestUsageRecords(tx, {
          channelId,
          records: usages,
        });
        return {
          accepted,
          duplicates: duplicates.map(String),
          conflicts: conflicts.map(String),
          unattributed: unattributed.map(String),
        };
      });
      const named = (indexes: readonly string[]) => indexes.map((index) => transactionAt(records, Number(index)));
      return {
        accepted,
        duplicates: named(places.duplicates),
        conflicts: named(places.conflicts),
        unattributed: named(places.unattributed),
      };
    },
  ),
});

function usageOf({ properties, transactionId, ...rest }: UsageRecordInput): UsageInput {
  const said = given(rest, { applicationExternalId: '', originAddress: '', destinationAddress: '', info: '' });
  return { ...said, transactionId: BigInt(transactionId), ...propertiesOf(properties) };
}

function transactionAt(records: readonly UsageRecordInput[], index: number): UsageTransaction {
  const { providerExternalId, transactionId } = records[index]!;
  return { index, providerExternalId, transactionId };
}
