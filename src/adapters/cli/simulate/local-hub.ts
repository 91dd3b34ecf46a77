import { CliError, exitCodes } from '../exit-codes.js';
import { explain } from '../explain.js';

const patience = 5_000;

/** @throws {CliError} when no hub answers at the address */
export async function requireRunning(url: string): Promise<void> {
  try {
    const response = await fetch(`${url}/health/live`, { signal: AbortSignal.timeout(patience) });
    await response.body?.cancel();
    if (response.ok) return;
  } catch (error) {
    throw new CliError(exitCodes.unreachable, `No hub answers at ${url}: ${explain(error).message}`, {
      hint: 'Start it with `npm start` in another terminal, with the same settings; or name a remote one with --url.',
      cause: error,
    });
  }
  throw new CliError(exitCodes.unreachable, `Something else than a hub answers at ${url}.`, {
    hint: 'Check PUBLIC_URL.',
  });
}

/** Waits for a service: a running hub sees a new channel within about a second. @throws {CliError} */
export async function requireServed(endpoint: string): Promise<void> {
  const deadline = performance.now() + patience;
  for (;;) {
    const response = await fetch(`${endpoint}?wsdl`, { signal: AbortSignal.timeout(patience) });
    await response.body?.cancel();
    if (response.ok) return;
    if (performance.now() >= deadline) {
      throw new CliError(exitCodes.failed, `${endpoint} answers ${response.status}.`, {
        hint: 'Does the running hub use the same DATABASE_URL as this command?',
      });
    }
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}
