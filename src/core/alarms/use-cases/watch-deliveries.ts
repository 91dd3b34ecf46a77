import { type Actor, systemActor } from '../../shared/actor.js';
import type { Instant } from '../../shared/clock.js';
import type { Ids } from '../../shared/ids.js';
import type { Repository } from '../../shared/repository.js';
import type { Tx, UnitOfWork } from '../../shared/unit-of-work.js';
import { alarmCatalogue, type HubAlarmName } from '../catalogue.js';
import { columnsOf } from '../condition.js';
import { failingCondition, parkedCondition, webhookOf } from '../delivery-condition.js';
import type { Alarm, AlarmCondition } from '../model.js';
import type { AlarmReporter, AlarmRepositories, DeliveryTrouble, DeliveryTroubles } from '../ports.js';
import { raiseAlarm } from './raise-alarm.js';

interface WatchedWebhook {
  readonly id: string;
  readonly tenantId: string;
  readonly disabledAt: Instant | null;
}

export interface DeliveryWatchPorts {
  readonly uow: UnitOfWork<AlarmRepositories>;
  readonly lookups: { readonly alarms: Pick<Repository<Alarm>, 'findMany' | 'findOne'> };
  readonly webhooks: { byIds(actor: Actor, ids: readonly string[]): Promise<(WatchedWebhook | null)[]> };
  readonly troubles: DeliveryTroubles;
  readonly alarms: AlarmReporter;
  readonly ids: Ids;
}

/** Failures of one delivery before its webhook is said to fail: a receiver that restarts is no matter for an operator. */
const severalAttempts = 3;

const actor = systemActor('alarms');
const watched: readonly HubAlarmName[] = ['webhook_failing', 'webhook_parked', 'logout_parked', 'delivery_parked'];
const keyOf = ({ type, objectId = '', subject = '' }: AlarmCondition): string => `${type} ${objectId} ${subject}`;

/**
 * Compares what the relay does not get rid of with the alarms that are open, raises what is missing and clears what is over,
 * whoever put it in order and in whichever process. Webhooks that are switched off or gone fail no more.
 */
export async function watchDeliveries(ports: DeliveryWatchPorts): Promise<void> {
  const troubles = await ports.troubles.list(severalAttempts);
  const webhooks = await webhooksOf(ports, troubles);
  const goingOn = new Set<string>();
  for (const trouble of troubles) {
    const webhookId = webhookOf(trouble.subscriber);
    const webhook = webhookId === undefined ? undefined : webhooks.get(webhookId);
    if (webhookId !== undefined && (webhook === undefined || webhook.disabledAt !== null)) continue;
    const tenantId = webhook?.tenantId ?? '';
    const failing = trouble.failing > 0 ? failingCondition(trouble.subscriber) : undefined;
    if (failing !== undefined) {
      goingOn.add(keyOf(failing));
      const info = `deliveries failed ${severalAttempts} times or more and are tried again`;
      await ports.alarms.raise({ ...failing, once: true, tenantId, info, additionalInfo: trouble.problem });
    }
    if (trouble.parked > 0) {
      goingOn.add(keyOf(parkedCondition(trouble.subscriber)));
      await raiseParked(ports, trouble, tenantId);
    }
  }
  await clearOthers(ports, goingOn);
}

async function webhooksOf(
  { webhooks }: DeliveryWatchPorts,
  troubles: readonly DeliveryTrouble[],
): Promise<ReadonlyMap<string, WatchedWebhook>> {
  const ids = troubles.map(({ subscriber }) => webhookOf(subscriber)).filter((id) => id !== undefined);
  const found = ids.length === 0 ? [] : await webhooks.byIds(actor, ids);
  return new Map(found.filter((webhook) => webhook !== null).map((webhook) => [webhook.id, webhook]));
}

/** Each delivery that was given up counts once; nothing new since the last alarm, and nothing is said. */
async function raiseParked(ports: DeliveryWatchPorts, trouble: DeliveryTrouble, tenantId: string): Promise<void> {
  const { subscriber, problem, lastParkedAt } = trouble;
  const condition = parkedCondition(subscriber);
  const { objectKind: _, ...key } = columnsOf(condition);
  const open = await ports.lookups.alarms.findOne({ ...key, openKey: '0' });
  if (lastParkedAt === null || (open !== undefined && lastParkedAt <= open.lastAt)) return;
  await unit(ports, async (tx) => {
    // another process may look at the same moment
    await tx.alarms.takeTurn();
    const since = (await tx.alarms.newest(condition))?.lastAt ?? '';
    const occurrences = await ports.troubles.parkedSince(subscriber, since);
    if (occurrences === 0) return;
    const info = `events for ${subscriber} were given up: what follows about the same objects waits behind them`;
    await raiseAlarm(tx, { ...condition, tenantId, info, additionalInfo: problem, occurrences });
  });
}

function unit({ uow, ids }: DeliveryWatchPorts, work: (tx: Tx & AlarmRepositories) => Promise<void>): Promise<void> {
  return uow.run(actor, { name: 'alarms.watchDeliveries', requestId: ids.next('request') }, work);
}

async function clearOthers(ports: DeliveryWatchPorts, goingOn: ReadonlySet<string>): Promise<void> {
  for (const type of watched) {
    const open = await ports.lookups.alarms.findMany({ typeNumber: alarmCatalogue[type].number, openKey: '0' });
    for (const { objectId, subject } of open) {
      const condition = { type, objectId, subject };
      if (!goingOn.has(keyOf(condition))) await ports.alarms.clear(condition);
    }
  }
}
