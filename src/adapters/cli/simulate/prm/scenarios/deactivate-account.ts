import { type Account, expectState, idsFor, operationOn } from '../accounts.js';
import type { PrmScenario } from '../context.js';
import { admitApplication, admitInstance, admitProvider, openGroups } from '../opening.js';
import type { Party } from '../party.js';
import { askGateway, expectNoToken, getTrafficToken, type Stopped } from '../traffic.js';

/** Service Provider deactivates an account. */
export const deactivateAccount: PrmScenario = {
  about:
    'a provider stops an instance, an application and its account: traffic ends at once, what is below stays as it is',
  async run(context) {
    const groups = await openGroups(context, 'da');
    const provider = await admitProvider(context, 'da', groups);
    const application = await admitApplication(context, provider, groups);
    const one = await admitInstance(context, provider, application, 'one');
    const two = await admitInstance(context, provider, application, 'two');
    const { sp, account } = provider;
    const all = [account, application, one.account, two.account];
    const stop = async (stopped: Account, by: Party, link: Stopped, alsoTwo: boolean): Promise<void> => {
      const token = await getTrafficToken(context, one, 'the first instance gets a token for traffic');
      const who = by.side === 'op' ? 'the operator' : 'the provider';
      await change(by, 'deactivate', stopped, `${who} deactivates: ${stopped.entity}`);
      for (const each of all) await expectState(sp, each, each === stopped ? 'INACTIVE' : 'ACTIVE');
      await askGateway(context, { token }, link, 'the token does not pass any more');
      await expectNoToken(context, one, link, 'and there is no other');
      if (alsoTwo) await expectNoToken(context, two, link, 'the second instance gets none either');
      else await getTrafficToken(context, two, 'the second instance is not affected');
      await change(by, 'activate', stopped, `${who} activates it again`);
      await expectState(sp, stopped, 'ACTIVE');
      await askGateway(context, { token }, undefined, 'the token passes again');
    };
    await stop(one.account, sp, 'instance', false);
    await stop(application, sp, 'application', true);
    await stop(account, sp, 'ownerTenant', true);
    await stop(account, context.op, 'ownerTenant', true);
  },
};

/** Done once, it is refused a second time. */
async function change(party: Party, verb: 'activate' | 'deactivate', account: Account, title: string): Promise<void> {
  const operation = operationOn(party, verb, account);
  const state = verb === 'activate' ? 'ACTIVE' : 'INACTIVE';
  await party.call(title, operation, idsFor(party, account));
  const again = { fault: 'INVALID_STATE', in: state } as const;
  await party.call('done once is done', operation, idsFor(party, account), again);
}
