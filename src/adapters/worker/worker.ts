import { reportJournal } from '../../core/alarms/index.js';
import type { JournalChain } from '../../core/journal/index.js';
import type { Units } from '../../core/repositories.js';
import { minute, second } from '../../core/shared/clock.js';
import { createPoller, type Poller } from '../../platform/poller.js';
import { type AlarmWatchPorts, watchAlarms } from './alarms.js';
import { createLagGauges, type LagPorts } from './lag.js';
import { runDueCommands, type ScheduledPorts } from './scheduled.js';
import type { TaskWorker } from './tasks.js';

export interface WorkerPorts extends ScheduledPorts, LagPorts, AlarmWatchPorts {
  readonly uow: Units;
  readonly readers: LagPorts['readers'] & AlarmWatchPorts['readers'];
  readonly logger: ScheduledPorts['logger'];
  /** Hands committed events on; has a loop of its own. */
  readonly relay: { start(): void; kick(): void; stop(): Promise<void> };
  /** Work of protocols; has a loop of its own. */
  readonly tasks: TaskWorker;
  /** Of protocols. */
  readonly loops: readonly {
    readonly name: string;
    readonly interval: number;
    /** True says that there is more to do at once. */
    run(signal: AbortSignal): Promise<boolean> | Promise<void>;
  }[];
  readonly journal: Pick<JournalChain, 'seal' | 'checkNext'>;
  /** Deletes what expired: OpenID artifacts, replay state, throttles, inbox answers, request records. */
  readonly housekeeping: { sweep(): Promise<number> };
  /** Milliseconds between two looks; default 250. */
  readonly interval?: number;
}

export interface Worker {
  start(): void;
  /** Something was committed in this process: look now instead of at the next beat. */
  kick(): void;
  /** Resolves when every running round has ended; nothing begins any more. */
  stop(): Promise<void>;
}

const sealBatch = 1_000;
const sweepInterval = minute;
const lagInterval = 15 * second;
const alarmInterval = 15 * second;
const checkInterval = minute;
/** Journal entries: a fraction of a second. */
const checkBatch = 2_000;

/** The loops of a process with the role `worker`. Several processes may run them at once; each claims what it does. */
export function createWorker(ports: WorkerPorts): Worker {
  const { relay, tasks, journal, housekeeping, logger, interval = 250 } = ports;
  const tries = new Map<string, number>();
  const measure = createLagGauges(ports);
  const loop = (
    name: string,
    pause: number,
    work: (signal: AbortSignal) => Promise<boolean | undefined> | Promise<void>,
  ) => createPoller({ name, interval: pause, work, logger });
  const pollers: readonly Poller[] = [
    loop('journal sealing', interval, async () => (await journal.seal(sealBatch)) === sealBatch),
    loop('scheduled commands', interval, (signal) => runDueCommands(ports, tries, signal)),
    loop('housekeeping', sweepInterval, async () => void (await housekeeping.sweep())),
    loop('lag', lagInterval, measure),
    loop('alarms', alarmInterval, () => watchAlarms(ports)),
    loop('journal check', checkInterval, async () => {
      await reportJournal(ports.alarms, { broken: await journal.checkNext(checkBatch), whole: false });
    }),
    ...ports.loops.map(({ name, interval: pause, run }) => loop(name, pause, run)),
  ];
  return {
    start() {
      relay.start();
      tasks.start();
      for (const poller of pollers) poller.start();
    },
    kick() {
      relay.kick();
      tasks.kick();
    },
    async stop() {
      await Promise.all([relay.stop(), tasks.stop(), ...pollers.map((poller) => poller.stop())]);
    },
  };
}
