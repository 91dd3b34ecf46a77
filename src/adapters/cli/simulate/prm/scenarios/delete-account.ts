import { type Account, beanFor, expectGone, expectState, idsFor, operationOn } from '../accounts.js';
import type { PrmScenario } from '../context.js';
import { answerInConsole, answerOverSoap, askDeletionInConsole } from '../inbox.js';
import { admitApplication, admitInstance, admitProvider, openGroups } from '../opening.js';
import type { Party } from '../party.js';

const refused = { fault: 'CommonException' } as const;

/** Service Provider requests an account deletion. */
export const deleteAccount: PrmScenario = {
  about: 'a provider gives everything back, from the inside out',
  async run(context) {
    const groups = await openGroups(context, 'de');
    const provider = await admitProvider(context, 'de', groups);
    const application = await admitApplication(context, provider, groups);
    const { account: instance } = await admitInstance(context, provider, application);
    const { sp, account } = provider;
    const { op } = context;

    await stop(sp, account);
    await sp.call('a provider with applications cannot be deleted', ...deletionOf(sp, account), refused);
    await sp.call('the provider goes on for now', operationOn(sp, 'activate', account), idsFor(sp, account));

    await stop(sp, instance);
    await request(sp, instance);
    await answerOverSoap(context, deletion(instance), false, 'the operator disapproves: records are not billed yet');
    await expectState(sp, instance, 'INACTIVE', 'it is INACTIVE again');
    await request(sp, instance);
    await answerOverSoap(context, deletion(instance), true, 'the operator approves');
    await expectGone(sp, instance);

    await stop(sp, application);
    await request(sp, application);
    await answerInConsole(context, deletion(application), { approve: true, reason: 'all records are billed' });
    await expectGone(sp, application);

    await stop(sp, account);
    await askDeletionInConsole(context, account);
    await expectState(sp, account, 'DELETE_PENDING', 'the end waits: it is DELETE_PENDING');
    await sp.call('it cannot be asked for twice', ...deletionOf(sp, account), {
      fault: 'INVALID_STATE',
      in: 'DELETE_PENDING',
    });
    await answerOverSoap(context, deletion(account), true, 'the operator approves over SOAP');
    await expectGone(op, account);
    await sp.call(
      'the provider cannot sign in any more',
      'SpService.getSpAccountState',
      {},
      { fault: 'ACCESS_DENIED' },
    );
    await op.call('its id is free: somebody new may register', operationOn(op, 'register', account, 'Req'), {
      ...idsFor(op, account),
      ...beanFor(op, account, { name: 'Somebody new' }),
      password: 'not that of the one before',
    });
    await op.call('and is turned down', operationOn(op, 'register', account, 'Res'), {
      ...idsFor(op, account),
      spGroupId: '',
      spAccountRef: '',
      response: 'DISAPPROVE',
    });
  },
};

const deletion = (account: Account) => ({ account, kind: 'delete' }) as const;
const deletionOf = (sp: Party, account: Account) =>
  [operationOn(sp, 'delete', account, 'Req'), idsFor(sp, account)] as const;

/** An account must be INACTIVE before its end can be asked for. */
async function stop(sp: Party, account: Account): Promise<void> {
  const active = { fault: 'INVALID_STATE', in: 'ACTIVE' } as const;
  await sp.call(`what is ACTIVE cannot be deleted: ${account.entity}`, ...deletionOf(sp, account), active);
  await sp.call('the provider deactivates it', operationOn(sp, 'deactivate', account), idsFor(sp, account));
  await expectState(sp, account, 'INACTIVE', 'it is INACTIVE');
}

async function request(sp: Party, account: Account): Promise<void> {
  await sp.call('the provider asks for its end', ...deletionOf(sp, account));
  await expectState(sp, account, 'DELETE_PENDING', 'the end waits: it is DELETE_PENDING');
}
