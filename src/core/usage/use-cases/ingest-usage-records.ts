import type { MarketplaceRepositories } from '../../marketplace/index.js';
import { found } from '../../shared/checks.js';
import { invalid, isDomainError } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { requireOperator, type TenancyRepositories } from '../../tenancy/index.js';
import { checkUsage, type Usage, type UsageInput } from '../check-usage.js';
import type { UsageRepositories } from '../ports.js';
import { statisticsOf } from '../statistics.js';
import { attribute } from './attribute-usage.js';
import { sortOut } from './sort-out-usage.js';

/** Records of one batch. */
export const largestBatch = 10_000;

export interface UsageBatch {
  readonly channelId: string;
  readonly records: readonly UsageInput[];
}

/** What became of a batch; numbers are places in it, from 0. */
export interface Ingestion {
  readonly accepted: number;
  /** Said before with the same content: nothing was to be done. */
  readonly duplicates: readonly number[];
  /** Said before with other content: what was there first stays. */
  readonly conflicts: readonly number[];
  /** Of the accepted, those whose provider or application nobody here is. */
  readonly unattributed: readonly number[];
}

/**
 * Takes in charging data records of a channel; repeating a batch changes nothing. A record that contradicts one that is there is
 * left out and told, the others stay. Right: write, of the operator or the operator's account of the channel.
 * Errors: forbidden, not_found (channel), invalid_value (the whole batch is refused).
 */
export async function ingestUsageRecords(
  tx: Tx & TenancyRepositories & MarketplaceRepositories & UsageRepositories,
  { channelId, records }: UsageBatch,
): Promise<Ingestion> {
  await requireOperator(tx, 'write', 'channel', { tenantId: '', channelId });
  found('channel', await tx.channels.find(channelId));
  if (records.length < 1 || records.length > largestBatch) {
    throw invalid('records', `must be 1 to ${largestBatch}`);
  }
  const usages = records.map(checkAt);
  await tx.usageLedger.open(channelId);
  const { fresh, duplicates, conflicts } = sortOut(usages, await tx.usageLedger.present(channelId, usages));
  const added = await attribute(
    tx,
    channelId,
    fresh.map((place) => usages[place]!),
  );
  const unattributed = fresh.filter((_, at) => isUnattributed(added[at]!));
  if (added.length > 0) await tx.usageLedger.add(channelId, added, statisticsOf(added));
  if (added.length + conflicts.length > 0) {
    const times = added.map(({ occurredAt }) => occurredAt).sort();
    tx.note({
      objectKind: 'channel',
      objectId: channelId,
      tenantId: '',
      after: {
        usageRecords: added.length,
        duplicates: duplicates.length,
        unattributed: unattributed.length,
        from: times[0] ?? null,
        until: times.at(-1) ?? null,
        conflicts: conflicts.slice(0, 100).map((place) => nameOf(usages[place]!)),
      },
    });
  }
  return { accepted: added.length, duplicates, conflicts, unattributed };
}

function checkAt(input: UsageInput, place: number): Usage {
  try {
    return checkUsage(input);
  } catch (error) {
    if (!isDomainError(error, 'invalid_value')) throw error;
    throw invalid(`records[${place}].${String(error.params.field)}`, String(error.params.problem));
  }
}

function isUnattributed({ tenantId, applicationId, applicationExternalId }: AttributedUsage): boolean {
  return tenantId === '' || (applicationId === '' && applicationExternalId !== '');
}

type AttributedUsage = Awaited<ReturnType<typeof attribute>>[number];

function nameOf({ providerExternalId, transactionId }: Usage): string {
  return `${providerExternalId}/${transactionId}`;
}
