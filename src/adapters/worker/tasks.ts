import type { ChannelTask } from '../../core/marketplace/index.js';
import { type Clock, hour, type Instant, second, shift } from '../../core/shared/clock.js';
import type { Logger } from '../../platform/logger.js';
import { createPoller } from '../../platform/poller.js';
import { ChannelTaskImpossible } from '../marketplace.js';

/** Tasks as one of several workers takes them: leased, so that another does those of one that died. */
export interface LeasedTasks {
  claim(limit: number, leaseMs: number, exceptChannels?: readonly string[]): Promise<ChannelTask[]>;
  /** False when somebody else has taken it over. */
  renew(task: ChannelTask, leaseMs: number): Promise<boolean>;
  done(task: ChannelTask): Promise<void>;
  /** Tried again at `retryAt`; null parks it. */
  failed(task: ChannelTask, problem: string, retryAt: Instant | null): Promise<void>;
}

export interface TaskWorkerPorts {
  readonly tasks: LeasedTasks;
  /** Carries one out. Throws ChannelTaskImpossible when no later try can help, anything else to try again. */
  readonly work: (task: ChannelTask) => Promise<void>;
  readonly clock: Clock;
  readonly logger: Pick<Logger, 'info' | 'warn' | 'error'>;
  /** Longest time of one call to a marketplace, in milliseconds. */
  readonly patienceMs: number;
  /** Milliseconds `stop` waits for what is being done; what goes on after it is done again by another worker. */
  readonly graceMs: number;
  /** Milliseconds between two looks. Default 250. */
  readonly interval?: number;
}

export interface TaskWorker {
  start(): void;
  /** Something was committed here: look now. */
  kick(): void;
  stop(): Promise<void>;
}

/** At once in one process: a marketplace is asked by few, and the pool of the database is for everybody. */
const parallel = 4;
/** Of one channel: a marketplace that answers nothing never keeps the others waiting. */
const parallelOfOne = 2;
/** Tries before an operator must look: the last about 40 minutes after the first. */
export const mostTries = 10;
const firstPause = 5 * second;
const longestPause = hour;

/** Carries out what protocols have queued, each at least once, several side by side. */
export function createTaskWorker(ports: TaskWorkerPorts): TaskWorker {
  const { tasks, work, clock, logger, patienceMs, graceMs, interval = 250 } = ports;
  const lease = 2 * patienceMs + 30 * second;
  const running = new Map<Promise<void>, string>();

  async function carryOut(task: ChannelTask): Promise<void> {
    const renewing = setInterval(() => {
      tasks.renew(task, lease).catch((err: unknown) => logger.warn({ err, task: task.id }, 'a lease was not renewed'));
    }, lease / 3);
    try {
      await work(task);
    } catch (error) {
      clearInterval(renewing);
      return giveBack(task, error);
    } finally {
      clearInterval(renewing);
    }
    await tasks.done(task);
  }

  async function giveBack(task: ChannelTask, error: unknown): Promise<void> {
    const problem = error instanceof Error ? error.message : String(error);
    const tries = task.attempts + 1;
    const parks = error instanceof ChannelTaskImpossible || tries >= mostTries;
    const about = {
      task: task.id,
      kind: task.kind,
      channelId: task.channelId,
      subjectId: task.subjectId,
      tries,
      problem,
    };
    if (parks) logger.warn(about, 'work for a marketplace is parked: an operator must look');
    else logger.info(about, 'work for a marketplace failed and is tried again');
    await tasks.failed(task, problem, parks ? null : shift(clock.now(), pauseAfter(tries)));
  }

  function launch(task: ChannelTask): void {
    const run = carryOut(task)
      .catch((err: unknown) => logger.error({ err, task: task.id }, 'what became of a task could not be written down'))
      .finally(() => {
        running.delete(run);
        poller.kick();
      });
    running.set(run, task.channelId);
  }

  /** Channels that have their share of what is done at once. */
  function crowded(): string[] {
    const channels = [...running.values()];
    return [...new Set(channels)].filter((id) => channels.filter((one) => one === id).length >= parallelOfOne);
  }

  const poller = createPoller({
    name: 'channel tasks',
    interval,
    logger,
    async work(signal) {
      while (running.size < parallel && !signal.aborted) {
        const [task] = await tasks.claim(1, lease, crowded());
        if (task === undefined) return;
        launch(task);
      }
    },
  });

  return {
    start: () => poller.start(),
    kick: () => poller.kick(),
    async stop() {
      await poller.stop();
      let timer: NodeJS.Timeout | undefined;
      const patience = new Promise<void>((resolve) => {
        timer = setTimeout(resolve, graceMs);
      });
      await Promise.race([Promise.all(running.keys()), patience]);
      clearTimeout(timer);
    },
  };
}

/** Twice as long after every failure. */
export function pauseAfter(tries: number): number {
  return Math.min(longestPause, firstPause * 2 ** (tries - 1));
}
