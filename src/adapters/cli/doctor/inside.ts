import { alarmTypeOf } from '../../../core/alarms/index.js';
import { systemActor } from '../../../core/shared/actor.js';
import { toMilliseconds } from '../../../core/shared/clock.js';
import { explain } from '../explain.js';
import type { CliHub, MigrationsPort } from '../ports.js';
import { type Finding, failed, ok } from './check.js';

const actor = systemActor('doctor');
/** A hub was never run before this. */
const firstYear = 2025;
const slackMs = 5_000;

/** Is the schema there, complete and as the program thinks it is? */
export async function checkSchema(migrations: MigrationsPort): Promise<Finding[]> {
  const { applied, pending } = await migrations.status();
  const database = ok('database', `reachable, ${applied.length} migrations applied`);
  if (pending.length > 0) {
    const hint = '`mercator migrate up`, or `mercator start`, which does it by itself.';
    return [database, failed('migrations', `pending: ${pending.join(', ')}`, hint)];
  }
  const drift = await migrations.drift();
  if (drift.length === 0) return [database, ok('migrations', 'nothing pending, no drift')];
  const detail = `the schema differs from the tables Mercator expects: ${drift.slice(0, 3).join('; ')}`;
  return [
    database,
    failed('migrations', detail, 'Somebody changed the schema by hand; compare with a fresh database.'),
  ];
}

/** Deliveries that were given up wait for somebody to look at them. */
export async function checkOutbox(hub: Pick<CliHub, 'readers'>): Promise<Finding> {
  const filter = { deliveredAt: { eq: null }, parkedAt: { gt: '' } } as const;
  const parked = await hub.readers.deliveries.count(actor, filter);
  if (parked === 0) return ok('outbox', 'no parked deliveries');
  const { nodes } = await hub.readers.deliveries.page(actor, { first: 3, filter });
  const detail = nodes.map((d) => `${d.eventType} to ${d.subscriber}: ${d.lastError}`).join('; ');
  return failed(
    'outbox',
    `${parked} parked: ${detail}`,
    'Mend the receiver, then let them be tried again (GraphQL: deliveries).',
  );
}

/** The worst alarms are mentioned here too; the others are for the console. */
export async function checkAlarms(hub: Pick<CliHub, 'readers'>): Promise<Finding> {
  const filter = { clearedAt: { eq: null }, severity: { eq: 'CRITICAL' } } as const;
  const open = await hub.readers.alarms.count(actor, filter);
  if (open === 0) return ok('alarms', 'no critical alarm is open');
  const { nodes } = await hub.readers.alarms.page(actor, { first: 3, filter });
  const detail = nodes.map(
    ({ typeNumber, source, info }) => `${alarmTypeOf(typeNumber)?.name} from ${source}: ${info}`,
  );
  return failed('alarms', `${open} critical: ${detail.join('; ')}`, 'docs/alarms.md says what to do; then clear them.');
}

/** Has this machine's clock gone back behind what the hub has already written? */
export async function checkClock(hub: Pick<CliHub, 'readers' | 'clock'>): Promise<Finding> {
  const now = hub.clock.now();
  const orderBy = { field: 'at', direction: 'DESC' } as const;
  const newest = (await hub.readers.journal.page(actor, { first: 1, orderBy })).nodes[0]?.at;
  const hint = 'Let a time service set the clock of every machine the hub runs on.';
  if (Number(now.slice(0, 4)) < firstYear) return failed('clock', `this machine believes it is ${now}`, hint);
  if (newest !== undefined && toMilliseconds(newest) > toMilliseconds(now) + slackMs) {
    return failed('clock', `the journal's newest entry is of ${newest}, this machine believes it is ${now}`, hint);
  }
  return ok('clock', now);
}

/** Runs a look; what it throws is its finding. */
export async function look(
  name: string,
  work: () => Promise<Finding | readonly Finding[]>,
): Promise<readonly Finding[]> {
  try {
    const found = await work();
    return 'name' in found ? [found] : found;
  } catch (error) {
    const { message, hint } = explain(error);
    return [failed(name, message, hint)];
  }
}
