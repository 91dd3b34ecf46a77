import type { Command } from 'commander';
import { updateServiceAccount } from '../../../core/marketplace/index.js';
import { systemActor } from '../../../core/shared/actor.js';
import { accountNamed, channelNamed, listAccounts } from '../account/find-account.js';
import { lastLogins, lineOf, newestLogins } from '../account/history.js';
import { act, type Cli, runId, withHub } from '../command.js';

const shownLines = 50;

export function addAccount(root: Command, cli: Cli): void {
  const account = root.command('account').description('accounts that marketplaces call with');
  addList(account, cli);
  addUnlock(account, cli);
  addHistory(account, cli);
}

function addList(account: Command, cli: Cli): void {
  const list = account
    .command('list')
    .argument('[channel]', 'of this channel only')
    .description('accounts with what stops them and their last log-ins');
  act(cli, list, ({ ports, output }, [channelName]) =>
    withHub(ports, async (hub) => {
      const channel = channelName === undefined ? undefined : await channelNamed(hub, channelName);
      const found = await listAccounts(hub, channel?.id);
      const logins = await lastLogins(
        hub,
        found.map((one) => one.account.id),
      );
      const accounts = found.map(({ account: { id, username, lockedAt, disabledAt }, channel: of }) => {
        return { channel: of, username, lockedAt, disabledAt, ...logins.get(id) };
      });
      output.answer({ ok: true, accounts });
      for (const { channel: of, username, lockedAt, disabledAt, lastSuccessfulLogin, lastFailedLogin } of accounts) {
        const state = [
          lockedAt === null ? '' : `LOCKED since ${lockedAt}`,
          disabledAt === null ? '' : `switched off since ${disabledAt}`,
          lastSuccessfulLogin ? `last let in ${lastSuccessfulLogin}` : '',
          lastFailedLogin ? `last refused ${lastFailedLogin}` : '',
        ].filter((part) => part !== '');
        output.line([`${of} ${username}`, ...state].join('  '));
      }
      if (accounts.length === 0) output.line('There are no accounts.');
    }),
  );
}

function addUnlock(account: Command, cli: Cli): void {
  const unlock = account
    .command('unlock')
    .argument('<channel>', 'the channel it calls on')
    .argument('<username>', 'what it calls itself, byte for byte')
    .description('let a locked account call again, at once in every process');
  act(cli, unlock, ({ ports, output }, [channelName = '', username = '']) =>
    withHub(ports, async (hub) => {
      const { channel, account: found } = await accountNamed(hub, channelName, username);
      const command = { name: 'cli.unlockAccount', requestId: runId('account'), channelId: channel.id };
      const wasLocked = await hub.uow.run(systemActor('account'), command, async (tx) => {
        const before = await tx.serviceAccounts.lock(found.id);
        await updateServiceAccount(tx, { id: found.id, locked: false });
        return before?.lockedAt ?? null;
      });
      output.answer({ ok: true, channel: channel.name, username, wasLocked: wasLocked !== null, lockedAt: wasLocked });
      if (wasLocked === null) return output.line(`"${username}" was not locked.`);
      output.line(`"${username}" is unlocked; it was locked since ${wasLocked}.`);
      output.line('One wrong password locks it again: make sure its software has the right one.');
    }),
  );
}

function addHistory(account: Command, cli: Cli): void {
  const history = account
    .command('history')
    .argument('<channel>', 'the channel it calls on')
    .argument('<username>', 'what it calls itself, byte for byte')
    .description(`log-ins, locks and unlocks, the newest ${shownLines} first`);
  act(cli, history, ({ ports, output }, [channelName = '', username = '']) =>
    withHub(ports, async (hub) => {
      const { channel, account: found } = await accountNamed(hub, channelName, username);
      const logins = await newestLogins(hub, found.id, shownLines);
      const { lockedAt, disabledAt } = found;
      output.answer({ ok: true, channel: channel.name, username, lockedAt, disabledAt, logins });
      output.line(lockedAt === null ? `"${username}" is not locked.` : `"${username}" is LOCKED since ${lockedAt}.`);
      for (const login of logins) output.line(`  ${lineOf(login)}`);
      if (logins.length === 0) output.line('Nothing is in its login history.');
    }),
  );
}
