import { writeFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { stringify } from 'yaml';
import { act, type Cli, withHub } from '../command.js';
import { exportSeed } from '../seed/export.js';

const heading = `# Written by \`mercator export\`. It holds no secrets: give passwords and secrets where a section needs them before applying it
# to another hub; on this hub they are kept.
`;

export function addExport(root: Command, cli: Cli): void {
  const command = root
    .command('export')
    .option('-o, --output <file>', 'write to this file instead of standard output')
    .description('write what is configured as a seed file, without secrets');
  act<{ output?: string }>(cli, command, ({ ports, output }, _args, options) =>
    withHub(ports, async (hub) => {
      const seed = await exportSeed(hub);
      const text = heading + stringify(seed, { lineWidth: 140 });
      if (options.output === undefined) {
        output.line(text.trimEnd());
        output.answer({ ok: true, seed });
        return;
      }
      await writeFile(options.output, text, { mode: 0o600 });
      output.line(`written to ${options.output}`);
      output.answer({ ok: true, file: options.output });
    }),
  );
}
