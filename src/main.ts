import { runCommand } from './bootstrap/cli-ports.js';

/** What a shell reports for a process that SIGINT ended. */
const interrupted = 130;

/** Runs the command the arguments name; answers the exit code. The first signal ends it in order, the second at once. */
export async function main(argv: readonly string[]): Promise<number> {
  const stop = new AbortController();
  const onSignal = (): void => {
    if (stop.signal.aborted) process.exit(interrupted);
    stop.abort();
  };
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, onSignal);
  try {
    return await runCommand(argv, stop.signal);
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) process.off(signal, onSignal);
  }
}
