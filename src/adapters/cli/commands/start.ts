import type { Command } from 'commander';
import { systemActor } from '../../../core/shared/actor.js';
import { addressesOf } from '../addresses.js';
import { act, type Cli, type CommandContext, runId } from '../command.js';
import { ensureFirstOperator, type FirstOperator } from '../first-operator.js';
import type { CliHub } from '../ports.js';
import { applyWithProgress, loadSeed, summaryOf } from '../seed/load.js';

export function addStart(root: Command, cli: Cli): void {
  const command = root.command('start').description('migrate, apply SEED_FILE, serve on one port until told to stop');
  act(cli, command, start);
}

async function start({ ports, output, signal }: CommandContext): Promise<undefined> {
  const config = ports.readConfig();
  const seed = config.seedFile === undefined ? undefined : await loadSeed(config.seedFile, ports);
  const hub = await ports.openHub(config, { quiet: output.json });
  try {
    const requestId = runId('start');
    // A second start beside a running hub ends here, before its file changes anything.
    await hub.checkAddress();
    const tally =
      seed === undefined ? undefined : await applyWithProgress(hub, seed, requestId, output, { keepsLater: true });
    if (signal.aborted) return;
    const listening = await hub.listen();
    // Only now: a password made before a start that fails would never be shown.
    const operator = await ensureFirstOperator(hub, requestId);
    // Any free port (PORT=0) is known only now.
    const url = config.port === 0 ? listening.url : config.publicUrl;
    const console = await isThere(`${listening.url}/console`);
    const channels = await channelsOf(hub);
    const addresses = addressesOf(url, channels, { console });
    const width = Math.max(24, ...addresses.map(({ name }) => name.length));
    const seconds = Number((performance.now() / 1000).toFixed(2));
    if (config.roles.includes('web')) {
      for (const { name, url: address } of addresses) output.line(`${name.padEnd(width)} ${address}`);
    } else output.line('This process has the role worker alone: it serves nothing.');
    output.line(`${'Documentation'.padEnd(width)} docs/cli.md, docs/architecture.md`);
    if (tally !== undefined) output.line(`${'Seed file'.padEnd(width)} ${config.seedFile}: ${summaryOf(tally)}`);
    if (operator !== undefined) {
      output.line(`${'First operator'.padEnd(width)} ${operator.email}`);
      if (operator.generated) output.line(`${'Password'.padEnd(width)} ${operator.password}   (shown this once)`);
    }
    if ((await hub.readers.clients.count(systemActor('start'))) === 0) {
      output.line(
        `${'No API client yet'.padEnd(width)} npx mercator apply hub.example.yaml makes one to try; README has a first query`,
      );
    }
    output.line(`Ready in ${seconds} s. Ctrl+C stops it.`);
    output.answer({
      ok: true,
      url,
      listening: listening.url,
      seconds,
      addresses,
      ...(tally === undefined ? {} : { seed: tally }),
      ...(operator === undefined ? {} : { operator: shown(operator) }),
    });
    await aborted(signal);
    output.line('Stopping once running requests are answered. Ctrl+C again ends at once.');
  } finally {
    await hub.close();
  }
}

/** A password of the settings is known to whoever set it, and is not repeated. */
function shown({ email, password, generated }: FirstOperator): object {
  return generated ? { email, password } : { email };
}

async function channelsOf(hub: CliHub) {
  const orderBy = { field: 'position', direction: 'ASC' } as const;
  return (await hub.readers.channels.page(systemActor('start'), { first: 200, orderBy })).nodes;
}

/** Whether the console was built with this hub. */
async function isThere(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(1_000), redirect: 'manual' });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false; // another address leads here from outside; then nothing is promised
  }
}

function aborted(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
}
