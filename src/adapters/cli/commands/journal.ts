import type { Command } from 'commander';
import { reportJournal } from '../../../core/alarms/index.js';
import { act, type Cli, withHub } from '../command.js';
import { exitCodes } from '../exit-codes.js';

export function addJournal(root: Command, cli: Cli): void {
  const journal = root.command('journal').description('the record of everything that happened');
  const verify = journal
    .command('verify')
    .description('recompute the sealed chain and name the first entry that does not fit');
  act(cli, verify, ({ ports, output }) =>
    withHub(ports, async (hub) => {
      const progress = output.progress('entries verified');
      const verdict = await hub.journal.verify((done, total) => progress.report(done, total));
      progress.finish();
      await reportJournal(hub.alarms, { broken: verdict.broken, whole: true });
      const { entries, sealed, unsealed, erased, head, broken } = verdict;
      output.answer({ ok: broken === null, ...verdict });
      output.line(`${entries} entries: ${sealed} sealed, ${unsealed} not sealed yet, ${erased} with erased content`);
      output.line(`head ${head}`);
      if (broken === null) {
        output.line('The chain holds.');
        return exitCodes.ok;
      }
      output.line(`BROKEN at ${broken.sequence} (${broken.entryId}): ${broken.problem}`);
      output.line('Somebody changed the journal past the hub. Compare with a backup and with heads exported before.');
      return exitCodes.failed;
    }),
  );
}
