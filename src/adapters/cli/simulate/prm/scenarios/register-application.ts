import { expectEqual } from '../../check.js';
import {
  type Account,
  applicationAccount,
  beanFor,
  expectGone,
  expectState,
  idsFor,
  operationOn,
} from '../accounts.js';
import { fieldOf, itemsOf } from '../beans.js';
import type { PrmContext, PrmScenario } from '../context.js';
import { admitProvider, agreement, idOf, openGroups } from '../opening.js';

/** Registering a new Application Account. */
export const registerApplication: PrmScenario = {
  about: 'a provider applies for an application account, the operator changes and admits it',
  async run(context) {
    const { op } = context;
    const groups = await openGroups(context, 'ra');
    const provider = await admitProvider(context, 'ra', groups);
    const { sp } = provider;
    const account = applicationAccount(provider.account, idOf(context, 'ra-app'));
    const apply = operationOn(sp, 'register', account, 'Req');
    const application = {
      ...idsFor(sp, account),
      ...beanFor(sp, account, { name: 'Reminders', description: 'Says when to come', properties: { language: 'en' } }),
    };
    await sp.call('the provider applies', apply, application);
    await expectState(sp, account, 'REGISTERED', 'the application waits: the account is REGISTERED');
    await sp.call('its id is taken now', apply, application, { fault: 'CommonException' });
    const filter = { ...idsFor(op, provider.account), state: 'REGISTERED' };
    await op.call('the operator lists what waits of this provider', 'OpService.listAppAccounts', filter, {
      check: (value) =>
        expectEqual(
          'the list',
          itemsOf(value)
            .map((ref) => fieldOf(ref, 'appAccountId'))
            .join(),
          account.id,
        ),
    });
    await op.call('changes it, at once', 'OpService.updateAppAccount', {
      ...idsFor(op, account),
      ...beanFor(op, account, { name: 'Reminders for dentists', description: 'Says when to come' }),
    });
    const answer = {
      ...idsFor(op, account),
      appGroupId: groups.appGroupId,
      appAccountRef: 'CRM-2',
      response: 'APPROVE',
    };
    await op.call('and admits it', 'OpService.registerAppAccountRes', answer);
    await expectState(sp, account, 'ACTIVE', 'it is ACTIVE');
    await op.call('an answer counts once', 'OpService.registerAppAccountRes', answer, {
      fault: 'INVALID_STATE',
      in: 'ACTIVE',
    });
    await sp.call('its account is as the operator left it', 'SpService.getAppAccount', idsFor(sp, account), {
      check: (value) => expectEqual('Name', fieldOf(value, 'name'), 'Reminders for dentists'),
    });
    await moveOn(context, account);
    await sp.call('the new agreement holds for it', 'SpService.getAppAccountSla', idsFor(sp, account), {
      check: (value) => expectEqual('the agreement', value, agreement(idOf(context, 'ra-bronze'), 5)),
    });
    const second = applicationAccount(provider.account, `${account.id}-2`);
    await sp.call('the provider applies for another one', apply, {
      ...idsFor(sp, second),
      ...beanFor(sp, second, { name: 'Surveys' }),
    });
    const no = { ...answer, ...idsFor(op, second), response: 'DISAPPROVE' };
    await op.call('which is turned down', 'OpService.registerAppAccountRes', no);
    await expectGone(sp, second);
    await sp.call(
      'the provider has one',
      'SpService.listAppAccounts',
      {},
      {
        check: (value) => expectEqual('the list', itemsOf(value).join(), account.id),
      },
    );
  },
};

async function moveOn(context: PrmContext, account: Account): Promise<void> {
  const { op } = context;
  const appGroupId = idOf(context, 'ra-bronze');
  const appGroup = { sla: agreement(appGroupId, 5) };
  await op.call('another group', 'OpService.createAppGroup', { appGroupId, appGroup });
  const move = { ...idsFor(op, account), appGroupId };
  await op.call('the application moves into it', 'OpService.moveAppAccountToGroup', move);
  await op.call('and is in it', 'OpService.getAppGroupId', idsFor(op, account), {
    check: (value) => expectEqual('the group', value, appGroupId),
  });
}
