import { expectEqual } from '../../check.js';
import { type Account, beanFor, expectState, idsFor, operationOn } from '../accounts.js';
import { fieldOf } from '../beans.js';
import type { PrmContext, PrmScenario } from '../context.js';
import { answerInConsole, answerOverSoap } from '../inbox.js';
import { admitApplication, admitInstance, admitProvider, openGroups } from '../opening.js';
import type { Party } from '../party.js';

/** Service Provider requests an account update. */
export const updateAccount: PrmScenario = {
  about: 'a provider asks for changes; one is answered over SOAP, two in the console, and every call sees it',
  async run(context) {
    const groups = await openGroups(context, 'up');
    const provider = await admitProvider(context, 'up', groups);
    const application = await admitApplication(context, provider, groups);
    const { account: instance } = await admitInstance(context, provider, application);
    const { sp } = provider;

    await ask(context, sp, provider.account, 'Sunrise Messaging Ltd');
    const own = { account: provider.account, kind: 'update' } as const;
    await answerOverSoap(context, own, true, 'the operator approves over SOAP');
    await settled(context, sp, provider.account, 'Sunrise Messaging Ltd');

    await ask(context, sp, application, 'Reminders for dentists');
    const wish = { approve: true, reason: 'agreed by telephone' };
    await answerInConsole(context, { account: application, kind: 'update' }, wish);
    await settled(context, sp, application, 'Reminders for dentists');

    const before = await ask(context, sp, instance, 'Line of nobody');
    const refusal = { approve: false, reason: 'no such line' };
    await answerInConsole(context, { account: instance, kind: 'update' }, refusal);
    await settled(context, sp, instance, before);
  },
};

/** The request, and what holds while it waits; answers the name it has now. */
async function ask({ op }: PrmContext, sp: Party, account: Account, name: string): Promise<string> {
  const before = await nameOf(sp, account);
  const request = operationOn(sp, 'update', account, 'Req');
  const wanted = { ...idsFor(sp, account), ...beanFor(sp, account, { name }) };
  await sp.call(`the provider asks for another name: ${account.entity}`, request, wanted);
  await expectState(sp, account, 'UPDATE_PENDING', 'the change waits: it is UPDATE_PENDING');
  const pending = { fault: 'INVALID_STATE', in: 'UPDATE_PENDING' } as const;
  await sp.call('meanwhile no other change can be asked for', request, wanted, pending);
  await sp.call('the old name holds', operationOn(sp, 'get', account), idsFor(sp, account), {
    check: (value) => expectEqual('Name', fieldOf(value, 'name'), before),
  });
  const proposed = operationOn(op, 'getUpdatePending', account);
  await op.call('the operator looks at the new one', proposed, idsFor(op, account), {
    check: (value) => expectEqual('name', fieldOf(value, 'name'), name),
  });
  return before;
}

/** Both answers end in ACTIVE. */
async function settled({ op }: PrmContext, sp: Party, account: Account, name: string): Promise<void> {
  await expectState(sp, account, 'ACTIVE', 'it is ACTIVE again');
  await sp.call(`its name is ${name}`, operationOn(sp, 'get', account), idsFor(sp, account), {
    check: (value) => expectEqual('Name', fieldOf(value, 'name'), name),
  });
  const nothing = { fault: 'INVALID_STATE', in: 'ACTIVE' } as const;
  const proposed = operationOn(op, 'getUpdatePending', account);
  await op.call('nothing waits any more', proposed, idsFor(op, account), nothing);
}

async function nameOf(sp: Party, account: Account): Promise<string> {
  const { value } = await sp.call('what it is called now', operationOn(sp, 'get', account), idsFor(sp, account));
  return String(fieldOf(value, 'name'));
}
