import type { Command } from 'commander';
import { act, type Cli, runId, withHub } from '../command.js';
import { applyWithProgress, countsOf, loadSeed, summaryOf } from '../seed/load.js';

export function addApply(root: Command, cli: Cli): void {
  const command = root
    .command('apply')
    .argument('<file>', 'a YAML file such as hub.example.yaml')
    .description('bring the hub to what a seed file says; all of it or nothing');
  act(cli, command, async ({ ports, output }, [file = '']) => {
    const parsed = await loadSeed(file, ports);
    const tally = await withHub(ports, (hub) => applyWithProgress(hub, parsed, runId('apply'), output));
    for (const [kind, counts] of Object.entries(tally)) output.line(`${kind.padEnd(18)} ${countsOf(counts)}`);
    output.line(`${file}: ${summaryOf(tally)}`);
    output.answer({ ok: true, file, ...tally });
  });
}
