export { type AlarmWatchPorts, watchAlarms } from './alarms.js';
export { runDueCommands, type ScheduledPorts } from './scheduled.js';
export {
  createTaskWorker,
  type LeasedTasks,
  mostTries,
  pauseAfter,
  type TaskWorker,
  type TaskWorkerPorts,
} from './tasks.js';
export { createWorker, type Worker, type WorkerPorts } from './worker.js';
