import { toMilliseconds } from '../../../../core/shared/clock.js';
import { systemClock } from '../../../../platform/clock.js';
import { expectEqual } from '../check.js';
import { nextRequestId } from '../request-id.js';
import { shown } from '../transcript.js';
import type { PrmContext } from './context.js';

export type CompletionStatus = 'COMPLETED' | 'FAILED';

/** A charging data record as a gateway reports it. */
export interface UsageReport {
  readonly transactionId: string;
  readonly providerExternalId: string;
  readonly applicationExternalId: string;
  readonly serviceName: string;
  readonly completionStatus: CompletionStatus;
  readonly secondsAgo: number;
}

export interface AlarmReported {
  readonly raised: boolean;
  readonly alarmId: number;
  /** A moment before it. */
  readonly from: string;
}

const usageMutation = `mutation Simulated($input: IngestUsageRecordsInput!) {
  ingestUsageRecords(input: $input) { accepted duplicates { transactionId } conflicts { transactionId } unattributed { transactionId } }
}`;

const alarmMutation = `mutation Simulated($input: IngestAlarmsInput!) {
  ingestAlarms(input: $input) { raised { typeNumber severity } known }
}`;

interface Ingested {
  readonly ingestUsageRecords: {
    readonly accepted: number;
    readonly duplicates: readonly unknown[];
    readonly conflicts: readonly unknown[];
    readonly unattributed: readonly unknown[];
  };
}

/** PRM has no operation a gateway could report with: GraphQL does. False where there is no way into it. */
export async function reportUsage(context: PrmContext, reports: readonly UsageReport[]): Promise<boolean> {
  const { console, transcript } = context;
  const title = `a gateway reports ${reports.length} charging data records`;
  if (typeof console === 'string') {
    transcript.skip(title, console);
    return false;
  }
  const now = toMilliseconds(systemClock().now());
  const records = reports.map(({ secondsAgo, ...report }) => ({ ...report, occurredAt: before(now, secondsAgo) }));
  const send = async (accepted: number, duplicates: number) => {
    const input = { channelId: console.channelId, records, idempotencyKey: nextRequestId() };
    const { ingestUsageRecords: answer } = await console.graphql.query<Ingested>(usageMutation, { input });
    const differences = [
      ...expectEqual('accepted', answer.accepted, accepted),
      ...expectEqual('duplicates', answer.duplicates.length, duplicates),
      ...expectEqual('conflicts', answer.conflicts.length, 0),
      ...expectEqual('unattributed', answer.unattributed.length, 0),
    ];
    return { operation: 'GraphQL ingestUsageRecords', input, result: 'done', seen: shown(answer), differences };
  };
  await transcript.step(title, () => send(reports.length, 0));
  await transcript.step('it reports them again: they are known', () => send(0, reports.length));
  return true;
}

/** `gateway_service_level` of the catalogue of alarms (docs/alarms.md). */
const alarmId = 5_005;

export async function reportAlarm(context: PrmContext, source: string): Promise<AlarmReported> {
  const { console, transcript } = context;
  const now = toMilliseconds(systemClock().now());
  const from = before(now, 1);
  const title = 'a gateway reports an alarm: an agreement is exceeded';
  if (typeof console === 'string') {
    transcript.skip(title, console);
    return { raised: false, alarmId, from };
  }
  await transcript.step(title, async () => {
    const alarms = [
      {
        externalId: source,
        typeNumber: alarmId,
        source,
        occurredAt: before(now, 0),
        info: '11 of 10 requests a second',
      },
    ];
    const input = { channelId: console.channelId, alarms, idempotencyKey: nextRequestId() };
    const { ingestAlarms: answer } = await console.graphql.query<{ ingestAlarms: { raised: readonly unknown[] } }>(
      alarmMutation,
      { input },
    );
    const differences = expectEqual('raised', answer.raised.length, 1);
    return { operation: 'GraphQL ingestAlarms', input, result: 'done', seen: shown(answer), differences };
  });
  return { raised: true, alarmId, from };
}

function before(now: number, seconds: number): string {
  return new Date(now - seconds * 1_000).toISOString();
}
