import type { Command } from 'commander';
import type { Cli } from '../command.js';
import { addNec } from '../simulate/nec/command.js';
import { scenarioNames as necScenarios } from '../simulate/nec/scenarios/index.js';

export function addSimulate(root: Command, cli: Cli): void {
  const command = root
    .command('simulate')
    .description('play a marketplace against a running hub: a real SOAP client over HTTP, every answer checked')
    .addHelpText(
      'after',
      `
Scenarios of nec: ${necScenarios.join(', ')}, all

Without --url it plays against the hub of this machine (PUBLIC_URL), in channels of its own named sandbox-nec-4-2 and
sandbox-nec-4-3. With --url it plays against one channel of any hub; give what it may buy there.`,
    );
  addNec(command, cli);
}
