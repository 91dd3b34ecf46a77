import { randomToken } from '../../../../../platform/secrets.js';
import { expectEqual } from '../../check.js';
import { beanFor, expectGone, expectState, idsFor, operationOn, providerAccount } from '../accounts.js';
import { fieldOf, itemsOf, propertyOf } from '../beans.js';
import type { PrmContext, PrmScenario } from '../context.js';
import { agreement, type Groups, idOf, openGroups } from '../opening.js';

/** What a hub may answer to strangers: it takes ten applications an hour from one source, and may take none at all. */
const unless = {
  refusal: /too many attempts|switched off/,
  because:
    'the hub takes no more applications of strangers from here for now; the operator registers the provider instead',
};

/** Registering a new Service Provider Account. */
export const registerProvider: PrmScenario = {
  about: 'a stranger applies for a provider account, the operator changes and admits it',
  async run(context) {
    const { op, stranger } = context;
    const groups = await openGroups(context, 'rp');
    const account = providerAccount(idOf(context, 'rp'));
    const password = randomToken();
    const sp = context.provider(account.id, password);
    const application = (party: typeof op) => ({
      spAccountId: account.id,
      ...beanFor(party, account, {
        name: 'Sunrise Messaging',
        eMailAddress: `desk@${account.id}.example`,
        contactPerson: 'Mina Sato',
        properties: { segment: 'health' },
      }),
      password,
    });
    const apply = 'SpLogin.registerSpAccountReq';
    const { played } = await stranger.call('a stranger applies', apply, application(stranger), { unless });
    if (!played) await op.call('the operator registers it', 'OpService.registerSpAccountReq', application(op));
    await expectState(op, account, 'REGISTERED', 'the application waits: the account is REGISTERED');
    await sp.call('before it is admitted, the provider cannot sign in', 'SpService.getSpAccountState', {}, denied);
    await op.call(
      'the operator lists what waits',
      'OpService.listSpAccounts',
      { state: 'REGISTERED' },
      { check: (value) => expectEqual(`${account.id} in the list`, itemsOf(value).includes(account.id), true) },
    );
    await op.call('looks at it', 'OpService.getSpAccount', idsFor(op, account), {
      check: (value) => expectEqual('segment', propertyOf(value, 'segment'), 'health'),
    });
    await op.call('and changes it, at once', 'OpService.updateSpAccount', {
      ...idsFor(op, account),
      ...beanFor(op, account, { name: 'Sunrise Messaging Ltd', eMailAddress: `desk@${account.id}.example` }),
    });
    await expectState(op, account, 'REGISTERED', 'it still waits');
    await admit(context, account, groups);
    await expectState(sp, account, 'ACTIVE', 'the provider signs in: it is ACTIVE');
    await sp.call(
      'its account is as the operator left it',
      'SpService.getSpAccount',
      {},
      {
        check: (value) => expectEqual('Name', fieldOf(value, 'name'), 'Sunrise Messaging Ltd'),
      },
    );
    await sp.call(
      'the agreement of its group holds for it',
      'SpService.getSpAccountSla',
      {},
      {
        check: (value) => expectEqual('the agreement', value, agreement(groups.spGroupId, 100)),
      },
    );
    await moveOn(context, account);
    await showTicket(context, account.id, password);
    await turnDown(context);
  },
};

const denied = { fault: 'ACCESS_DENIED' } as const;

async function admit({ op }: PrmContext, account: ReturnType<typeof providerAccount>, groups: Groups): Promise<void> {
  const answer = operationOn(op, 'register', account, 'Res');
  const given = { ...idsFor(op, account), spGroupId: groups.spGroupId, spAccountRef: 'CRM-1', response: 'APPROVE' };
  const nowhere = { ...given, spGroupId: `${groups.spGroupId}-2` };
  await op.call('into a group that is not there it cannot be admitted', answer, nowhere, { fault: 'CommonException' });
  await expectState(op, account, 'REGISTERED', 'and nothing was half done');
  await op.call('the operator admits it', answer, given);
  await expectState(op, account, 'ACTIVE', 'it is ACTIVE');
  await op.call('an answer counts once', answer, given, { fault: 'INVALID_STATE', in: 'ACTIVE' });
}

async function moveOn(context: PrmContext, account: ReturnType<typeof providerAccount>): Promise<void> {
  const { op } = context;
  const spGroupId = idOf(context, 'rp-platinum');
  const spGroup = { sla: agreement(spGroupId, 500) };
  await op.call('another group', 'OpService.createSpGroup', { spGroupId, spGroup });
  const move = { ...idsFor(op, account), SpGroupId: spGroupId };
  await op.call('the provider moves into it', 'OpService.moveSpToGroup', move);
  await op.call('and is in it', 'OpService.getSpGroupId', idsFor(op, account), {
    check: (value) => expectEqual('the group', value, spGroupId),
  });
}

/** The legacy session of chapter 6: a password once, then a ticket. */
async function showTicket(context: PrmContext, spAccountId: string, password: string): Promise<void> {
  const { stranger } = context;
  const login = await stranger.call('the provider logs in, as it did long ago', 'SpLogin.login', {
    spAccountId,
    password,
  });
  const loginTicket = String(login.value);
  const holder = context.holderOf(loginTicket);
  await expectState(holder, providerAccount(spAccountId), 'ACTIVE', 'the ticket stands for name and password');
  await holder.call('it logs out', 'SpLogin.logout', { loginTicket });
  const late = { fault: 'CommonException' } as const;
  await holder.call('and the ticket has ended', 'SpService.getSpAccountState', {}, late);
}

async function turnDown(context: PrmContext): Promise<void> {
  const { op } = context;
  const account = providerAccount(idOf(context, 'rp-2'));
  await op.call('another provider, registered by the operator', 'OpService.registerSpAccountReq', {
    ...idsFor(op, account),
    ...beanFor(op, account, { name: 'Nobody knows' }),
    password: randomToken(),
  });
  await op.call('is turned down', 'OpService.registerSpAccountRes', {
    ...idsFor(op, account),
    spGroupId: '',
    spAccountRef: '',
    response: 'DISAPPROVE',
  });
  await expectGone(op, account);
}
