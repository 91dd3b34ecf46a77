export { type AlarmWatchPorts, watchAlarms } from './alarms.js';
export { runDueCommands, type ScheduledPorts } from './scheduled.js';
export { createWorker, type Worker, type WorkerPorts } from './worker.js';
