import type { Command } from 'commander';
import { act, type Cli } from '../command.js';

export function addSchema(root: Command, cli: Cli): void {
  const schema = root.command('schema').description('the GraphQL schema');
  act(cli, schema.command('print').description('print the subgraph schema'), async ({ ports, output }) => {
    const printed = await ports.printSchema();
    output.line(printed.trimEnd());
    output.answer({ ok: true, schema: printed });
  });
}
