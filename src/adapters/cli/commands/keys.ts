import type { Command } from 'commander';
import { act, type Cli, withHub } from '../command.js';

export function addKeys(root: Command, cli: Cli): void {
  const keys = root.command('keys').description('keys of the hub');
  const rotate = keys
    .command('rotate')
    .description('add an OpenID signing key, and seal stored secrets again with the newest key of SECRET_KEY');
  act(cli, rotate, ({ ports, output }) =>
    withHub(ports, async (hub) => {
      const { kid, activeFrom, resealed } = await hub.rotateKeys();
      output.line(`signing key ${kid} is published now and signs from ${activeFrom}; no sign-in fails meanwhile`);
      output.line(`${resealed} stored secrets sealed again`);
      output.answer({ ok: true, kid, activeFrom, resealed });
    }),
  );
}
