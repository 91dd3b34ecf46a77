import { systemActor } from '../shared/actor.js';
import type { Ids } from '../shared/ids.js';
import type { Repository } from '../shared/repository.js';
import type { Tx, UnitOfWork } from '../shared/unit-of-work.js';
import { columnsOf } from './condition.js';
import type { Alarm, AlarmCondition } from './model.js';
import type { AlarmReporter, AlarmRepositories } from './ports.js';
import { clearCondition } from './use-cases/clear-condition.js';
import { raiseAlarm } from './use-cases/raise-alarm.js';

export interface AlarmReporterPorts {
  readonly uow: UnitOfWork<AlarmRepositories>;
  /** Committed rows outside any unit. */
  readonly lookups: { readonly alarms: Pick<Repository<Alarm>, 'findOne'> };
  readonly ids: Ids;
  /** What could not be reported goes here. */
  readonly onFailure: (error: unknown) => void;
}

const actor = systemActor('alarms');

/** Reports in units of work of its own. */
export function createAlarmReporter({ uow, lookups, ids, onFailure }: AlarmReporterPorts): AlarmReporter {
  async function run(name: string, work: (tx: Tx & AlarmRepositories) => Promise<unknown>): Promise<void> {
    await uow.run(actor, { name, requestId: ids.next('request') }, async (tx) => void (await work(tx)));
  }
  async function isOpen(condition: AlarmCondition): Promise<boolean> {
    const { objectKind: _, ...key } = columnsOf(condition);
    return (await lookups.alarms.findOne({ ...key, openKey: '0' })) !== undefined;
  }
  return {
    async raise(alarm) {
      try {
        if (alarm.once === true && (await isOpen(alarm))) return;
        await run('alarms.raise', (tx) => raiseAlarm(tx, alarm));
      } catch (error) {
        onFailure(error);
      }
    },
    async clear(condition) {
      try {
        // nearly always there is nothing to clear, and then nobody waits for a unit
        if (!(await isOpen(condition))) return;
        await run('alarms.clear', (tx) => clearCondition(tx, condition));
      } catch (error) {
        onFailure(error);
      }
    },
  };
}
