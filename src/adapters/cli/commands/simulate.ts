import type { Command } from 'commander';
import type { Cli } from '../command.js';
import { addKakapo } from '../simulate/kakapo/command.js';
import { scenarioNames as kakapoScenarios } from '../simulate/kakapo/scenarios/index.js';
import { addMaestrano } from '../simulate/maestrano/command.js';
import { scenarioNames as maestranoScenarios } from '../simulate/maestrano/scenarios/index.js';
import { addNec } from '../simulate/nec/command.js';
import { scenarioNames as necScenarios } from '../simulate/nec/scenarios/index.js';
import { addPrm } from '../simulate/prm/command.js';
import { scenarioNames as prmScenarios } from '../simulate/prm/scenarios/index.js';

export function addSimulate(root: Command, cli: Cli): void {
  const command = root
    .command('simulate')
    .description('play a marketplace against a running hub over HTTP, every answer checked')
    .addHelpText(
      'after',
      `
Scenarios of nec: ${necScenarios.join(', ')}, all
Scenarios of prm: ${prmScenarios.join(', ')}, all
Scenarios of kakapo: ${kakapoScenarios.join(', ')}, all
Scenarios of maestrano: ${maestranoScenarios.join(', ')}, all; dashboard to click

Without --url it plays against the hub of this machine (PUBLIC_URL), in channels of its own named sandbox-nec-4-2,
sandbox-nec-4-3, sandbox-prm, sandbox-kakapo, sandbox-maestrano and sandbox-maestrano-2. With --url it plays against one
channel of any hub; maestrano only plays against the hub of this machine.`,
    );
  addNec(command, cli);
  addPrm(command, cli);
  addKakapo(command, cli);
  addMaestrano(command, cli);
}
