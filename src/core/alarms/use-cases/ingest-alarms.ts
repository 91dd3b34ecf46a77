import { checkReference } from '../../shared/checks.js';
import { DomainError, invalid } from '../../shared/errors.js';
import type { Tx } from '../../shared/unit-of-work.js';
import { hasReach, type TenancyRepositories } from '../../tenancy/index.js';
import { emitAlarm } from '../events.js';
import type { Alarm } from '../model.js';
import type { AlarmRepositories } from '../ports.js';
import { type CheckedAlarm, checkOrder, checkReport, type ReportedAlarm } from '../reported-alarm.js';
import { requireAlarmRight } from '../rights.js';
import { markCleared } from './clear-condition.js';

export interface IngestAlarmsInput {
  /** The gateway's channel; '' = the hub's own. */
  readonly channelId: string;
  readonly alarms: readonly ReportedAlarm[];
}

export interface IngestedAlarms {
  /** Those that are new. */
  readonly raised: readonly Alarm[];
  /** Those that were open and are over now. */
  readonly cleared: readonly Alarm[];
  /** How many were known already and stay as they are. */
  readonly known: number;
}

/** In one batch. */
export const largestAlarmBatch = 500;

type Repositories = Tx &
  TenancyRepositories &
  AlarmRepositories & { readonly channels: { find(id: string): Promise<unknown> } };

/**
 * Takes over what a gateway reports: all of it, or nothing. What has an external id that its source used before is known: sent
 * again it stays as it is, and is cleared when it says since when it is over. Level READ_WRITE.
 * Errors: forbidden, not_found (channel out of sight), invalid_value, unknown_reference (channel, alarmType, tenant).
 */
export async function ingestAlarms(tx: Repositories, input: IngestAlarmsInput): Promise<IngestedAlarms> {
  const { channelId, alarms } = input;
  requireAlarmRight(tx.actor, 'write', channelId);
  if (alarms.length === 0 || alarms.length > largestAlarmBatch) {
    throw invalid('alarms', `must be 1 to ${largestAlarmBatch}`);
  }
  await checkReference('channel', tx.channels, channelId);
  for (const tenantId of new Set(alarms.map((alarm) => alarm.tenantId ?? ''))) await checkTenant(tx, tenantId);
  const reports = alarms.map((alarm, at) => checkReport(tx, alarm, `alarms.${at}`));
  // whoever reports the same at the same time waits here, and finds it then
  await tx.alarms.takeTurn();
  const fresh: CheckedAlarm[] = [];
  const cleared: Alarm[] = [];
  for (const report of onceEach(reports)) {
    const known = await findKnown(tx, channelId, report);
    if (known === undefined) fresh.push(report);
    else if (known.clearedAt === null && report.clearedAt !== null) cleared.push(await close(tx, known, report));
  }
  const raised = await insertAll(tx, channelId, fresh);
  return { raised, cleared, known: alarms.length - raised.length - cleared.length };
}

async function checkTenant(tx: Repositories, tenantId: string): Promise<void> {
  if (tenantId === '') return;
  const tenant = await tx.tenants.find(tenantId);
  if (tenant !== undefined && (await hasReach(tx, 'read', { tenantId, channelId: tenant.channelId }))) return;
  throw new DomainError('unknown_reference', { kind: 'tenant', key: tenantId });
}

/** Of reports about one alarm the first says what it is, and any of them that it is over. */
function onceEach(reports: readonly CheckedAlarm[]): CheckedAlarm[] {
  const once = new Map<unknown, CheckedAlarm>();
  for (const report of reports) {
    const key = report.externalId === null ? report : JSON.stringify([report.source, report.externalId]);
    const first = once.get(key);
    if (first === undefined) once.set(key, report);
    else if (first.clearedAt === null) once.set(key, over(first, report));
  }
  return [...once.values()];
}

function over(first: CheckedAlarm, { clearedAt, clearedBy }: CheckedAlarm): CheckedAlarm {
  checkOrder('clearedAt', first.occurredAt, clearedAt);
  return { ...first, clearedAt, clearedBy };
}

async function findKnown(
  tx: AlarmRepositories,
  channelId: string,
  { source, externalId }: CheckedAlarm,
): Promise<Alarm | undefined> {
  if (externalId === null) return undefined;
  const found = await tx.alarms.findOne({ channelId, source, externalId });
  return found && tx.alarms.lock(found.id);
}

function close(tx: Repositories, known: Alarm, report: CheckedAlarm): Promise<Alarm> {
  checkOrder('clearedAt', known.occurredAt, report.clearedAt);
  return markCleared(tx, known, report.clearedAt ?? tx.now);
}

async function insertAll(tx: Repositories, channelId: string, reports: readonly CheckedAlarm[]): Promise<Alarm[]> {
  if (reports.length === 0) return [];
  const first = await tx.alarms.nextNumbers(reports.length);
  const inserted: Alarm[] = [];
  for (const [at, report] of reports.entries()) {
    const id = tx.ids.next('alarm');
    const alarm = await tx.alarms.insert({
      ...report,
      id,
      createdAt: tx.now,
      instanceNumber: first + BigInt(at),
      channelId,
      lastAt: report.occurredAt,
      repeatCount: 1,
      objectKind: '',
      objectId: '',
      subject: '',
      endsAt: null,
      acknowledgedAt: null,
      acknowledgedBy: '',
      openKey: id,
    });
    emitAlarm(tx, 'alarm.raised', alarm);
    inserted.push(alarm);
  }
  return inserted;
}
