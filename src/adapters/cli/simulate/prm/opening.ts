import { randomToken } from '../../../../platform/secrets.js';
import {
  type Account,
  applicationAccount,
  beanFor,
  expectState,
  idsFor,
  instanceAccount,
  operationOn,
  providerAccount,
} from './accounts.js';
import type { PrmContext } from './context.js';
import type { Party } from './party.js';

export interface Groups {
  readonly spGroupId: string;
  readonly appGroupId: string;
}

/** A provider that was admitted, and its application's end of the conversation. */
export interface Provider {
  readonly account: Account;
  readonly sp: Party;
}

export interface TrafficInstance {
  readonly account: Account;
  readonly password: string;
}

/** The agreement of a group: well-formed XML in the operator's own words. */
export function agreement(groupId: string, perSecond: number): string {
  return `<Sla groupID="${groupId}"><rate requestsPerSecond="${perSecond}"/></Sla>`;
}

/** An id of this run; `of` names the scenario and the thing. */
export function idOf({ stamp }: PrmContext, of: string): string {
  return `sim-${stamp}-${of}`;
}

/** A group for providers and one for applications: how nearly every story begins. */
export async function openGroups(context: PrmContext, of: string): Promise<Groups> {
  const { op } = context;
  const [spGroupId, appGroupId] = [idOf(context, `${of}-gold`), idOf(context, `${of}-silver`)];
  const spGroup = { sla: agreement(spGroupId, 100) };
  await op.call('a group for providers', 'OpService.createSpGroup', { spGroupId, spGroup });
  const appGroup = { sla: agreement(appGroupId, 10) };
  await op.call('a group for applications', 'OpService.createAppGroup', { appGroupId, appGroup });
  return { spGroupId, appGroupId };
}

/**
 * A provider, registered by the operator: strangers may apply ten times an hour, which register-provider shows, and this does not
 * use up.
 */
export async function admitProvider(context: PrmContext, of: string, { spGroupId }: Groups): Promise<Provider> {
  const { op } = context;
  const account = providerAccount(idOf(context, of));
  const password = randomToken();
  await op.call(
    'the operator registers a provider: strangers may only ten times an hour',
    operationOn(op, 'register', account, 'Req'),
    {
      ...idsFor(op, account),
      ...beanFor(op, account, { name: 'Sunrise Messaging', eMailAddress: `desk@${account.id}.example` }),
      password,
    },
  );
  await op.call('and admits it into the group', operationOn(op, 'register', account, 'Res'), {
    ...idsFor(op, account),
    spGroupId,
    spAccountRef: `CRM-${of}`,
    response: 'APPROVE',
  });
  const sp = context.provider(account.id, password);
  await expectState(sp, account, 'ACTIVE', 'the provider signs in: it is ACTIVE');
  return { account, sp };
}

export async function admitApplication(
  context: PrmContext,
  { account: provider, sp }: Provider,
  { appGroupId }: Groups,
): Promise<Account> {
  const { op } = context;
  const account = applicationAccount(provider, `${provider.id}-app`);
  await sp.call('the provider applies for an application', operationOn(sp, 'register', account, 'Req'), {
    ...idsFor(sp, account),
    ...beanFor(sp, account, { name: 'Reminders' }),
  });
  await op.call('the operator admits it', operationOn(op, 'register', account, 'Res'), {
    ...idsFor(op, account),
    appGroupId,
    appAccountRef: 'CRM-app',
    response: 'APPROVE',
  });
  await expectState(sp, account, 'ACTIVE', 'the application is ACTIVE');
  return account;
}

export async function admitInstance(
  context: PrmContext,
  { sp }: Provider,
  application: Account,
  name = 'inst',
): Promise<TrafficInstance> {
  const { op } = context;
  const account = instanceAccount(application, `${application.id}-${name}`);
  const password = randomToken();
  await sp.call('the provider applies for an instance of it', operationOn(sp, 'register', account, 'Req'), {
    ...idsFor(sp, account),
    ...beanFor(sp, account, { name: `Reminders ${name}` }),
    password,
  });
  await op.call('the operator admits it', operationOn(op, 'register', account, 'Res'), {
    ...idsFor(op, account),
    appInstGroupRef: 'CRM-inst',
    response: 'APPROVE',
  });
  await expectState(sp, account, 'ACTIVE', 'the instance is ACTIVE');
  return { account, password };
}
