import { type Account, expectState, idsFor, operationOn } from '../accounts.js';
import type { PrmScenario } from '../context.js';
import { admitApplication, admitInstance, admitProvider, openGroups } from '../opening.js';
import type { Party } from '../party.js';

/** Service Provider deactivates an account. */
export const deactivateAccount: PrmScenario = {
  about: 'a provider stops its account, an application and an instance, each at once and without touching the others',
  async run(context) {
    const { op } = context;
    const groups = await openGroups(context, 'da');
    const provider = await admitProvider(context, 'da', groups);
    const application = await admitApplication(context, provider, groups);
    const { account: first } = await admitInstance(context, provider, application, 'one');
    const { account: second } = await admitInstance(context, provider, application, 'two');
    const { sp, account } = provider;
    const all = [account, application, first, second];
    for (const stopped of [first, application, account]) {
      await change(sp, 'deactivate', stopped, `the provider deactivates its ${stopped.entity}`);
      for (const one of all) await expectState(sp, one, one === stopped ? 'INACTIVE' : 'ACTIVE');
      await change(sp, 'activate', stopped, 'and activates it again');
      await expectState(sp, stopped, 'ACTIVE');
    }
    await change(op, 'deactivate', account, 'the operator can do it too');
    await expectState(sp, account, 'INACTIVE', 'the provider sees it, and may still sign in');
    await change(op, 'activate', account, 'the operator activates it again');
    await expectState(sp, account, 'ACTIVE');
  },
};

/** Done once, it is refused a second time. */
async function change(party: Party, verb: 'activate' | 'deactivate', account: Account, title: string): Promise<void> {
  const operation = operationOn(party, verb, account);
  const state = verb === 'activate' ? 'ACTIVE' : 'INACTIVE';
  await party.call(title, operation, idsFor(party, account));
  const again = { fault: 'INVALID_STATE', in: state } as const;
  await party.call('once', operation, idsFor(party, account), again);
}
