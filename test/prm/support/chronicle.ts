import { expectAccepted } from './attack.js';
import { type Bean, passwordText } from './caller.js';
import { operatorPassword, type PrmHub } from './hub.js';
import { stage } from './stage.js';

/** Words that must be nowhere but in the messages themselves. */
export const secrets = {
  first: 'secret-of-S-1',
  second: 'secret-of-S-2',
  third: 'secret-of-S-3',
  traffic: 'secret-of-I-1',
  trafficAgain: 'secret-of-I-2',
  unlocked: 'secret-of-I-3',
  operator: 'secret-of-O-1',
} as const;

export const chronicleAddress = '192.0.2.200';

/** One life of a provider with an application and an instance: every operation that changes something, once at least. Answers the tickets given. */
export async function livesOneLife(hub: PrmHub): Promise<string[]> {
  const names = { sp: 'S', app: 'A', inst: 'I' };
  const tickets: string[] = [];
  let [spPassword, opPassword] = [secrets.first as string, operatorPassword];
  const call = async (name: string, input: Bean = {}): Promise<string | undefined> => {
    const ofProvider = name.startsWith('Sp');
    const who = ofProvider ? { username: 'S', password: spPassword } : { username: 'op-admin', password: opPassword };
    const header = name.includes('Login.') ? '' : passwordText(who);
    return (await expectAccepted(hub, { call: name, input, header, address: chronicleAddress })).value;
  };
  const op = (operation: string, input: Bean = {}) => call(`OpService.${operation}`, input);
  const sp = (operation: string, input: Bean = {}) => call(`SpService.${operation}`, input);
  const [S, A, I] = (['SpAccount', 'AppAccount', 'AppInstGroup'] as const).map((entity) => ({
    op: stage(hub).ids(names, entity, 'op'),
    sp: stage(hub).ids(names, entity, 'sp'),
  })) as [Ids, Ids, Ids];
  const yes = { response: 'APPROVE' };

  for (const group of ['gold', 'spare']) await op('createSpGroup', { spGroupId: group, spGroup: { sla: '<Sla/>' } });
  for (const group of ['silver', 'spare'])
    await op('createAppGroup', { appGroupId: group, appGroup: { sla: '<Sla/>' } });
  await op('updateSpGroup', { spGroupId: 'gold', spGroup: { sla: '<Gold/>' } });
  await op('updateAppGroup', { appGroupId: 'silver', appGroup: { sla: '<Silver/>' } });

  await call('SpLogin.registerSpAccountReq', { ...S.op, spAccount: {}, password: secrets.first });
  await op('registerSpAccountRes', { ...S.op, spGroupId: 'gold', spAccountRef: 'R', ...yes });
  for (const [service, input] of [
    ['SpLogin', { spAccountId: 'S', password: secrets.first }],
    ['OpLogin', { operatorId: 'op-admin', password: operatorPassword }],
  ] as const) {
    tickets.push((await call(`${service}.login`, input))!, (await call(`${service}.login`, input))!);
    await call(`${service}.logout`, { loginTicket: tickets.at(-1)! });
  }
  await sp('updateSpAccountReq', { spAccount: { Name: 'Second' } });
  await op('updateSpAccountRes', { ...S.op, ...yes });
  await op('updateSpAccount', { ...S.op, spAccount: { name: 'Third' } });
  await op('moveSpToGroup', { ...S.op, SpGroupId: 'spare' });
  await op('moveSpToGroup', { ...S.op, SpGroupId: 'gold' });

  await sp('registerAppAccountReq', { ...A.sp, app: {} });
  await op('registerAppAccountRes', { ...A.op, appGroupId: 'silver', appAccountRef: 'R', ...yes });
  await sp('updateAppAccountReq', { ...A.sp, app: { Name: 'Second' } });
  await op('updateAppAccountRes', { ...A.op, ...yes });
  await op('updateAppAccount', { ...A.op, appAccount: { name: 'Third' } });
  await op('moveAppAccountToGroup', { ...A.op, appGroupId: 'spare' });
  await op('moveAppAccountToGroup', { ...A.op, appGroupId: 'silver' });

  await sp('registerAppInstGroupReq', { ...I.sp, appInstGroup: {}, password: secrets.traffic });
  await op('registerAppInstGroupRes', { ...I.op, appInstGroupRef: 'R', ...yes });
  await sp('updateAppInstGroupReq', { ...I.sp, appInstGroup: { Name: 'Second' } });
  await op('updateAppInstGroupRes', { ...I.op, ...yes });
  await op('updateAppInstGroup', { ...I.op, appInstGroup: { name: 'Third' } });
  await sp('setAppInstGroupPassword', { ...I.sp, newPassword: secrets.trafficAgain });
  await op('setAppInstGroupPassword', { ...I.op, newPassword: secrets.traffic });
  await stage(hub).lock(names);
  await op('unlockAppInstGroup', { ...I.op, newPassword: secrets.unlocked });

  for (const [kind, ids] of [
    ['AppInstGroup', I],
    ['AppAccount', A],
    ['SpAccount', S],
  ] as const) {
    for (const step of ['deactivate', 'activate']) await op(`${step}${kind}`, ids.op);
    for (const step of ['deactivate', 'activate', 'deactivate']) await sp(`${step}${kind}`, ids.sp);
    await sp(`delete${kind}Req`, ids.sp);
    await op(`delete${kind}Res`, { ...ids.op, response: 'DISAPPROVE' });
    if (kind === 'SpAccount') {
      await sp('changeSpAccountPassword', { oldPassword: spPassword, newPassword: secrets.second });
      spPassword = secrets.second;
      await op('setSpAccountPassword', { ...S.op, newPassword: secrets.third });
    }
    await op(`delete${kind}Req`, ids.op);
    await op(`delete${kind}Res`, { ...ids.op, ...yes });
  }
  await op('deleteSpGroup', { spGroupId: 'spare' });
  await op('deleteAppGroup', { appGroupId: 'spare' });

  await op('registerSpAccountReq', { ...S.op, spAccount: {}, password: secrets.first });
  await op('registerSpAccountRes', { ...S.op, spGroupId: 'gold', spAccountRef: 'R', ...yes });
  await op('registerAppAccountReq', { ...A.op, appAccount: {} });
  await op('registerAppAccountRes', { ...A.op, appGroupId: 'silver', appAccountRef: 'R', ...yes });
  await op('registerAppInstGroupReq', { ...I.op, appInstGroup: {}, password: secrets.traffic });
  await op('changeOpAccountPassword', { oldPassword: opPassword, newPassword: secrets.operator });
  opPassword = secrets.operator;
  await op('getUserLevel');
  return tickets;
}

interface Ids {
  readonly op: Bean;
  readonly sp: Bean;
}
